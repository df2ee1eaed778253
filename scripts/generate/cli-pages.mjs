// The reference of the command line and its manual page, from the commands themselves.
import { mkdirSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { replaceMarked } from "./marked.mjs";

/**
 * The pages of the command line.
 * @param root the repository
 * @param page docs/cli.md as it is
 */
export async function cliPages(root, page) {
  const source = resolve(root, "packages/cli/src");
  // Within the package, where its dependencies and its package.json are found.
  const target = resolve(root, "packages/cli/dist-reference");
  const bundle = await rolldown({
    input: { reference: resolve(source, "reference-entry.ts") },
    cwd: root,
    platform: "node",
    // The code of the commands is imported when they run; nothing runs here.
    external: (id) => !id.startsWith(".") && !id.startsWith("/"),
    resolve: { extensionAlias: { ".js": [".ts"] } },
  });
  mkdirSync(target, { recursive: true });
  try {
    await bundle.write({ dir: target, format: "esm", entryFileNames: "[name].mjs" });
    const { reference, manPage } = await import(pathToFileURL(resolve(target, "reference.mjs")).href);
    return {
      "docs/cli.md": replaceMarked(page, "commands", reference),
      "packages/cli/man/ai-lib.1": manPage,
    };
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}
