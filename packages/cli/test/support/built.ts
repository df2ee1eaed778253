import { execFile } from "node:child_process";
import { cp, mkdir, readFile, realpath, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { buildInto as buildLibraryInto } from "../../../ai-lib/test/support/packed.js";

const execute = promisify(execFile);
const root = fileURLToPath(new URL("../../../../", import.meta.url));
const home = join(root, "packages/cli");

/** Builds the library and the command line into a folder as a user has them installed; the file that runs. */
export async function buildInto(folder: string): Promise<string> {
  const modules = join(folder, "node_modules");
  const [library, command] = [join(modules, "ai-lib"), join(modules, "ai-lib-cli")];
  await mkdir(library, { recursive: true });
  await buildLibraryInto(library);
  await mkdir(command);
  for (const path of ["package.json", "bin"])
    await cp(join(home, path), join(command, path), { recursive: true });
  await execute(process.execPath, [join(root, "scripts/bundle-cli.mjs"), join(command, "dist")]);
  await linkDependencies(modules);
  return join(command, "bin/ai-lib.js");
}

/** Links the packages that the command line declares to depend on, and no other. */
async function linkDependencies(modules: string): Promise<void> {
  const { dependencies } = JSON.parse(await readFile(join(home, "package.json"), "utf8")) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  for (const name of Object.keys(dependencies).filter((each) => each !== "ai-lib")) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(await realpath(join(root, "node_modules", name)), join(modules, name));
  }
}
