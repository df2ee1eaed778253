import { describe, expect, it } from "vitest";
import { request } from "../../test/support/calls.js";
import { scripted } from "../testing/scripted.js";
import { RoundRobinProvider, roundRobin } from "./round-robin.js";

describe("round robin", () => {
  it("is fair to one request, also when all calls are made at once", async () => {
    const members = ["a", "b", "c"].map((name) => scripted(name));
    const strategy = roundRobin(members);
    await Promise.all(Array.from({ length: 100 }, () => strategy.chat(request)));
    const counts = members.map((member) => member.calls);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    expect(counts.reduce((sum, count) => sum + count)).toBe(100);
  });

  it("goes round to the members before the failed one", async () => {
    const bad = scripted({ name: "c", replies: [{ error: { code: "OVERLOADED", message: "Busy" } }] });
    const [a, b] = [scripted("a"), scripted("b")];
    const strategy = new RoundRobinProvider([a, b, bad]);
    const answers: string[] = [];
    for (let i = 0; i < 4; i++) answers.push((await strategy.chat(request)).provider);
    expect(answers).toEqual(["a", "b", "a", "a"]);
  });

  it("gives members of different weights their shares evenly", async () => {
    const members = [3, 1].map((weight, i) => ({ provider: scripted("ab"[i] as string), weight }));
    const strategy = roundRobin(members);
    let served = "";
    for (let i = 0; i < 8; i++) served += (await strategy.chat(request)).provider;
    expect(served).toBe("aabaaaba");
  });

  it("passes no turn for a stream that is not read", async () => {
    const strategy = roundRobin([scripted("a"), scripted("b")]);
    strategy.stream(request);
    expect((await strategy.chat(request)).provider).toBe("a");
  });

  it("is named after its members", () => {
    expect(roundRobin([scripted("a"), scripted("b")]).name).toBe("round-robin[a,b]");
  });
});
