import { spawn } from "node:child_process";
import { access, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { usageError } from "../errors.js";
import type { Io } from "../io.js";
import { listTemplates, locateTemplate, parseTemplate, readTemplate } from "../prompt/template.js";

const EXAMPLE = `# A template: ai-lib -t NAME -p language=French "Good morning"
system: You translate. Answer with the translation alone.
prompt: |
  Translate into {{language}}:

  {{input}}
# defaults: values of variables where -p gives none
defaults:
  language: English
# model: groq/openai/gpt-oss-20b
# options: { temperature: 0.2 }
# schema: "translation, language"
`;

/** Lists the names of the templates. */
export async function showTemplates(io: Io): Promise<void> {
  const names = await listTemplates(io.environment);
  if (names.length === 0)
    io.stderr.write("There are no templates. Write one with: ai-lib templates edit translate\n");
  for (const name of names) io.stdout.write(`${name}\n`);
}

/** Prints a template. */
export async function showTemplate(io: Io, name: string): Promise<void> {
  await readTemplate(io.environment, name);
  io.stdout.write(await readFile(locateTemplate(io.environment, name), "utf8"));
}

/**
 * Opens a template in the editor of `VISUAL` or `EDITOR`; a new one begins with an example.
 * @throws {AiLibError} `CONFIG_ERROR` if no editor is set or it fails, and for a file that is no template.
 */
export async function editTemplate(io: Io, name: string): Promise<void> {
  const path = locateTemplate(io.environment, name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const isNew = await access(path).then(
    () => false,
    () => true,
  );
  if (isNew) await writeFile(path, EXAMPLE, { mode: 0o600 });
  await openEditor(io, path);
  await parseTemplate(await readFile(path, "utf8"), path);
  io.stderr.write(`Saved ${path}. Use it: ai-lib -t ${name} "..."\n`);
}

/** Deletes a template. */
export async function removeTemplate(io: Io, name: string): Promise<void> {
  await readTemplate(io.environment, name);
  await rm(locateTemplate(io.environment, name));
  io.stderr.write(`Removed the template ${name}.\n`);
}

/**
 * Opens a file in the user's editor and waits until it is closed.
 * @throws {AiLibError} `CONFIG_ERROR` if no editor is set or it fails.
 */
export async function openEditor({ environment }: Io, path: string): Promise<void> {
  const editor = [environment["VISUAL"], environment["EDITOR"]].find((each) => (each ?? "").trim() !== "");
  if (editor === undefined) throw usageError("No editor is set. Set one: export EDITOR=nano");
  const [command = "", ...args] = editor.trim().split(/\s+/);
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(command, [...args, path], { stdio: "inherit", env: environment });
    child.once("error", reject);
    child.once("close", resolve);
  }).catch((error: Error) => {
    throw usageError(`The editor "${editor}" cannot be started: ${error.message}`);
  });
  if (code !== 0) throw usageError(`The editor "${editor}" ended with exit code ${code}`);
}
