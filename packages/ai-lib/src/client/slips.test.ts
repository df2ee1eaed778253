import { describe, expect, it } from "vitest";
import { errorOf } from "../../test/support/calls.js";
import { retry } from "../resilience/retry.js";
import { scripted } from "../testing/scripted.js";
import { AiClient } from "./ai-client.js";
import { AiClientBuilder } from "./builder.js";

/** What a caller without types can pass. */
const untyped = (value: unknown) => value as never;
const refusal = (message: RegExp) =>
  expect.objectContaining({ code: "CONFIG_ERROR", message: expect.stringMatching(message) });

describe("a mistake of a caller without types is a CONFIG_ERROR that shows the remedy", () => {
  it.each<[string, () => unknown, RegExp]>([
    ["a client of a text", () => new AiClient(untyped("openai")), /write provider\("openai"\)/],
    ["a client of nothing", () => new AiClient(untyped(undefined)), /AiClient takes a provider/],
    ["a client of another object", () => new AiClient(untyped({ name: "x" })), /methods chat and stream/],
    ["a wrapper of a text", () => retry(untyped("openai")), /retry takes a provider/],
    [
      "a default observer that is a function",
      () => new AiClient(scripted({ name: "m" }), { observer: untyped(() => {}) }),
      /\{ on: yourFunction \}/,
    ],
    [
      "a builder's observer that is a function",
      () => new AiClientBuilder().withObserver(untyped(() => {})),
      /\{ on: yourFunction \}/,
    ],
  ])("%s", (_, make, message) => {
    expect(make).toThrow(refusal(message));
  });

  it.each([() => {}, null, {}, "log"])("an observer of a call that is %s", async (observer) => {
    const model = scripted({ name: "m" });
    const error = await errorOf(new AiClient(model).chat("?", { observer: untyped(observer) }));
    expect(error).toEqual(refusal(/method "on"/));
    expect(model.requests).toEqual([]);
  });

  it("properties in place of a schema", async () => {
    const model = scripted({ name: "m" });
    const error = await errorOf(new AiClient(model).object({ name: "string" }, "?"));
    expect(error).toEqual(refusal(/unknown keywords \(name\).*type: "object", properties/));
    expect(model.requests).toEqual([]);
  });

  it("does not refuse a schema of annotations, references or nothing", async () => {
    for (const schema of [{}, { description: "anything" }, { $defs: {} }, { "x-order": 1 }]) {
      const client = new AiClient(scripted({ name: "m", replies: [{ text: "1" }] }));
      expect((await client.object(schema, "?")).object).toBe(1);
    }
  });
});
