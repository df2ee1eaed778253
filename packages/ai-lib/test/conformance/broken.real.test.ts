import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defineProvider } from "../../src/providers/endpoint/define.js";
import {
  type ConformanceReport,
  conformanceTable,
  conformingAnswer,
  runConformance,
} from "../../src/testing/conformance/index.js";
import { type Simulator, startSimulator } from "../../src/testing/simulator.js";
import { BROKEN, handWritten } from "./broken.js";
import { SIMULATED } from "./simulated.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ answer: conformingAnswer });
});
afterAll(() => simulator.close());

const good = () =>
  defineProvider(
    { id: "labs", dialect: "openai-chat", baseUrl: simulator.baseUrl("labs"), model: "simulated" },
    { apiKey: "k" },
  );
const failed = (report: ConformanceReport) =>
  report.cases.filter(({ status }) => status === "failed").map(({ name }) => name);

it("finds nothing wrong with a provider that is written by hand and right", async () => {
  const report = await runConformance(handWritten(good()), { capabilities: SIMULATED, promptMs: 5_000 });
  expect(failed(report)).toEqual([]);
});

describe("a provider that is broken on purpose", () => {
  it.concurrent.each(BROKEN)("$what, and is found out", { timeout: 120_000 }, async ({ make, found }) => {
    const report = await runConformance(make(good()), { capabilities: SIMULATED, promptMs: 5_000 });
    expect(failed(report)).toContain(found);
    expect(report.conforms).toBe(false);
    expect(conformanceTable(report)).toContain("does not conform");
    // One fault is not blamed on everything.
    expect(failed(report).length).toBeLessThanOrEqual(5);
  });
});
