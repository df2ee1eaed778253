import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { execute, install, tsc } from "./packed.js";

const root = new URL("../../../../", import.meta.url);

/** The folder of the examples' sources. */
export const EXAMPLES = new URL("examples/", root);

/** The examples by the names of their files, without the ending. */
export function exampleNames(): readonly string[] {
  return readdirSync(EXAMPLES)
    .filter((file) => /^\d\d-.+\.ts$/.test(file))
    .map((file) => file.slice(0, -".ts".length));
}

/** The examples in the project of a user who installed the package. */
export interface CompiledExamples {
  /** Where the compiled files are. */
  readonly folder: URL;
  remove(): Promise<void>;
}

/** Compiles the examples against the packed package. @throws if they do not compile. */
export async function compileExamples(): Promise<CompiledExamples> {
  const installed = await install("ai-lib");
  linkPackages(join(installed.folder, "node_modules"));
  const sources = join(installed.folder, "examples");
  cpSync(EXAMPLES, sources, { recursive: true });
  writeFileSync(
    join(installed.folder, "tsconfig.json"),
    JSON.stringify({
      extends: fileURLToPath(new URL("tsconfig.examples.json", root)),
      compilerOptions: { rootDir: sources, outDir: join(installed.folder, "compiled") },
      include: [sources],
    }),
  );
  const { stdout } = await execute(process.execPath, [tsc, "-p", installed.folder]).catch(
    (error: { stdout: string }) => error,
  );
  if (stdout !== "") throw new Error(`The examples do not compile\n${stdout}`);
  return {
    folder: pathToFileURL(join(installed.folder, "compiled/")),
    remove: () => installed.remove(),
  };
}

/** Links the packages that examples use besides ai-lib, as a project of their reader would have them. */
function linkPackages(modules: string): void {
  const imported = exampleNames().flatMap((name) => [
    ...readFileSync(new URL(`${name}.ts`, EXAMPLES), "utf8").matchAll(/ from "((?:@[^/"]+\/)?[^/"]+)/g),
  ]);
  for (const each of new Set(imported.map(([, name = ""]) => name))) {
    const to = join(modules, each);
    if (/^(\.|node:|ai-lib$)/.test(each) || existsSync(to)) continue;
    mkdirSync(dirname(to), { recursive: true });
    symlinkSync(realpathSync(fileURLToPath(new URL(`node_modules/${each}`, root))), to);
  }
}
