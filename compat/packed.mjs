// Installs the packed library into the node_modules of a new folder, as npm does without optional peers.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/**
 * @param parent where the folder is made
 * @returns the new folder, which the caller removes
 */
export function installPacked(parent = tmpdir()) {
  const folder = mkdtempSync(join(parent, "packed-"));
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
      cwd: join(root, "packages/ai-lib"),
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }),
  );
  const library = join(folder, "node_modules/ai-lib");
  mkdirSync(library, { recursive: true });
  execFileSync("tar", ["xzf", join(folder, filename), "-C", library, "--strip-components=1"]);
  // Its three dependencies, and none of its optional peers.
  for (const name of ["eventsource-parser", "aws4fetch", "@cfworker/json-schema"]) {
    mkdirSync(dirname(join(folder, "node_modules", name)), { recursive: true });
    cpSync(join(root, "node_modules", name), join(folder, "node_modules", name), { recursive: true });
  }
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }');
  return folder;
}
