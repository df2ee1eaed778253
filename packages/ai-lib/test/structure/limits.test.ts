import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { LIMITS } from "../../src/core/values/limits.js";

it("docs/defaults.md lists every limit with its value, and no other", () => {
  const page = readFileSync(new URL("../../../../docs/defaults.md", import.meta.url), "utf8");
  const [, limits = ""] = page.split("## Limits of one call");
  const rows = [...limits.matchAll(/^\| `(\w+)` \| ([\d,]+) \|/gm)].map(([, name, value]) => [name, value]);
  expect(rows).toEqual(Object.entries(LIMITS).map(([name, value]) => [name, value.toLocaleString("en-US")]));
});
