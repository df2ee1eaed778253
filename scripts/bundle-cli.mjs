// Writes the command line as a few files: one that starts it, one for each command, and one for what commands share.
// A command's file is loaded when the command runs, so that `--version` and `--help` load neither the commands nor
// the library. Packages, `ai-lib` among them, stay imports. usage: node scripts/bundle-cli.mjs [folder]
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("../packages/cli/", import.meta.url));
const target = process.argv[2] ?? join(root, "dist");

const bundle = await rolldown({
  input: { main: join(root, "src/main.ts") },
  cwd: root,
  platform: "node",
  external: (id) => !id.startsWith(".") && !id.startsWith("/"),
  resolve: { extensionAlias: { ".js": [".ts"] } },
});
await bundle.write({
  dir: target,
  format: "esm",
  sourcemap: true,
  entryFileNames: "[name].js",
  // All in one folder: version.ts finds package.json one folder above the file that it is written into.
  chunkFileNames: "[name]-[hash].js",
  codeSplitting: {
    groups: [
      // What the start needs of what commands share, without the library.
      { name: "start", test: /\/src\/(terminal|io)\.ts$/, priority: 2 },
      { name: "shared", minShareCount: 2, priority: 1 },
    ],
  },
});
