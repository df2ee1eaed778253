// Empties the folders that a build writes, so that a file removed from src does not stay in a package.
import { rmSync } from "node:fs";

for (const name of ["ai-lib", "cli", "gateway"])
  rmSync(new URL(`../packages/${name}/dist`, import.meta.url), { recursive: true, force: true });
