import { describe, expect, it } from "vitest";
import { errorOf, failing, read, request } from "../../test/support/calls.js";
import type { CallOptions } from "../core/contract/call.js";
import type { AiLibErrorInit } from "../core/errors/error.js";
import type { ErrorCode } from "../core/values/error-code.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { FailoverProvider, failover } from "./failover.js";

describe("failover", () => {
  it("answers with the first member while it can", async () => {
    const [a, b] = [scripted("a"), scripted("b")];
    const response = await failover([a, b]).chat(request);
    expect(response.text).toBe("I am a.");
    expect(b.calls).toBe(0);
  });

  it("is invisible before the first content: one start, one finish, of the member that answered", async () => {
    const broken = scripted({
      name: "a",
      replies: [
        {
          events: [
            { type: "start", provider: "a" },
            { type: "part-start", index: 0, part: { type: "text" } },
          ],
          cut: true,
        },
      ],
    });
    const events = await read(failover([broken, scripted("b")]).stream(request));
    expect(events.map((event) => event.type)).toEqual([
      "start",
      "part-start",
      "text-delta",
      "part-end",
      "finish",
    ]);
    expect(events[0]).toMatchObject({ provider: "b" });
  });

  it("does not retry after the first content, and fails with the content so far", async () => {
    const broken = scripted({ name: "a", replies: [{ text: ["Half an "], cut: true }] });
    const other = scripted("b");
    const stream = failover([broken, other]).stream(request);
    const error = await errorOf(read(stream));
    expect(error).toMatchObject({ code: "STREAM_TRUNCATED", committed: true, partial: { text: "Half an " } });
    expect(other.calls).toBe(0);
  });

  it("tries the next member after a unary answer that broke off, since the caller has not seen it", async () => {
    const broken = scripted({ name: "a", replies: [{ text: ["Half an "], cut: true }] });
    const response = await failover([broken, scripted("b")]).chat(request);
    expect(response.text).toBe("I am b.");
  });

  it("starts again if a restart is allowed", async () => {
    const broken = scripted({ name: "a", replies: [{ text: ["Half an "], cut: true }] });
    const events = await read(failover([broken, scripted("b")]).stream(request, { midStream: "restart" }));
    expect(events.map((event) => event.type)).toEqual([
      "start",
      "part-start",
      "text-delta",
      "restart",
      "part-start",
      "text-delta",
      "part-end",
      "finish",
    ]);
  });

  it("continues silently if splicing is on and the new answer repeats the old one", async () => {
    const broken = scripted({ name: "a", replies: [{ text: ["One, ", "two, "], cut: true }] });
    const whole = scripted({ name: "b", replies: [{ text: ["One", ", two, th", "ree."] }] });
    const events = await read(failover([broken, whole]).stream(request, { midStream: "splice" }));
    const text = events.flatMap((event) => (event.type === "text-delta" ? [event.text] : []));
    expect(text).toEqual(["One, ", "two, ", "th", "ree."]);
    expect(events.filter((event) => event.type === "start")).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: "finish", response: { text: "One, two, three." } });
  });

  it("fails with what the caller has if the spliced answer differs, or breaks while it repeats", async () => {
    for (const text of [["One, too"], ["One"]]) {
      const broken = scripted({ name: "a", replies: [{ text: ["One, ", "two, "], cut: true }] });
      const other = scripted({ name: "b", replies: [{ text, cut: true }] });
      const error = await errorOf(read(failover([broken, other]).stream(request, { midStream: "splice" })));
      expect(error.partial?.text).toBe("One, two, ");
      expect(error.committed).toBe(true);
    }
  });

  const table: [ErrorCode, Partial<AiLibErrorInit>, moves: boolean][] = [
    ["NETWORK_ERROR", {}, true],
    ["PROVIDER_ERROR", {}, true],
    ["STREAM_TRUNCATED", {}, true],
    ["INVALID_RESPONSE", {}, true],
    ["OVERLOADED", {}, true],
    ["TIMEOUT", { phase: "first-content" }, true],
    ["TIMEOUT", { phase: "total" }, false],
    ["RATE_LIMIT", {}, true],
    ["RATE_LIMIT", { local: true }, true],
    ["QUOTA_EXHAUSTED", {}, true],
    ["AUTH_FAILED", {}, true],
    ["PERMISSION_DENIED", {}, true],
    ["UNSUPPORTED_FEATURE", {}, true],
    ["UNSUPPORTED_FEATURE", { local: true }, true],
    ["CIRCUIT_OPEN", { local: true }, true],
    ["MODEL_NOT_FOUND", {}, true],
    ["CONTEXT_TOO_LONG", {}, false],
    ["CONTENT_FILTERED", {}, false],
    ["INVALID_REQUEST", {}, false],
    ["CONFIG_ERROR", {}, false],
    ["FILE_ERROR", {}, false],
    ["CANCELLED", {}, false],
  ];
  it.each(table)("after %s %o moves to another provider: %s", async (code, more, moves) => {
    const other = scripted("b");
    const chain = failover([failing("a", { code, message: "no", ...more }), other]);
    if (moves) expect((await chain.chat(request)).provider).toBe("b");
    else expect(await errorOf(chain.chat(request))).toMatchObject({ code });
    expect(other.calls).toBe(moves ? 1 : 0);
  });

  it.each([
    ["CONTENT_FILTERED", { contentFiltered: true }],
    ["INVALID_REQUEST", { invalidRequest: true }],
  ] as const)("after %s moves on if an option says so", async (code, failoverOn) => {
    const chain = failover([failing("a", { code, message: "no" }), scripted("b")], { failoverOn });
    expect((await chain.chat(request)).provider).toBe("b");
    const unrelated =
      code === "INVALID_REQUEST" ? ({ contentFiltered: true } as const) : ({ invalidRequest: true } as const);
    const other = failover([failing("a", { code, message: "no" }), scripted("b")], { failoverOn: unrelated });
    expect((await errorOf(other.chat(request))).code).toBe(code);
  });

  it("rethrows the last error with every attempt in words and the earliest time to retry", async () => {
    const clock = new VirtualClock(1_000);
    const chain = failover([
      failing("a", { code: "RATE_LIMIT", message: "Slow down", retryAt: 9_000 }),
      failing("b", { code: "RATE_LIMIT", message: "Too fast", retryAt: 5_000 }),
      failing("c", { code: "PROVIDER_ERROR", message: "Broken", status: 500 }),
    ]);
    const error = await errorOf(chain.chat(request, { clock }));
    expect(error).toMatchObject({ code: "PROVIDER_ERROR", status: 500, retryAt: 5_000 });
    expect(error.message).toBe(
      "failover[a->b->c]: no attempt succeeded. Attempt 1, a: RATE_LIMIT, Slow down. " +
        "Attempt 2, b: RATE_LIMIT, Too fast. Attempt 3, c: PROVIDER_ERROR, Broken.",
    );
    expect(error.attempts.map((attempt) => attempt.code)).toEqual([
      "RATE_LIMIT",
      "RATE_LIMIT",
      "PROVIDER_ERROR",
    ]);
  });

  it("lists each attempt once, however deep the strategies nest", async () => {
    const inner = failover([
      failing("a", { code: "OVERLOADED", message: "Busy" }),
      failing("b", { code: "OVERLOADED", message: "Full" }),
    ]);
    const error = await errorOf(
      failover([inner, failing("c", { code: "OVERLOADED", message: "Out" })]).chat(request),
    );
    expect(error.message.match(/Busy/g)).toHaveLength(1);
    expect(error.message).toMatch(/^failover\[failover\[a->b\]->c\]: /);
  });

  it("stops when maxAttempts is reached, with the last error", async () => {
    const members = ["a", "b", "c", "d"].map((name) => failing(name, { code: "OVERLOADED", message: name }));
    const error = await errorOf(failover(members).chat(request, { maxAttempts: 2 }));
    expect(members.map((member) => member.calls)).toEqual([1, 1, 0, 0]);
    expect(error).toMatchObject({ code: "OVERLOADED" });
    expect(error.attempts).toHaveLength(2);
  });

  it("asks each member for its own model", async () => {
    const members = ["a", "b", "c", "d"].map((name) => failing(name, { code: "OVERLOADED", message: name }));
    const [a, b, c, d] = members as [(typeof members)[0], ...typeof members];
    await errorOf(
      failover([
        a,
        { provider: b as typeof a, model: "own" },
        { provider: c as typeof a, model: { asked: "theirs" } },
        { provider: d as typeof a, model: (model) => `${model}-turbo` },
      ]).chat({ ...request, model: "asked" }),
    );
    expect(members.map((member) => member.requests[0]?.model)).toEqual([
      "asked",
      "own",
      "theirs",
      "asked-turbo",
    ]);
  });

  describe("after MODEL_NOT_FOUND", () => {
    const missing: AiLibErrorInit = { code: "MODEL_NOT_FOUND", message: "No such model" };
    it("skips a member that would be asked for the same model, and says so in the attempt log", async () => {
      const chain = failover([
        failing("a", missing),
        scripted("b"),
        { provider: scripted("c"), model: "own" },
      ]);
      const response = await chain.chat({ ...request, model: "asked" });
      expect(response.provider).toBe("c");
      expect(response.attempts.map(({ target, outcome }) => [target.provider, outcome])).toEqual([
        ["a", "error"],
        ["b", "skipped"],
        ["c", "success"],
      ]);
    });
    it("moves to a member within which the model has a name", async () => {
      const inner = failover([{ provider: scripted("b"), model: { asked: "theirs" } }]);
      const response = await failover([failing("a", missing), inner]).chat({ ...request, model: "asked" });
      expect(response.model).toBe("theirs");
    });
    it("moves to the model that was asked for if only the failed member had its own name for it", async () => {
      const chain = failover([{ provider: failing("a", missing), model: { asked: "old" } }, scripted("b")]);
      expect((await chain.chat({ ...request, model: "asked" })).provider).toBe("b");
    });
  });

  describe("after CONTEXT_TOO_LONG", () => {
    const tooLong: AiLibErrorInit = { code: "CONTEXT_TOO_LONG", message: "Too long" };
    it("moves to a larger window alone, also after another error in between", async () => {
      const small = failing("small", tooLong, { facts: { contextWindow: 8_000 } });
      const same = scripted({ name: "same", facts: { contextWindow: 8_000 } });
      const unknown = scripted("unknown");
      const large = failing(
        "large",
        { code: "OVERLOADED", message: "Busy" },
        { facts: { contextWindow: 99_000 } },
      );
      const last = scripted({ name: "last", facts: { contextWindow: 32_000 } });
      const response = await failover([small, same, unknown, large, same.name === "" ? same : last]).chat(
        request,
      );
      expect(response.provider).toBe("last");
      expect([same.calls, unknown.calls, large.calls]).toEqual([0, 0, 1]);
    });
    it("takes a window for larger that the prompt fits into if the failed one's is unknown", async () => {
      const other = scripted({ name: "b", facts: { contextWindow: 8_000 } });
      expect((await failover([failing("a", tooLong), other]).chat(request)).provider).toBe("b");
    });
  });

  describe("between keys of one provider", () => {
    const key = (name: string, error: AiLibErrorInit | undefined, account?: string) =>
      scripted({
        name,
        target: { provider: "p", model: "m", key: name, ...(account === undefined ? {} : { account }) },
        ...(error === undefined ? {} : { replies: [{ error }] }),
      });
    const cases: [ErrorCode, Partial<AiLibErrorInit>, moves: boolean][] = [
      ["RATE_LIMIT", {}, true],
      ["QUOTA_EXHAUSTED", {}, true],
      ["AUTH_FAILED", {}, true],
      ["PERMISSION_DENIED", { scope: "key" }, true],
      ["PERMISSION_DENIED", { scope: "account" }, false],
      ["PERMISSION_DENIED", { scope: "region" }, false],
      ["PROVIDER_ERROR", {}, false],
      ["OVERLOADED", {}, false],
      ["OVERLOADED", { local: true }, true],
      ["NETWORK_ERROR", {}, false],
      ["MODEL_NOT_FOUND", {}, false],
      ["UNSUPPORTED_FEATURE", {}, false],
      ["CIRCUIT_OPEN", { local: true }, true],
    ];
    it.each(cases)("after %s %o moves to the other key: %s", async (code, more, moves) => {
      const second = key("k2", undefined);
      const chain = failover([key("k1", { code, message: "no", ...more }), second]);
      if (moves) await chain.chat(request);
      else expect((await errorOf(chain.chat(request))).code).toBe(code);
      expect(second.calls).toBe(moves ? 1 : 0);
    });
    it("goes past the other key to another provider", async () => {
      const second = key("k2", undefined);
      const chain = failover([
        key("k1", { code: "PROVIDER_ERROR", message: "no" }),
        second,
        scripted("other"),
      ]);
      expect((await chain.chat(request)).provider).toBe("other");
      expect(second.calls).toBe(0);
    });
    it("moves a denied account to another account's key", async () => {
      const denied = key("k1", { code: "PERMISSION_DENIED", message: "no" }, "red");
      await expect(failover([denied, key("k2", undefined, "blue")]).chat(request)).resolves.toBeDefined();
      const same = failover([denied, key("k3", undefined, "red")]);
      expect((await errorOf(same.chat(request))).code).toBe("PERMISSION_DENIED");
    });
    it("never takes a dead key to another model of the same provider, but an overload it does", async () => {
      for (const [code, moves] of [
        ["AUTH_FAILED", false],
        ["OVERLOADED", true],
      ] as const) {
        const target = { provider: "p", key: "k" };
        const large = scripted({
          name: "large",
          target: { ...target, model: "large" },
          replies: [{ error: { code, message: "no" } }],
        });
        const small = scripted({ name: "small", target: { ...target, model: "small" } });
        const outcome = await failover([large, small])
          .chat(request)
          .then(
            () => true,
            () => false,
          );
        expect(outcome).toBe(moves);
      }
    });
  });

  it("closes the running member when the caller aborts, and asks no other", async () => {
    const slow = scripted({ name: "a", replies: [{ text: ["one ", "two "], everyMs: 1_000 }] });
    const other = scripted("b");
    const options: CallOptions = { clock: new VirtualClock() };
    for await (const event of failover([slow, other]).stream(request, options)) {
      if (event.type === "text-delta") break;
    }
    expect([slow.aborted, slow.running, other.calls]).toEqual([1, 0, 0]);
  });

  it("ends with a classified error if a mapping function throws", async () => {
    const bad = () => {
      throw new Error("boom");
    };
    const first = failing("a", { code: "OVERLOADED", message: "Busy" });
    for (const chain of [
      failover([{ provider: scripted("a"), model: bad }]),
      failover([first, { provider: scripted("b"), model: bad }]),
    ]) {
      expect(await errorOf(chain.chat(request))).toMatchObject({ code: "CONFIG_ERROR", message: "boom" });
    }
  });

  it("reports to an observer which member replaces which", async () => {
    const told: string[] = [];
    const observer = {
      on(event: { type: string; from?: string; to?: string }) {
        if (event.type === "failover") told.push(`${event.from}->${event.to}`);
      },
    };
    await failover([failing("a", { code: "OVERLOADED", message: "Busy" }), scripted("b")]).chat(request, {
      observer,
    });
    expect(told).toEqual(["a->b"]);
  });

  it("is named after its members, or by the option", () => {
    const members = [scripted("groq"), scripted("openai")];
    expect(failover(members).name).toBe("failover[groq->openai]");
    expect(new FailoverProvider(members, { name: "mine" }).name).toBe("mine");
  });

  const a = scripted("a");
  const refused: [string, () => unknown, RegExp][] = [
    ["no members", () => failover([]), /needs at least one member/],
    ["a member twice", () => failover([a, a]), /has "a" twice/],
    [
      "a member twice with the same model",
      () =>
        failover([
          { provider: a, model: "m" },
          { provider: a, model: "m" },
        ]),
      /twice/,
    ],
    [
      "an unknown option",
      () => failover([a], { retries: 3 } as never),
      /Unknown option of failover "retries"/,
    ],
    [
      "an unknown error to move on",
      () => failover([a], { failoverOn: { everything: true } as never }),
      /"everything"/,
    ],
    ["an unknown member option", () => failover([{ provider: a, modle: "m" } as never]), /"modle"/],
    ["a text", () => failover(["groq/llama" as never]), /provider\("groq\/llama"\)/],
    ["something else", () => failover([42 as never]), /Member 0 of failover is no provider/],
    ["no array", () => failover(a as never), /takes an array/],
    ["a weight of 0", () => failover([{ provider: a, weight: 0 }]), /weight of member 0/],
    ["an empty model", () => failover([{ provider: a, model: "" }]), /model of member 0/],
    ["tags that are no words", () => failover([{ provider: a, tags: [1] as never }]), /tags of member 0/],
  ];
  it.each(refused)("refuses %s", (_, build, message) => {
    expect(build).toThrow(message);
    try {
      build();
    } catch (error) {
      expect(error).toMatchObject({ code: "CONFIG_ERROR" });
    }
  });

  it("takes one provider with two models", () => {
    expect(() =>
      failover([
        { provider: a, model: "large" },
        { provider: a, model: "small" },
      ]),
    ).not.toThrow();
  });
});
