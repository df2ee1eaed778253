import { describe, expect, it } from "vitest";
import { failing, request } from "../../test/support/calls.js";
import { seededRandom } from "../testing/random.js";
import { scripted } from "../testing/scripted.js";
import { weighted } from "./weighted.js";

describe("weighted", () => {
  it("deals smoothly: never a run of one member and then of the others", async () => {
    const members = [5, 1, 1].map((weight, i) => ({ provider: scripted("abc"[i] as string), weight }));
    const strategy = weighted(members);
    let dealt = "";
    for (let i = 0; i < 14; i++) dealt += (await strategy.chat(request)).provider;
    expect(dealt).toBe("aabacaaaabacaa");
  });

  it("converges to the weights at random, and is exact when dealt, also under concurrency", async () => {
    for (const pick of ["random", "smooth"] as const) {
      const members = [6, 3, 1].map((weight, i) => ({ provider: scripted("abc"[i] as string), weight }));
      const strategy = weighted(members, { pick });
      const random = seededRandom(7);
      await Promise.all(Array.from({ length: 1_000 }, () => strategy.chat(request, { random })));
      members.forEach(({ provider, weight }) => {
        expect(Math.abs(provider.calls - weight * 100)).toBeLessThanOrEqual(pick === "smooth" ? 0 : 45);
      });
    }
  });

  it.each(["smooth", "random"] as const)("asks every other member once when %s picks fail", async (pick) => {
    const members = ["a", "b", "c"].map((name) => failing(name, { code: "OVERLOADED", message: "no" }));
    await weighted(members, { pick })
      .chat(request)
      .catch(() => {});
    expect(members.map((member) => member.calls)).toEqual([1, 1, 1]);
  });

  it("refuses a pick that it does not know", () => {
    expect(() => weighted([scripted("a")], { pick: "best" as never })).toThrow(/pick must be/);
  });
});
