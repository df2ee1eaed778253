import { describe, expect, it } from "vitest";
import { request } from "../../test/support/calls.js";
import { callOf, contextOf } from "../core/contract/call.js";
import { AiLibError, type AiLibErrorInit } from "../core/errors/error.js";
import { chatLaws } from "../core/kinds/chat/laws.js";
import type { ErrorCode } from "../core/values/error-code.js";
import type { Target } from "../core/values/target.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import {
  type Candidate,
  type FailoverOn,
  type Failure,
  mayFailOver,
  reasonToSkip,
  reasonToSkipAfterNested,
} from "./eligibility.js";
import { failover } from "./failover.js";

type Facts = { readonly contextWindow?: number };

const call = (model?: string, content = "Hello") =>
  callOf(
    chatLaws,
    { ...request, messages: [{ role: "user", content }], ...(model !== undefined && { model }) },
    "unary",
    contextOf({ clock: new VirtualClock() }),
  );
const at = (target: Partial<Target> = {}, facts?: Facts) =>
  scripted({ name: "p", target: { provider: "p", ...target }, ...(facts && { facts }) });

/** A failed call of a member. */
function failed(
  error: Partial<AiLibErrorInit> & { code: ErrorCode },
  target: Partial<Target> = {},
  model?: string,
): Failure {
  return { provider: at(target), call: call(model), error: new AiLibError({ message: "no", ...error }) };
}

/** A member that may be asked. */
function to(target: Partial<Target> = {}, model?: string, maps = false): Candidate {
  return { provider: at(target), call: call(model), maps };
}

const may = (failure: Failure, candidate: Candidate, on: FailoverOn = {}) =>
  reasonToSkip(failure, candidate, on) === undefined;

describe("after an error of a member", () => {
  const a = { key: "a", account: "red", region: "eu", model: "m" };

  it.each<
    readonly [
      string,
      Partial<AiLibErrorInit> & { code: ErrorCode },
      Partial<Target>,
      Partial<Target>,
      boolean,
    ]
  >([
    ["a limit of a key rules that key out", { code: "RATE_LIMIT" }, a, { ...a, model: "n" }, false],
    [
      "a limit of a key lets another key of the account answer",
      { code: "RATE_LIMIT" },
      a,
      { ...a, key: "b" },
      true,
    ],
    ["a limit of an unknown key rules nothing out", { code: "RATE_LIMIT" }, {}, {}, true],
    [
      "a limit of a local limiter lets the same key answer with another model",
      { code: "RATE_LIMIT", local: true },
      a,
      { ...a, model: "n" },
      true,
    ],
    ["a quota rules the account out", { code: "QUOTA_EXHAUSTED" }, a, { ...a, key: "b" }, false],
    [
      "a quota rules a key out whose account is unknown",
      { code: "QUOTA_EXHAUSTED" },
      { key: "a" },
      { key: "a", model: "n" },
      false,
    ],
    [
      "a quota lets another account answer",
      { code: "QUOTA_EXHAUSTED" },
      a,
      { ...a, key: "b", account: "blue" },
      true,
    ],
    [
      "a quota of an unknown account lets another key answer",
      { code: "QUOTA_EXHAUSTED" },
      { key: "a" },
      { key: "b" },
      true,
    ],
    [
      "an error of a region rules it out",
      { code: "PROVIDER_ERROR", scope: "region" },
      a,
      { ...a, key: "b" },
      false,
    ],
    [
      "an error of a region lets another region answer",
      { code: "PROVIDER_ERROR", scope: "region" },
      a,
      { ...a, region: "us" },
      true,
    ],
    [
      "an error of an unknown region rules nothing out",
      { code: "PROVIDER_ERROR", scope: "region" },
      {},
      {},
      true,
    ],
    [
      "a broken provider is not solved by another key",
      { code: "PROVIDER_ERROR" },
      a,
      { ...a, key: "b" },
      false,
    ],
    [
      "a broken provider is not solved by another account",
      { code: "PROVIDER_ERROR" },
      a,
      { ...a, account: "blue" },
      false,
    ],
    [
      "a broken provider may answer with another model",
      { code: "PROVIDER_ERROR" },
      a,
      { ...a, key: "b", model: "n" },
      true,
    ],
    [
      "a broken provider may answer in another region",
      { code: "PROVIDER_ERROR" },
      a,
      { ...a, key: "b", region: "us" },
      true,
    ],
    ["a broken provider of which no key is known may answer", { code: "PROVIDER_ERROR" }, {}, a, true],
    [
      "another provider may answer though it has the same key",
      { code: "RATE_LIMIT" },
      a,
      { ...a, provider: "q" },
      true,
    ],
    [
      "another provider may answer where the first is broken",
      { code: "PROVIDER_ERROR" },
      a,
      { ...a, key: "b", provider: "q" },
      true,
    ],
    [
      "a missing permission of an account lets another account answer",
      { code: "PERMISSION_DENIED" },
      a,
      { ...a, key: "b", account: "blue" },
      true,
    ],
    [
      "a missing permission of an account rules it out",
      { code: "PERMISSION_DENIED" },
      a,
      { ...a, key: "b" },
      false,
    ],
    [
      "a missing permission of a key lets another key answer",
      { code: "PERMISSION_DENIED", scope: "key" },
      a,
      { ...a, key: "b" },
      true,
    ],
    [
      "a missing permission of a model is not solved by another key",
      { code: "PERMISSION_DENIED", scope: "model" },
      a,
      { ...a, key: "b" },
      false,
    ],
    [
      "a missing permission of a model lets another account answer",
      { code: "PERMISSION_DENIED", scope: "model" },
      a,
      { ...a, account: "blue" },
      true,
    ],
  ])("%s", (_what, error, from, target, expected) => {
    expect(may(failed(error, from), to(target))).toBe(expected);
    // The target that the error names counts before that of the member.
    expect(
      may(
        failed({ ...error, target: { provider: "p", ...from } }, { key: "z", account: "z", region: "z" }),
        to(target),
      ),
    ).toBe(expected);
  });

  it("a target is that of the model which its call asks for", () => {
    const broken = failed({ code: "PROVIDER_ERROR", target: { provider: "p", key: "a", model: "m" } });
    expect(may(broken, to({ key: "b", model: "m" }))).toBe(false);
    expect(may(broken, to({ key: "b", model: "m" }, "n"))).toBe(true);
    expect(may(broken, to({ key: "b", model: "n" }, "m"))).toBe(false);
    expect(may(broken, to({ key: "b" }))).toBe(false);
  });

  it.each<readonly [ErrorCode, FailoverOn, boolean]>([
    ["CONTENT_FILTERED", {}, false],
    ["CONTENT_FILTERED", { contentFiltered: true }, true],
    ["CONTENT_FILTERED", { invalidRequest: true }, false],
    ["INVALID_REQUEST", {}, false],
    ["INVALID_REQUEST", { invalidRequest: true }, true],
    ["INVALID_REQUEST", { contentFiltered: true }, false],
    ["CONFIG_ERROR", { contentFiltered: true, invalidRequest: true }, false],
    ["CANCELLED", { contentFiltered: true, invalidRequest: true }, false],
    ["NETWORK_ERROR", {}, true],
    ["MODEL_NOT_FOUND", {}, true],
    ["CONTEXT_TOO_LONG", {}, true],
  ])("%s with %o may move at all: %s", (code, on, expected) => {
    const failure = failed({ code });
    expect(mayFailOver(failure.error, on)).toBe(expected);
    if (code === "MODEL_NOT_FOUND" || code === "CONTEXT_TOO_LONG") return;
    expect(may(failure, to({ provider: "q" }), on)).toBe(expected);
    // Where it may not move, a failure within another layer rules nothing out.
    expect(reasonToSkipAfterNested(failure, to({ provider: "q" }), on)).toBeUndefined();
  });

  it("a nested failure of a key rules it out in every layer", () => {
    expect(reasonToSkipAfterNested(failed({ code: "RATE_LIMIT" }, a), to(a), {})).toBe("it has the same key");
    expect(reasonToSkip(failed({ code: "CONTENT_FILTERED" }), to({ provider: "q" }), {})).toBe(
      "no other provider is asked after CONTENT_FILTERED unless failoverOn allows it",
    );
    expect(reasonToSkip(failed({ code: "CONFIG_ERROR" }), to({ provider: "q" }), {})).toBe(
      "no other provider is asked after CONFIG_ERROR",
    );
  });
});

describe("after an unknown model", () => {
  const missing = failed({ code: "MODEL_NOT_FOUND" }, {}, "m");
  it.each<readonly [string, Candidate, boolean]>([
    ["the same model", to({ provider: "q" }, "m"), false],
    ["another model", to({ provider: "q" }, "n"), true],
    ["a default model", to({ provider: "q" }), true],
    ["a name of its own for it", to({ provider: "q" }, "m", true), true],
  ])("a member with %s may be asked: %o", (_what, candidate, expected) => {
    expect(may(missing, candidate)).toBe(expected);
  });

  it("a composition may be asked if a member within it has its own name for the model", () => {
    const maps = (...models: readonly (Record<string, string> | undefined)[]) => {
      const members = models.map((model, index) => ({ provider: at({ provider: `q${index}` }), model }));
      return may(missing, {
        provider: failover([failover(members), at({ provider: "r" })]),
        call: call("m"),
        maps: false,
      });
    };
    expect([
      maps(undefined, undefined),
      maps(undefined, { m: "own" }),
      maps({ n: "own" }, undefined),
    ]).toEqual([false, true, false]);
  });
});

describe("after a prompt that is too long", () => {
  const long = (window?: number): Failure => ({
    provider: at({}, window === undefined ? undefined : { contextWindow: window }),
    call: call("m", "x".repeat(4_000)),
    error: new AiLibError({ code: "CONTEXT_TOO_LONG", message: "no" }),
  });
  const larger = (failure: Failure, window?: number) =>
    may(failure, {
      provider: at({ provider: "q" }, window === undefined ? undefined : { contextWindow: window }),
      call: call("m"),
      maps: false,
    });

  it("a member may be asked whose window is known to be larger", () => {
    expect([larger(long(100)), larger(long(100), 100), larger(long(100), 101)]).toEqual([false, false, true]);
    // The window of the first is unknown, but not its prompt: of about 1,000 tokens.
    expect([larger(long()), larger(long(), 500), larger(long(), 5_000)]).toEqual([false, false, true]);
  });
});

describe("a composition", () => {
  it("may be asked if one of its targets may, and says why the last may not", () => {
    const limited = failed({ code: "RATE_LIMIT" }, { key: "a" });
    const of = (...keys: readonly string[]): Candidate => ({
      provider: failover(keys.map((key) => scripted({ name: key, target: { provider: "p", key } }))),
      call: call(),
      maps: false,
    });
    expect([may(limited, of("a", "b")), may(limited, of("b", "a"))]).toEqual([true, true]);
    expect(reasonToSkip(limited, of("a"), {})).toBe("it has the same key");
    const unknown = { name: "u", members: [], chat: () => {}, stream: () => {} };
    expect(may(limited, { ...of("a"), provider: unknown as never })).toBe(true);
    expect(may(failed({ code: "CONFIG_ERROR" }), { ...of("a"), provider: unknown as never })).toBe(false);
    const { members: _members, ...leaf } = unknown;
    expect(may(failed({ code: "CONFIG_ERROR" }), { ...of("a"), provider: leaf as never })).toBe(false);
  });
});
