// Writes a command (the command line, or the gateway) as a few files: one that starts it, one for each subcommand, and one
// for what these share. A subcommand's file is loaded when it runs, so that `--version` and `--help` load neither the
// subcommands nor the library. Packages, `ai-lib` among them, stay imports.
// usage: node scripts/bundle-cli.mjs cli|gateway [folder]
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** The entries of each package, by their names in `dist`. */
const ENTRIES = { cli: ["main"], gateway: ["main", "command", "embed"] };

const [, , name, folder] = process.argv;
if (!Object.hasOwn(ENTRIES, name ?? "")) throw new Error(`Unknown package ${name}; known are: cli, gateway`);
const root = fileURLToPath(new URL(`../packages/${name}/`, import.meta.url));
const target = folder ?? join(root, "dist");

const bundle = await rolldown({
  input: Object.fromEntries(ENTRIES[name].map((entry) => [entry, join(root, `src/${entry}.ts`)])),
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
      { name: "start", test: /\/src\/(terminal|io|version|command-words)\.ts$/, priority: 2 },
      { name: "shared", minShareCount: 2, priority: 1 },
    ],
  },
});
