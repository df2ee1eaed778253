import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { hasRecordings, kindApis } from "../support/kind-recordings.js";

const folder = fileURLToPath(new URL(".", import.meta.url));
const sources = readdirSync(folder)
  .filter((name) => name.endsWith(".test.ts") && name !== "coverage.test.ts")
  .map((name) => readFileSync(`${folder}${name}`, "utf8"))
  .join("\n");

it("every recorded API is replayed", () => {
  const counts = kindApis();
  const isReplayed = (api: string): boolean => sources.includes(`"${api}"`);
  expect([...counts.keys()].filter((api) => !isReplayed(api))).toEqual([]);
  const exchanges = [...counts.values()].reduce((sum, count) => sum + count, 0);
  expect(exchanges).toBeGreaterThanOrEqual(hasRecordings ? 621 : 0);
});
