import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const script = fileURLToPath(new URL("../../../../scripts/many-rows.mjs", import.meta.url));

it("20,000 rows have one result each and were sent once, though the process is killed twice", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script, "20000"]);
  const last = stdout.trim().split("\n").at(-1) ?? "{}";
  expect(JSON.parse(last)).toMatchObject({ rows: 20_000, missing: 0, twice: 0, sent: 20_000 });
  expect(stdout).toContain("killed while it sent");
  expect(stdout).toContain("killed while it read the results");
  // Bytes of the process that submits and reads, of which 20,000 rows and a million take about as many.
  expect(JSON.parse(last).peakMB).toBeLessThan(300);
}, 180_000);
