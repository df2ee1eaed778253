import { VirtualClock } from "ai-lib/testing";
import { expect, it } from "vitest";
import { StoreError } from "./store/store-thread.js";
import { StoreReport } from "./store-report.js";

function reported(...errors: readonly StoreError[]): string[] {
  const lines: string[] = [];
  for (const error of errors) new StoreReport((line) => lines.push(line)).note(error);
  return lines;
}

it("a line has the message and the code of a failure, the code once", () => {
  expect(
    reported(
      new StoreError("connect ECONNREFUSED 127.0.0.1:5432", "ECONNREFUSED", true),
      new StoreError("the database system is shutting down", "57P03", true),
      new StoreError("The store is lost: its thread ended", undefined, true),
    ),
  ).toEqual([
    "The store failed: connect ECONNREFUSED 127.0.0.1:5432",
    "The store failed: the database system is shutting down (57P03)",
    "The store failed: The store is lost: its thread ended",
  ]);
});

it("a line has no addresses with credentials, no passwords, and no second line", () => {
  const secrets = [
    "cannot reach postgres://gateway:s3cret@db.example/calls now",
    "cannot reach postgresql://gateway:s3cret/with@slash@db.example/calls now",
    "cannot use host=db.example user=gateway password=s3cret now",
    "cannot use postgres://db.example/calls?user=gateway&password=s3cret now",
    "first\nsecond \u001b[31m",
  ].map((message) => new StoreError(message, undefined, true));
  expect(reported(...secrets)).toEqual([
    "The store failed: cannot reach [redacted] now",
    "The store failed: cannot reach [redacted] now",
    "The store failed: cannot use host=db.example user=gateway [redacted] now",
    "The store failed: cannot use postgres://db.example/calls?user=gateway&[redacted] now",
    String.raw`The store failed: first\nsecond \u001b[31m`,
  ]);
  // The cut is behind the masks, so that it cannot leave half of an address.
  const [long] = reported(new StoreError(`${"x".repeat(480)} postgres://gateway:s3cret@db`, undefined, true));
  expect(long).not.toContain("s3cret");
  expect(long?.length).toBeLessThan(600);
});

it("there is at most one line in ten seconds", async () => {
  const clock = new VirtualClock(1_000_000);
  const lines: string[] = [];
  const report = new StoreReport((line) => lines.push(line), clock);
  for (const message of ["first", "second"]) report.note(new StoreError(message, undefined, true));
  await clock.advance(9_999);
  report.note(new StoreError("third", undefined, true));
  await clock.advance(1);
  report.note(new StoreError("fourth", undefined, true));
  expect(lines).toEqual(["The store failed: first", "The store failed: fourth"]);
});
