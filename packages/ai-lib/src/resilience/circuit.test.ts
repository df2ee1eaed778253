import { describe, expect, it } from "vitest";
import { consecutiveFailures } from "./breaker-rules.js";
import { Circuits } from "./circuits.js";

const settings = { coolDownMs: 1_000, maxCoolDownMs: 8_000, halfOpenMaxCalls: 8 };

function circuits() {
  const published: unknown[] = [];
  const made = new Circuits([consecutiveFailures(1)], settings, {
    publish: (change) => published.push(change),
  });
  return { made, published };
}

/** Lets a call in at a time and ends it; false where it is refused. */
function call(made: Circuits, now: number, verdict: "success" | "failure"): boolean {
  const circuit = made.of("m");
  const permit = circuit.enter(now);
  if ("why" in permit) return false;
  circuit.leave(permit, verdict, now);
  return true;
}

describe("circuits", () => {
  it("publish that they open and close, and not every call", () => {
    const { made, published } = circuits();
    expect([call(made, 0, "success"), call(made, 0, "failure"), call(made, 1_000, "success")]).toEqual([
      true,
      true,
      true,
    ]);
    expect(published).toEqual([
      { turn: { until: 1_000, why: "1 failures in a row" }, model: "m" },
      { turn: {}, model: "m" },
    ]);
  });

  it("keep a doubled cool-down and a ramp over a restart", () => {
    const { made } = circuits();
    call(made, 0, "failure");
    call(made, 1_000, "failure");
    const later = circuits().made;
    later.restore(JSON.parse(JSON.stringify(made.snapshot())));
    expect(later.list(1_000)).toEqual([{ model: "m", state: "open", until: 3_000, why: "a failed probe" }]);
    call(later, 3_000, "success");
    const ramping = circuits().made;
    ramping.restore(JSON.parse(JSON.stringify(later.snapshot())));
    const circuit = ramping.of("m");
    expect([1, 2, 3].map(() => "age" in circuit.enter(3_000))).toEqual([true, true, false]);
    call(ramping, 3_000, "failure");
  });

  it("do not open for a peer whose cool-down has passed or ends before their own", () => {
    const { made } = circuits();
    made.merge({ turn: { until: 500, why: "w" }, model: "m" }, 500);
    expect(made.kindAt(500, "m")).toBe("closed");
    made.merge({ turn: { until: 2_000, why: "long" }, model: "m" }, 500);
    made.merge({ turn: { until: 1_000, why: "short" }, model: "m" }, 500);
    expect(made.list(500)).toMatchObject([{ until: 2_000, why: "long" }]);
    expect(made.of("m").enter(1_999)).toEqual({ why: "open after long", retryAt: 2_000 });
  });

  it("stay open by hand whatever peers and running calls say, until they are closed by hand", () => {
    const { made } = circuits();
    const permit = made.of("m").enter(0);
    made.open("m");
    if ("age" in permit) made.of("m").leave(permit, "success", 0);
    made.merge({ turn: {}, model: "m" }, 0);
    made.merge({ turn: { until: 100, why: "w" }, model: "m" }, 0);
    expect(made.of("m").enter(1e12)).toEqual({ why: "open by hand" });
    made.close("m");
    expect([call(made, 0, "success"), made.list(0)]).toEqual([true, []]);
  });

  it("ignore what they cannot read", () => {
    const { made } = circuits();
    for (const wrong of [
      null,
      1,
      "a",
      {},
      { turn: 1 },
      { circuits: [1, {}, { kind: "ajar", model: "m" }] },
    ]) {
      made.merge(wrong as never, 0);
      made.restore(wrong as never);
    }
    expect([made.list(0), made.snapshot()]).toEqual([[], undefined]);
  });
});
