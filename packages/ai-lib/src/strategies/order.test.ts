import { describe, expect, it } from "vitest";
import { errorOf, failing, outcomeOf, read, request } from "../../test/support/calls.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { conditional } from "./conditional.js";
import { failover } from "./failover.js";
import { leastBusy } from "./least-busy.js";
import { leastLatency } from "./least-latency.js";
import { roundRobin } from "./round-robin.js";
import { weighted } from "./weighted.js";

const down = { code: "OVERLOADED", message: "no" } as const;

/** The members that calls reach in their order, of a strategy all of whose members fail. */
async function asked(
  make: (members: readonly ChatProvider[]) => ChatProvider,
  calls: number,
  random?: () => number,
) {
  const order: string[] = [];
  const members = ["a", "b", "c"].map((name) =>
    scripted({
      name,
      replies: () => {
        order.push(name);
        return { error: down };
      },
    }),
  );
  const strategy = make(members);
  for (let i = 0; i < calls; i++) {
    await errorOf(strategy.chat(request, random === undefined ? {} : { random }));
    order.push(" ");
  }
  return order.join("").trim();
}

describe("the order of members", () => {
  it.each<readonly [string, (members: readonly ChatProvider[]) => ChatProvider, string]>([
    ["failover", (members) => failover(members), "abc abc abc abc"],
    ["round robin", (members) => roundRobin(members), "abc bca cab abc"],
    ["least busy", (members) => leastBusy(members), "abc bca cab abc"],
    ["conditional", (members) => conditional(members), "abc abc abc abc"],
  ])("of %s has each of them once", async (_name, make, expected) => {
    expect(await asked(make, 4)).toBe(expected);
  });

  it.each([
    ["the lowest random numbers", [0], "abc"],
    ["the highest", [0.999], "cba"],
    ["the bounds of weights", [1 / 3, 1 / 2], "bca"],
    ["the middle", [0.4], "bac"],
  ])("is drawn by the weights that are left: %s", async (_what, numbers, expected) => {
    let next = 0;
    const random = () => numbers[next++ % numbers.length] as number;
    expect(await asked((members) => weighted(members, { pick: "random" }), 1, random)).toBe(expected);
  });

  it("follows weights if they differ", async () => {
    const order = await asked(
      (members) => roundRobin(members.map((provider, index) => ({ provider, weight: index === 0 ? 2 : 1 }))),
      4,
    );
    expect(order.split(" ").map((one) => one[0])).toEqual(["a", "b", "c", "a"]);
  });

  it("has those that are down at its end, once", async () => {
    const health = (...names: readonly string[]) => ({
      watch: (provider: ChatProvider) => provider,
      isHealthy: ({ name }: ChatProvider) => !names.includes(name),
    });
    expect(await asked((members) => failover(members, { health: health("a") }), 1)).toBe("bca");
    expect(await asked((members) => roundRobin(members, { health: health("a") }), 3)).toBe("bca cba bca");
    expect(await asked((members) => roundRobin(members, { health: health("a", "b", "c") }), 2)).toBe(
      "abc bca",
    );
  });
});

describe("least latency", () => {
  const clock = () => new VirtualClock();
  const replies = (ms: number) => [{ delayMs: ms }];

  it("asks a member without a measurement before one that answers without delay", async () => {
    const [a, b] = [scripted({ name: "a" }), scripted({ name: "b" })];
    const strategy = leastLatency([a, b], { explore: 0 });
    const time = clock();
    for (let i = 0; i < 2; i++) await strategy.chat(request, { clock: time });
    expect([a.calls, b.calls]).toEqual([1, 1]);
  });

  it("measures streams and unary calls apart", async () => {
    const time = clock();
    const paced = (name: string, unary: number, first: number) =>
      scripted({ name, replies: (_before, call) => ({ delayMs: call.mode === "unary" ? unary : first }) });
    const [a, b] = [paced("a", 500, 10), paced("b", 10, 500)];
    const strategy = leastLatency([a, b], { explore: 0.5 });
    for (const random of [() => 0, () => 0.9, () => 0, () => 0.9]) {
      const unary = outcomeOf(strategy.chat(request, { clock: time, random }));
      await time.advance(500);
      expect(unary.value).not.toBe("pending");
      const reading = read(strategy.stream(request, { clock: time, random }));
      await time.advance(500);
      await reading;
    }
    const random = () => 0.9;
    const provider = async (mode: "chat" | "stream") => {
      const outcome = outcomeOf(
        mode === "chat"
          ? strategy.chat(request, { clock: time, random })
          : strategy.stream(request, { clock: time, random }).response(),
      );
      await time.advance(500);
      return outcome.value;
    };
    expect([await provider("chat"), await provider("stream")]).toEqual(["b", "a"]);
  });

  it("counts neither cancelled calls nor errors of the request against a member", async () => {
    const time = clock();
    const a = scripted({
      name: "a",
      replies: (before) =>
        before === 0
          ? { delayMs: 10 }
          : before === 1
            ? { error: { code: "INVALID_REQUEST", message: "no" } }
            : before === 2
              ? { silent: true }
              : { delayMs: 10 },
    });
    const b = scripted({ name: "b", replies: replies(15) });
    const strategy = leastLatency([a, b], { explore: 0, smoothing: 1 });
    for (let i = 0; i < 2; i++) {
      const first = outcomeOf(strategy.chat(request, { clock: time }));
      await time.advance(15);
      expect(first.value).not.toBe("pending");
    }
    await errorOf(strategy.chat(request, { clock: time }));
    const abort = new AbortController();
    const left = errorOf(strategy.chat(request, { clock: time, signal: abort.signal }));
    await time.advance(1);
    abort.abort();
    await left;
    const last = outcomeOf(strategy.chat(request, { clock: time }));
    await time.advance(15);
    expect([last.value, a.calls, b.calls]).toEqual(["a", 4, 1]);
  });

  it("explores by chance, unless it must not, or there is nothing to explore", async () => {
    const draws: number[] = [];
    const run = async (members: readonly ChatProvider[], explore: number, numbers: readonly number[]) => {
      draws.length = 0;
      const random = () => {
        draws.push(draws.length);
        return numbers[draws.length - 1] ?? 0;
      };
      const strategy = leastLatency(members, { explore });
      // The names of requests are drawn as well, before the strategy is asked.
      const before = (await failover(members).chat(request, { random })).provider;
      const named = draws.length;
      draws.length = 0;
      const { provider } = await strategy.chat(request, { random });
      return [before, provider, draws.length - named];
    };
    const members = [scripted("a"), scripted("b"), scripted("c")];
    expect((await run(members, 0, [])).at(-1)).toBe(0);
    expect((await run(members.slice(0, 1), 1, [])).at(-1)).toBe(0);
    expect((await run(members, 0.5, [])).slice(1)).toEqual(["b", 2]);
  });
});

describe("a strategy", () => {
  const [a, b] = [scripted("a"), scripted({ name: "b", facts: { contextWindow: 5 } })];

  it("may not have an empty name", () => {
    expect(() => failover([a], { name: "" })).toThrow(/may not be empty/);
  });

  it("has a model that one member has its own name for", () => {
    const strategy = failover([{ provider: a, model: { m: "own" } }, b]);
    expect([strategy.maps("m"), strategy.maps("n")]).toEqual([true, false]);
  });

  it("has the facts of its members, of which some have none", () => {
    const none = { name: "n", chat: a.chat.bind(a), stream: a.stream.bind(a), open: a.open.bind(a) };
    expect(failover([b, none]).facts()).toEqual({});
    expect(failover([b]).facts()).toEqual({ contextWindow: 5 });
  });

  it("asks members that lack something unless it is to skip them", async () => {
    const blind = scripted({ name: "blind", facts: { tools: false } });
    const tools = [{ type: "function" as const, name: "f", parameters: { type: "object" } }];
    expect((await failover([blind, a]).chat({ ...request, tools })).provider).toBe("blind");
    expect((await failover([blind, a], { capable: true }).chat({ ...request, tools })).provider).toBe("a");
    expect(
      (await failover([failing("x", down), blind], { capable: false }).chat({ ...request, tools })).provider,
    ).toBe("blind");
  });
});
