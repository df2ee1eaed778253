// Compiles the library, one output file for each source file, for the pages that are generated from its declarations or
// by running it. `dist` is not changed.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";

const tsc = resolve(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");

/**
 * The compiled library, and the modules of its tests that make a page.
 * @throws {Error} if the library does not compile, with what the compiler says.
 */
export function compile(root) {
  const built = resolve(root, "dist-docs/package");
  rmSync(built, { recursive: true, force: true });
  const project = resolve(root, "packages/ai-lib/tsconfig.docs.json");
  const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", project], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The library does not compile\n${stdout}`);
  return { library: resolve(built, "src"), tests: resolve(built, "test") };
}
