import { describe, expect, it } from "vitest";
import { AiClient } from "../../client/ai-client.js";
import { AiLibError } from "../../core/errors/error.js";
import type { ChatEvent } from "../../core/values/chat-event.js";
import type { Message } from "../../core/values/message.js";
import { grammarSchema } from "./grammar.js";
import { localModel } from "./local-model.js";
import { PartNumbers } from "./part-numbers.js";
import { writeHistory } from "./write-history.js";

describe("a history", () => {
  it("has a call and its result within one answer, which continues behind it", () => {
    const messages: Message[] = [
      { role: "system", content: "Be brief." },
      { role: "user", content: [{ type: "text", text: "Weather?" }] },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "I need a tool." },
          { type: "text", text: "A moment." },
          { type: "tool-call", id: "c1", name: "weather", arguments: { city: "Lisbon" } },
          { type: "tool-call", id: "c2", name: "weather", arguments: { city: "Porto" } },
        ],
      },
      {
        role: "tool",
        content: [
          { type: "tool-result", id: "c2", content: [{ type: "text", text: "rain" }] },
          { type: "tool-result", id: "c1", content: "no such city", isError: true },
        ],
      },
      { role: "assistant", content: "It rains." },
    ];
    expect(writeHistory(messages)).toEqual([
      { type: "system", text: "Be brief." },
      { type: "user", text: "Weather?" },
      {
        type: "model",
        response: [
          { type: "segment", segmentType: "thought", text: "I need a tool.", ended: true },
          "A moment.",
          {
            type: "functionCall",
            name: "weather",
            params: { city: "Lisbon" },
            result: "Error: no such city",
          },
          { type: "functionCall", name: "weather", params: { city: "Porto" }, result: "rain" },
          "It rains.",
        ],
      },
    ]);
  });

  it.each(["user", "tool"] as const)("refuses a picture in a message of the role %s", (role) => {
    const picture = { type: "image", url: "https://example.com/a.png" } as const;
    const call = {
      role: "assistant",
      content: [{ type: "tool-call", id: "c", name: "t", arguments: {} }],
    } as const;
    const messages: Message[] =
      role === "user"
        ? [{ role, content: [picture] }]
        : [call, { role, content: [{ type: "tool-result", id: "c", content: [picture] }] }];
    expect(() => writeHistory(messages)).toThrow(expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }));
  });
});

describe("a schema for a grammar", () => {
  it("has every property, optional ones nullable, and alternatives as `oneOf`", () => {
    const schema = {
      type: "object",
      properties: {
        name: { type: "string", minLength: 1, pattern: "^a" },
        age: { type: "integer", minimum: 0 },
        place: { type: "object", properties: { floor: { type: "integer" } }, required: ["floor"] },
        either: { anyOf: [{ type: "string" }, { type: "array", items: { type: "number" } }] },
      },
      required: ["name", "either"],
    };
    expect(grammarSchema(schema, "the answer")).toEqual({
      type: "object",
      additionalProperties: false,
      required: ["name", "either", "age", "place"],
      properties: {
        name: { type: "string", minLength: 1 },
        age: { type: ["integer", "null"] },
        place: {
          oneOf: [
            {
              type: "object",
              properties: { floor: { type: "integer" } },
              required: ["floor"],
              additionalProperties: false,
            },
            { type: "null" },
          ],
        },
        either: { oneOf: [{ type: "string" }, { type: "array", items: { type: "number" } }] },
      },
    });
  });

  it("that a grammar cannot follow is refused by name", () => {
    const map = { type: "object", additionalProperties: { type: "string" } };
    expect(() => grammarSchema(map, 'the tool "t"')).toThrow(/The schema of the tool "t" has a map/);
  });
});

describe("the parts of an answer", () => {
  const numbers = () => new PartNumbers(() => "call_1");
  const text = (part: string) => ({ type: undefined, segmentType: undefined, text: part });

  it("are numbered in the order in which they start", () => {
    const parts = numbers();
    const events: ChatEvent[] = [
      ...parts.piece({ type: "segment", segmentType: "thought", text: "hm" }),
      ...parts.piece(text("")),
      ...parts.piece(text("yes")),
      ...parts.params({ callIndex: 0, functionName: "f", paramsChunk: "{", done: false }),
      ...parts.params({ callIndex: 0, functionName: "f", paramsChunk: "}", done: true }),
      ...parts.params({ callIndex: 1, functionName: "g", paramsChunk: "", done: true }),
      ...parts.close(),
      ...parts.close(),
    ];
    expect(events.map((event) => [event.type, "index" in event ? event.index : undefined])).toEqual([
      ["part-start", 0],
      ["reasoning-delta", 0],
      ["part-end", 0],
      ["part-start", 1],
      ["text-delta", 1],
      ["part-end", 1],
      ["part-start", 2],
      ["tool-call-delta", 2],
      ["tool-call-delta", 2],
      ["part-end", 2],
      ["part-start", 3],
      ["part-end", 3],
    ]);
    expect(parts.calls).toBe(true);
  });

  it("are text if a forced call was cut", () => {
    const parts = numbers();
    expect([...parts.call('{"name": "f", "arg')].map(({ type }) => type)).toEqual([
      "part-start",
      "text-delta",
    ]);
    expect(parts.calls).toBe(false);
    expect([...parts.call('{"name": "f", "arguments": {"a": 1}}')]).toContainEqual({
      type: "tool-call-delta",
      index: 1,
      text: '{"a":1}',
    });
  });
});

describe("a local model", () => {
  it.each([
    ["", {}],
    ["a.gguf", { sequences: 0 }],
    ["a.gguf", { contextSize: 1.5 }],
    ["a.gguf", { context: 5 }],
  ])("refuses the settings %j %j", (path, options) => {
    expect(() => localModel(path, options as object)).toThrow(AiLibError);
  });

  it("needs a file that exists", async () => {
    const call = new AiClient(localModel("none.gguf")).chat("Hello");
    await expect(call).rejects.toMatchObject({ code: "MODEL_NOT_FOUND", local: true });
  });
});
