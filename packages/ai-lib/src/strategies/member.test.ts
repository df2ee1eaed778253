import { describe, expect, it } from "vitest";
import { request } from "../../test/support/calls.js";
import { callOf, contextOf } from "../core/contract/call.js";
import { modelOf } from "../core/contract/call-facts.js";
import { chatLaws } from "../core/kinds/chat/laws.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { failover } from "./failover.js";
import { type Entry, entriesOf, type Member, type ModelChoice } from "./member.js";
import { memberKeys, targetKeys } from "./member-key.js";

const call = (model?: string) =>
  callOf(
    chatLaws,
    { ...request, ...(model !== undefined && { model }) },
    "unary",
    contextOf({ clock: new VirtualClock() }),
  );
const only = (member: Member): Entry => entriesOf("test", [member])[0] as Entry;

describe("the model of a member", () => {
  const table = { fast: "small" };
  const choices: readonly (readonly [
    ModelChoice | undefined,
    string | undefined,
    string | undefined,
    maps: boolean,
  ])[] = [
    [undefined, "fast", "fast", false],
    [undefined, undefined, undefined, false],
    ["own", "fast", "own", true],
    ["own", undefined, "own", true],
    [table, "fast", "small", true],
    [table, "other", "other", false],
    [table, "constructor", "constructor", false],
    [table, undefined, undefined, false],
    [(asked) => (asked === "fast" ? "small" : undefined), "fast", "small", true],
    [(asked) => (asked === "fast" ? "small" : undefined), "other", undefined, false],
  ];
  it.each(choices)("of %o for %s is %s", (model, asked, expected, maps) => {
    const entry = only({ provider: scripted("a"), model });
    expect(entry.modelFor(asked)).toBe(expected);
    expect(modelOf(entry.callFor(call(asked)))).toBe(expected);
    expect(entry.maps(asked ?? "")).toBe(asked === undefined ? model === "own" : maps);
  });

  it("leaves a call as it is where the model stays the same", () => {
    const one = call("small");
    expect(only(scripted("a")).callFor(one)).toBe(one);
    expect(only({ provider: scripted("a"), model: "small" }).callFor(one)).toBe(one);
    expect(only({ provider: scripted("a"), model: "other" }).callFor(one)).not.toBe(one);
  });
});

describe("the members of a strategy", () => {
  const a = scripted("a");
  it("have a weight of 1 and no tags, unless they name others", () => {
    expect(only(a)).toMatchObject({ index: 0, name: "a", weight: 1, tags: [], model: undefined });
    expect(only({ provider: a })).toMatchObject({ weight: 1, tags: [], model: undefined });
    expect(only({ provider: a, weight: 0.5, tags: ["eu"] })).toMatchObject({ weight: 0.5, tags: ["eu"] });
    expect(only(failover([a, scripted("b")])).target).toEqual({ provider: "failover[a->b]" });
  });

  it.each<readonly [string, unknown, RegExp]>([
    ["no list", a, /array of members/],
    ["no member", [], /at least one member/],
    ["a text", ["groq"], /the text "groq"; strategies take providers: provider\("groq"\)/],
    ["a number", [5], /Member 0 of test is no provider/],
    ["null", [a, null], /Member 1 of test is no provider/],
    ["options without a provider", [{ model: "m" }], /no provider/],
    ["an unknown option", [{ provider: a, wieght: 2 }], /"wieght"/],
    ["no weight", [{ provider: a, weight: 0 }], /weight of member 0 .* not 0/],
    ["a negative weight", [{ provider: a, weight: -1 }], /weight/],
    ["an infinite weight", [{ provider: a, weight: Number.POSITIVE_INFINITY }], /weight/],
    ["a weight that is no number", [{ provider: a, weight: Number.NaN }], /weight/],
    ["an empty model", [{ provider: a, model: "" }], /model of member 0/],
    ["no model", [{ provider: a, model: null }], /model of member 0/],
    ["a model that is a number", [{ provider: a, model: 4 }], /model of member 0/],
    ["tags that are no list", [{ provider: a, tags: "eu" }], /tags of member 0/],
    ["tags that are no texts", [{ provider: a, tags: ["eu", 4] }], /tags of member 0/],
    ["a member twice", [a, scripted("b"), a], /"a" twice \(members 0 and 2\)/],
    [
      "a member twice with a model",
      [
        { provider: a, model: "m" },
        { provider: a, model: "m" },
      ],
      /twice/,
    ],
    [
      "a member twice with a table",
      [
        { provider: a, model: { x: "m" } },
        { provider: a, model: { x: "m" } },
      ],
      /twice/,
    ],
  ])("are refused: %s", (_what, members, message) => {
    expect(() => entriesOf("test", members as never)).toThrow(message);
  });

  it("may be one provider with several models", () => {
    const models: readonly (ModelChoice | undefined)[] = [
      undefined,
      "m",
      { x: "m" },
      { x: "n" },
      () => "m",
      () => "m",
    ];
    expect(
      entriesOf(
        "test",
        models.map((model) => ({ provider: a, model })),
      ),
    ).toHaveLength(6);
    expect(entriesOf("test", [scripted("a"), scripted("a")])).toHaveLength(2);
  });
});

describe("the key of a member", () => {
  const keyed = (name: string, target: object = {}) =>
    scripted({ name, target: { provider: name, ...target } });
  const twins = (first: Member, second: Member) => {
    const [one, two] = memberKeys(entriesOf("test", [first, second]));
    return one?.replace(/\n0$/, "") === two?.replace(/\n1$/, "");
  };

  it.each<readonly [string, Member, Member, boolean]>([
    ["the same", keyed("a"), keyed("a"), true],
    ["another name", keyed("a"), keyed("b"), false],
    ["another model", keyed("a", { model: "m" }), keyed("a", { model: "n" }), false],
    ["another key", keyed("a", { key: "1" }), keyed("a", { key: "2" }), false],
    ["another account", keyed("a", { account: "1" }), keyed("a", { account: "2" }), false],
    ["another region", keyed("a", { region: "1" }), keyed("a", { region: "2" }), false],
    ["a model of its own", { provider: keyed("a"), model: "m" }, keyed("a", { model: "m" }), true],
    [
      "another model of its own",
      { provider: keyed("a"), model: "m" },
      { provider: keyed("a"), model: "n" },
      false,
    ],
  ])("of %s: equal %s", (_what, first, second, equal) => {
    expect(twins(first, second)).toBe(equal);
  });

  it("is numbered where members cannot be distinguished", () => {
    const entries = entriesOf("test", [keyed("a"), keyed("b"), keyed("a"), keyed("a")]);
    expect(memberKeys(entries).map((key) => key.split("\n")[1])).toEqual(["0", "0", "1", "2"]);
    expect(targetKeys(entries)).toEqual(["a", "b", "a #2", "a #3"]);
  });
});
