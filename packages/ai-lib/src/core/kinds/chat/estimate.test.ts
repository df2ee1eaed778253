import { describe, expect, it } from "vitest";
import { callOf, contextOf } from "../../contract/call.js";
import {
  affinityOf,
  estimate,
  isSameRequest,
  modelOf,
  requirements,
  unmetRequirement,
  withModel,
} from "../../contract/call-facts.js";
import type { ChatRequest } from "../../values/chat-request.js";
import type { Message } from "../../values/message.js";
import type { ModelFacts } from "../../values/model.js";
import { chatLaws } from "./laws.js";

const context = contextOf();
const call = (request: Partial<ChatRequest> = {}) =>
  callOf(chatLaws, { messages: [{ role: "user", content: "Hello" }], ...request }, "unary", context);
const image = { type: "image" as const, data: "A".repeat(100_000), mediaType: "image/png" };
const file = (mediaType?: string) => ({ type: "file" as const, url: "https://example.com/x", mediaType });
const tool = { type: "function" as const, name: "f", parameters: { type: "object" } };
const seen = (...content: Exclude<Message["content"], string>[number][]) =>
  call({ messages: [{ role: "user", content } as Message] });

it.each([undefined, "", "auto"])("%j names no model", (model) => {
  expect(modelOf(call({ model }))).toBeUndefined();
  expect(modelOf(withModel(call({ model }), "m"))).toBe("m");
});

describe("two calls", () => {
  it("are the same request with any model, and differ if anything else differs", () => {
    const one = call({ maxTokens: 0 });
    expect(isSameRequest(one, withModel(one, "m"))).toBe(true);
    const { messages } = one.request;
    expect(isSameRequest(one, call({ messages, maxTokens: 0 }))).toBe(true);
    expect(isSameRequest(one, call({ messages }))).toBe(false);
    expect(isSameRequest(one, { ...one, context: { ...context, headers: { a: "1" } } })).toBe(false);
    expect(isSameRequest(one, { ...one, context: { ...context, headers: { ...context.headers } } })).toBe(
      true,
    );
  });
});

describe("what a call needs", () => {
  it("is only text by default", () => {
    expect(requirements(call())).toEqual({
      input: new Set(["text"]),
      output: new Set(["text"]),
      tools: false,
      structuredOutput: false,
      reasoning: false,
    });
  });

  it.each([
    [image, "image"],
    [file(), "pdf"],
    [file("application/pdf"), "pdf"],
    [file("video/mp4"), "video"],
    [file("audio/wav"), "audio"],
    [file("image/png"), "image"],
    [{ type: "tool-result" as const, id: "1", content: [image] }, "image"],
  ] as const)("follows from its parts (%#)", (part, modality) => {
    expect(requirements(seen(part as never)).input.has(modality)).toBe(true);
  });

  it("includes tools, a schema and reasoning if it asks for them", () => {
    expect(requirements(call({ tools: [] })).tools).toBe(false);
    expect(requirements(call({ tools: [tool] })).tools).toBe(true);
    expect(requirements(call({ responseFormat: { type: "json" } })).structuredOutput).toBe(false);
    expect(requirements(call({ responseFormat: { type: "json-schema", schema: {} } })).structuredOutput).toBe(
      true,
    );
    expect(requirements(call({ reasoning: { effort: "none" } })).reasoning).toBe(false);
    expect(requirements(call({ reasoning: {} })).reasoning).toBe(true);
  });
});

describe("an estimate", () => {
  it("grows with the text, and by a flat sum for each medium", () => {
    const short = estimate(call()).inputTokens;
    const long = estimate(call({ messages: [{ role: "user", content: "x".repeat(4_000) }] })).inputTokens;
    expect(long - short).toBeGreaterThan(990);
    expect(estimate(seen(image, image)).inputTokens - estimate(seen(image)).inputTokens).toBe(1_000);
  });

  it("uses the request's limit, even 0", () => {
    expect(estimate(call({ maxTokens: 0 })).outputTokens).toBe(0);
    expect(estimate(call()).outputTokens).toBe(500);
  });
});

describe("what a model lacks for a call", () => {
  const cases: [string, ReturnType<typeof call>, ModelFacts | undefined, string | undefined][] = [
    ["nothing is known", seen(image), undefined, undefined],
    ["nothing is known of it", seen(image), {}, undefined],
    ["it takes no pictures", seen(image), { input: ["text"] }, "takes no image input"],
    [
      "it gives no sound",
      call({ output: { modalities: ["text", "audio"] } }),
      { output: ["text"] },
      "gives no audio output",
    ],
    ["it takes no tools", call({ tools: [tool] }), { tools: false }, "takes no tools"],
    [
      "it has no schemas",
      call({ responseFormat: { type: "json-schema", schema: {} } }),
      { structuredOutput: false },
      "has no structured output",
    ],
    ["it does not reason", call({ reasoning: { effort: "high" } }), { reasoning: false }, undefined],
    [
      "it is too small",
      call({ messages: [{ role: "user", content: "x".repeat(400) }] }),
      { contextWindow: 100 },
      "its context window of 100",
    ],
    ["it has no window at all", call(), { contextWindow: 0 }, "its context window of 0"],
    ["it is large enough", call(), { contextWindow: 100, tools: false, input: ["text"] }, undefined],
  ];
  it.each(cases)("where %s", (_, asked, facts, lack) => {
    if (lack === undefined) expect(unmetRequirement(asked, facts)).toBeUndefined();
    else expect(unmetRequirement(asked, facts)).toContain(lack);
  });
});

it("a prompt's head ends with its first user message, or at the limit", () => {
  const messages: Message[] = [
    { role: "system", content: "Be brief." },
    { role: "user", content: [{ type: "text", text: "Hello" }, image] },
    { role: "assistant", content: "Hi" },
  ];
  expect(affinityOf(call({ messages }), 1_000)).toBe("system\nBe brief.\nuser\nHello\nimage\n");
  expect(affinityOf(call({ messages }), 9)).toBe("system\nBe");
  expect(affinityOf(call({ messages: messages.slice(0, 2) }), 1_000)).toBe(
    affinityOf(call({ messages }), 1_000),
  );
});
