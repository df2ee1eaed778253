import { describe, expect, it } from "vitest";
import { AiLibError } from "../core/errors/error.js";
import { HealthRecord } from "./record.js";
import { PassiveStatistics } from "./statistics.js";

const rules = { windowMs: 60_000, minimumCalls: 1, failureRatio: 0.5 };

describe("the statistics of calls", () => {
  it("do not count a call that was cancelled", () => {
    const statistics = new PassiveStatistics(rules);
    statistics.addOutcome({ kind: "cancelled", partial: undefined }, 5, 9);
    expect(statistics.snapshot(5)).toBeUndefined();
    expect(statistics.isDown(5)).toBeUndefined();
  });

  it("keep the last error in a snapshot, by its code", () => {
    const statistics = new PassiveStatistics(rules);
    const error = new AiLibError({ code: "PROVIDER_ERROR", message: "no" });
    statistics.addOutcome({ kind: "error", error }, 5, 9);
    const known = statistics.snapshot(5);
    expect(PassiveStatistics.restore(rules, known, 5).snapshot(5)).toEqual(known);
    expect(PassiveStatistics.restore(rules, { ...known, message: 7 }, 5).at(5).lastError).toMatchObject({
      code: "PROVIDER_ERROR",
      message: "",
    });
    expect(PassiveStatistics.restore(rules, undefined, 5).snapshot(5)).toBeUndefined();
  });

  it("are those of the provider alone for a call without a model", () => {
    const record = new HealthRecord(rules, { publish() {} } as never);
    const call = { kind: "chat", request: { messages: [] }, context: {} } as never;
    record.addFirstContent(call, 7);
    expect(record.statistics(5).firstContentMs).toBe(7);
  });
});
