import { cp } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Installed, install } from "../../support/packed.js";
import { installRuntime, RUNTIMES } from "./runtimes.js";

let installed: Installed;
beforeAll(async () => {
  installed = await install("ai-lib");
  for (const file of ["smoke.mjs", "worker.mjs", "checks.mjs"])
    await cp(join(import.meta.dirname, file), join(installed.folder, file));
}, 120_000);
afterAll(() => installed.remove());

it.each(Object.entries(RUNTIMES))(
  "the packed package passes the smoke suite on %s",
  { timeout: 450_000 },
  async (name, runtime) => {
    const printed = await runtime.run(installed.folder, await installRuntime(name));
    const checks = printed.split("\n").filter((line) => line.includes("ok ")).length;
    expect(checks).toBeGreaterThan(0);
    expect(Number(/(\d+) passed/.exec(printed)?.[1])).toBe(checks);
  },
);
