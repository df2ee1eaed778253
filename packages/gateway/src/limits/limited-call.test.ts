import { type Attempt, systemClock } from "ai-lib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { attempt, end, limited, NOW, next, provider } from "../../test/support/limiter.js";
import type { CallEnd } from "../admission.js";
import type { Limit } from "../keys/record.js";

beforeEach(() => void vi.spyOn(systemClock, "now").mockReturnValue(NOW));
afterEach(() => void vi.restoreAllMocks());

const TOKENS: Limit = { tokens: 10_000, per: "day" };
const DOLLARS: Limit = { dollars: 1, per: "day" };

describe("another attempt of a call", () => {
  const limits = [TOKENS, DOLLARS, { requests: 5, per: "day" }] as const;
  const failed = attempt({ outcome: "error", usage: undefined, cost: undefined });

  it("needs nothing more after one that used nothing", () => {
    const { admit, taken } = limited(limits);
    const ticket = admit({ maxTokens: 200 });
    const attempts: Attempt[] = [];
    expect(next(ticket, attempts)).toBeUndefined();
    attempts.push(failed, attempt({ outcome: "skipped" }));
    expect(next(ticket, attempts)).toBeUndefined();
    expect(taken()).toEqual([
      [0, 300],
      [0, 2_200_000],
      [0, 1],
    ]);
  });

  it("is held besides what earlier ones used", () => {
    const { admit, taken } = limited(limits);
    const ticket = admit({ maxTokens: 200 });
    expect(next(ticket, [attempt(), failed])).toBeUndefined();
    expect(taken()).toEqual([
      [0, 350],
      [0, 2_540_000],
      [0, 1],
    ]);
  });

  it("is held besides one that runs", () => {
    const { admit, taken } = limited(limits);
    const ticket = admit({ maxTokens: 200 });
    expect(next(ticket, [attempt({ outcome: "running", usage: undefined })])).toBeUndefined();
    expect(taken()).toEqual([
      [0, 600],
      [0, 4_400_000],
      [0, 1],
    ]);
  });

  it.each([
    ["that runs", { outcome: "running", usage: undefined }, 600],
    ["of unknown cost", { cost: undefined }, 350],
  ] as const)("is held besides a dearer one %s", (_what, earlier, tokens) => {
    const { admit, taken } = limited(limits);
    const ticket = admit({ maxTokens: 200 });
    const attempts: Attempt[] = [];
    expect(next(ticket, attempts)).toBeUndefined();
    attempts.push(attempt(earlier));
    const cheap = { provider: "cheap", price: { input: 0.2, output: 1 } };
    expect(next(ticket, attempts, cheap)).toBeUndefined();
    expect(taken()).toEqual([
      [0, tokens],
      [0, 2_420_000],
      [0, 1],
    ]);
  });

  it("is held at the price of its target, where that is higher than was known", () => {
    const { admit, taken } = limited(limits);
    const ticket = admit({ maxTokens: 200 });
    expect(next(ticket, [], { price: { input: 4, output: 20 } })).toBeUndefined();
    expect(taken()).toEqual([
      [0, 300],
      [0, 4_400_000],
      [0, 1],
    ]);
  });

  it("is refused where it has no room, so that others go on", () => {
    const { admit, taken } = limited([{ tokens: 500, per: "day" }]);
    const ticket = admit({ maxTokens: 200 });
    const attempts = [attempt({ outcome: "running" })];
    expect(next(ticket, attempts)).toMatchObject({
      code: "QUOTA_EXHAUSTED",
      message: "There is no room for another attempt in key ci: tokens per day",
    });
    expect(taken()).toEqual([[0, 300]]);
    // The rest is enough after an attempt that used less.
    attempts[0] = attempt({ usage: { inputTokens: 100, outputTokens: 100 } });
    expect(next(ticket, attempts)).toBeUndefined();
    expect(taken()).toEqual([[0, 500]]);
  });

  it.each([
    ["up", undefined, "The price of up is unknown"],
    ["up", "m", "The price of up/m is unknown"],
  ])("is refused where a limit counts dollars and the price is unknown: %s, %s", (name, model, message) => {
    const ticket = limited([DOLLARS]).admit({ maxTokens: 200 });
    const target = { provider: name, ...(model !== undefined && { model }) };
    const call = { context: { attempts: [] } } as never;
    const error = ticket.beforeAttempt?.({ target, call, facts: () => undefined });
    expect(error).toMatchObject({
      code: "QUOTA_EXHAUSTED",
      local: true,
      message: expect.stringContaining(message),
    });
    const free = limited([TOKENS]).admit({ maxTokens: 200 });
    expect(free.beforeAttempt?.({ target, call, facts: () => undefined })).toBeUndefined();
  });

  it("is refused once the call has ended", () => {
    const { admit, taken } = limited([TOKENS]);
    const [settled, released] = [admit({ maxTokens: 200 }), admit({ maxTokens: 200 })];
    settled.settle(end([attempt()]));
    released.release();
    for (const ticket of [settled, released])
      expect(next(ticket)).toMatchObject({
        code: "CANCELLED",
        message: "The call of this attempt has ended",
      });
    expect(taken()).toEqual([[50, 0]]);
  });
});

describe("the end of a call", () => {
  it.each<readonly [string, readonly Parameters<typeof attempt>[0][], tokens: number, dollars: number]>([
    ["counts all attempts", [{}, { outcome: "error", cost: 0.0001 }], 100, 440_000],
    ["rounds dollars up", [{ cost: 0.00034000001 }], 50, 340_001],
    ["counts what has no price as what was held", [{ cost: undefined }], 50, 2_200_000],
    ["counts more than was held where it cost more", [{ cost: 0.5 }, { cost: undefined }], 100, 502_200_000],
    [
      "counts tokens that nobody reported as what was held",
      [{ usage: { inputTokens: 0, outputTokens: 0 }, usageStatus: "unsupported", cost: 0.04 }],
      300,
      40_000_000,
    ],
    [
      "counts what still runs as what was held",
      [{ outcome: "running", usage: undefined, cost: undefined }],
      300,
      2_200_000,
    ],
    ["counts nothing where nothing was used", [{ usage: undefined, cost: undefined }], 0, 0],
    ["counts nothing without an attempt", [], 0, 0],
  ])("%s", (_what, attempts, tokens, dollars) => {
    const { admit, taken } = limited([TOKENS, DOLLARS, { requests: 5, per: "day" }]);
    const ticket = admit({ maxTokens: 200 });
    expect(next(ticket)).toBeUndefined();
    ticket.settle(end(attempts.map((one) => attempt(one))));
    expect(taken()).toEqual([
      [tokens, 0],
      [dollars, 0],
      [1, 0],
    ]);
  });

  it.each<readonly [string, readonly Limit[], readonly Parameters<typeof attempt>[0][], number | undefined]>([
    ["what was held for an attempt without a price", [TOKENS, DOLLARS], [{ cost: undefined }], 0.0022],
    ["what was held beside a known cost", [DOLLARS], [{}, { cost: undefined }], 0.0022],
    ["nothing where all costs are known", [DOLLARS], [{}], undefined],
    ["nothing where no limit counts dollars", [TOKENS], [{ cost: undefined }], undefined],
    ["nothing where nothing was used", [DOLLARS], [{ usage: undefined, cost: undefined }], undefined],
  ])("tells the ledger %s", (_what, limits, attempts, charged) => {
    const ticket = limited(limits).admit({ maxTokens: 200 });
    expect(next(ticket)).toBeUndefined();
    const told = ticket.settle(end(attempts.map((one) => attempt(one))));
    expect(told?.dollars === undefined ? undefined : Number(told.dollars.toFixed(9))).toBe(charged);
  });

  it("counts what has no price alike in all limits, so that the ledger has one amount", () => {
    const { admit, taken } = limited([DOLLARS, { dollars: 1, per: "month", soft: true }]);
    for (let i = 0; i < 20; i++) admit({ maxTokens: 200 }).settle(end([attempt()]));
    const before = taken().map(([used = 0]) => used);
    expect(before).toEqual([6_800_000, 6_800_000]);
    const ticket = admit({ maxTokens: 200 });
    expect(taken().map(([, held]) => held)).toEqual([2_200_000, 340_000]);
    expect(next(ticket)).toBeUndefined();
    expect(ticket.settle(end([attempt({ cost: undefined })]))?.dollars).toBeCloseTo(0.0022, 12);
    expect(taken()).toEqual([
      [9_000_000, 0],
      [9_000_000, 0],
    ]);
  });
});

describe("a soft limit", () => {
  const soft = [
    { ...TOKENS, soft: true },
    { ...DOLLARS, soft: true },
    { requests: 99, per: "day" },
  ] as const;
  const usual = (more: Partial<CallEnd> = {}, times = 20) => {
    const one = limited(soft);
    for (let i = 0; i < times; i++) one.admit({ maxTokens: 200 }).settle(end([attempt()], more));
    return { ...one, before: one.taken().map(([used]) => used) };
  };

  it.each<readonly [string, Partial<CallEnd>, number, object, readonly number[]]>([
    ["holds what calls usually use", {}, 20, {}, [50, 340_000, 1]],
    ["holds the most before that is known", {}, 19, {}, [300, 2_200_000, 1]],
    ["learns nothing of calls that failed", { status: "error" }, 20, {}, [300, 2_200_000, 1]],
    ["learns nothing of estimates", { estimated: true }, 20, {}, [300, 2_200_000, 1]],
    [
      "knows each model apart",
      {},
      20,
      { choice: { route: "chat", provider: provider(), model: "n" } },
      [300, 2_200_000, 1],
    ],
    ["knows each kind apart", {}, 20, { kind: "embed" }, [100, 200_000, 1]],
  ])("%s", (_what, more, times, call, held) => {
    const { admit, taken } = usual(more, times);
    admit({ maxTokens: 200 }, call);
    expect(taken().map(([, now]) => now)).toEqual(held);
  });

  it("holds the usual use of each further attempt", () => {
    const { admit, taken, before } = usual();
    const ticket = admit({ maxTokens: 200 });
    expect(
      next(ticket, [
        attempt({ outcome: "running" }),
        attempt({ usage: { inputTokens: 3, outputTokens: 4 }, cost: 0.001 }),
      ]),
    ).toBeUndefined();
    expect(taken()).toEqual([
      [before[0], 107],
      [before[1], 1_680_000],
      [before[2], 1],
    ]);
  });

  it("holds the most of each further attempt while the usual use is unknown", () => {
    const { admit, taken } = limited(soft);
    const ticket = admit({ maxTokens: 200 });
    expect(next(ticket, [attempt({ outcome: "running" })])).toBeUndefined();
    expect(taken()).toEqual([
      [0, 600],
      [0, 4_400_000],
      [0, 1],
    ]);
  });

  it("beside a hard one holds only the usual use", () => {
    const { admit, taken } = limited([
      { ...TOKENS, soft: true },
      { tokens: 20_000, per: "month" },
    ]);
    for (let i = 0; i < 20; i++) admit({ maxTokens: 200 }).settle(end([attempt()]));
    const ticket = admit({ maxTokens: 200 });
    expect(taken()).toEqual([
      [1_000, 50],
      [1_000, 300],
    ]);
    expect(next(ticket, [attempt({ outcome: "running" })])).toBeUndefined();
    expect(taken()).toEqual([
      [1_000, 100],
      [1_000, 600],
    ]);
  });
});
