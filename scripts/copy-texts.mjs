// Copies texts of the repository's root into the package in the working folder: npm packs no file from outside of it.
// usage: node copy-texts.mjs [--remove] name..., from `prepack`, and with --remove from `postpack`
import { copyFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const remove = process.argv.includes("--remove");
for (const name of process.argv.slice(2).filter((word) => word !== "--remove")) {
  if (remove) rmSync(resolve(name), { force: true });
  else copyFileSync(fileURLToPath(new URL(`../${name}`, import.meta.url)), resolve(name));
}
