import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { hasRecordings, kindApis } from "../support/kind-recordings.js";

/** APIs of which there are recorded exchanges that no test replays, with the reason. Those of jobs over many rows. */
const REST: Readonly<Record<string, string>> = {
  "anthropic-batch": "batches are not calls of a kind",
  "anthropic-batch-results": "batches are not calls of a kind",
  "gemini-batch": "batches are not calls of a kind",
  "mistral-batch": "batches are not calls of a kind",
  "openai-batch": "batches are not calls of a kind",
  "openai-batch-output": "batches are not calls of a kind",
  "xai-batch": "batches are not calls of a kind",
};

const folder = fileURLToPath(new URL(".", import.meta.url));
const sources = readdirSync(folder)
  .filter((name) => name.endsWith(".test.ts") && name !== "coverage.test.ts")
  .map((name) => readFileSync(`${folder}${name}`, "utf8"))
  .join("\n");

it("every recorded API is replayed, or named with the reason", () => {
  const counts = kindApis();
  const isReplayed = (api: string): boolean => sources.includes(`"${api}"`);
  const left = [...counts.keys()].filter((api) => !isReplayed(api) && !Object.hasOwn(REST, api));
  expect(left).toEqual([]);
  const replayed = [...counts].filter(([api]) => isReplayed(api) && !Object.hasOwn(REST, api));
  const exchanges = replayed.reduce((sum, [, count]) => sum + count, 0);
  // Of 621 recorded ones; the rest are those of REST.
  expect(exchanges).toBeGreaterThanOrEqual(hasRecordings ? 577 : 0);
});
