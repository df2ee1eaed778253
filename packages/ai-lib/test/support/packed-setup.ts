import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the tests of one run keep the packages that the first of them packs. */
    packFolder: string;
  }
}

/** Global setup of the lane `real`. It packs nothing: most of the lane's files need no package. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "ai-lib-packed-")));
  project.provide("packFolder", folder);
  return () => rm(folder, { recursive: true, force: true });
}
