import { VirtualClock } from "ai-lib/testing";
import { expect, it } from "vitest";
import { FailureReport, HookFailure } from "./failure-report.js";

it("reports the first failure at once, and further ones once a minute with their number", async () => {
  const clock = new VirtualClock(1_000_000);
  const lines: string[] = [];
  const failures = new FailureReport("The hook h at request", (line) => lines.push(line), clock);
  for (let i = 0; i < 3; i++) failures.note(new HookFailure("it answered with status 500"));
  await clock.advance(60_000);
  failures.note(new HookFailure("it took longer than 5 ms"));
  expect(lines).toEqual([
    "The hook h at request failed: it answered with status 500",
    "The hook h at request failed 3 times: it took longer than 5 ms",
  ]);
});

it("quotes no message of other code, and names the code of a connection that failed", () => {
  const lines: string[] = [];
  const note = (error: unknown) => new FailureReport("h", (line) => lines.push(line)).note(error);
  note(
    new TypeError("fetch failed", { cause: Object.assign(new Error("a secret"), { code: "ECONNREFUSED" }) }),
  );
  note(
    Object.assign(new Error("a secret"), { stack: "Error: a secret\n    at hook (file:///check.mjs:2:9)" }),
  );
  note("a secret");
  note(undefined);
  expect(lines.join("\n")).not.toContain("a secret");
  expect(lines[0]).toMatch(/^h failed: TypeError ECONNREFUSED/);
  expect(lines.slice(1)).toEqual([
    "h failed: Error at hook (file:///check.mjs:2:9)",
    "h failed: Error",
    "h failed: Error",
  ]);
});
