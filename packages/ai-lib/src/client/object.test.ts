import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { errorOf } from "../../test/support/calls.js";
import type { ChatEvent } from "../core/values/chat-event.js";
import { failover } from "../strategies/failover.js";
import { type Script, type ScriptedReply, scripted } from "../testing/scripted.js";
import { AiClient } from "./ai-client.js";
import type { AnySchema } from "./standard-schema.js";

/** One shape in four languages: items with a price. */
const schemas: [string, AnySchema][] = [
  ["zod", z.object({ items: z.array(z.object({ price: z.number() })) })],
  ["valibot", v.object({ items: v.array(v.object({ price: v.number() })) })],
  ["arktype", type({ items: type({ price: "number" }).array() })],
  [
    "JSON Schema",
    {
      type: "object",
      required: ["items"],
      properties: {
        items: {
          type: "array",
          items: { type: "object", required: ["price"], properties: { price: { type: "number" } } },
        },
      },
    },
  ],
];
const zod = schemas[0]?.[1] as AnySchema;
const anything = { type: "object" };

function clientOf(reply: ScriptedReply, more: Partial<Script> = {}) {
  const model = scripted({ name: "m", replies: [reply], ...more });
  return { model, client: new AiClient(model) };
}

const calls = (args: string, name = "response"): ChatEvent[] => [
  { type: "part-start", index: 0, part: { type: "tool-call", id: "1", name } },
  ...(args.match(/.{1,3}/gs) ?? []).map((text): ChatEvent => ({ type: "tool-call-delta", index: 0, text })),
];

describe.each(schemas)("an object by a schema of %s", (_, schema) => {
  it("is what the model wrote, if that fits", async () => {
    const { client, model } = clientOf({ text: '{"items":[{"price":0}]}' });
    const { object, mode } = await client.object(schema, "?");
    expect(object).toEqual({ items: [{ price: 0 }] });
    expect(mode).toBe("native");
    expect(model.requests[0]?.responseFormat).toMatchObject({
      type: "json-schema",
      schema: { type: "object", required: ["items"] },
    });
    expect(JSON.stringify(model.requests[0])).not.toContain("$schema");
  });

  it("that does not fit is an error that names the path", async () => {
    const text = '{"items":[{"price":1},{"price":"two"}]}';
    const error = await errorOf(clientOf({ text }).client.object(schema, "?"));
    expect(error).toMatchObject({ code: "INVALID_RESPONSE", body: text, partial: { text } });
    expect(error.message).toMatch(/items\.1\.price/);
  });

  it("that lacks a field is an error too", async () => {
    const error = await errorOf(clientOf({ text: "{}" }).client.object(schema, "?"));
    expect(error.code).toBe("INVALID_RESPONSE");
    expect(error.message).toContain("items");
  });

  it("can arrive as the arguments of a tool that the model must call", async () => {
    const { client, model } = clientOf({ events: calls('{"items":[]}'), finishReason: "tool-calls" });
    const { object, mode } = await client.object(schema, "?", { mode: "tool", schemaName: "response" });
    expect([object, mode]).toEqual([{ items: [] }, "tool"]);
    expect(model.requests[0]).toMatchObject({ toolChoice: { name: "response" }, parallelToolCalls: false });
    expect(model.requests[0]?.responseFormat).toBeUndefined();
  });
});

describe("an object", () => {
  it.each([
    ['```json\n{"a":1}\n```', { a: 1 }],
    ['```\n{"a":1}```', { a: 1 }],
    ['```JSON {"a":"```"} ```', { a: "```" }],
    ['  {"a":1}\n', { a: 1 }],
  ])("is read from %j", async (text, object) => {
    expect((await clientOf({ text }).client.object(anything, "?")).object).toEqual(object);
  });

  it.each(["null", "false", "0", '""', "[]"])("may be %s if the schema says so", async (text) => {
    expect((await clientOf({ text }).client.object({}, "?")).object).toEqual(JSON.parse(text));
  });

  it("of blanks within a fence is refused immediately", async () => {
    const text = `\`\`\`${" ".repeat(200_000)}x`;
    const error = await errorOf(clientOf({ text: `${text}\`\`\`` }).client.object(anything, "?"));
    expect(error.code).toBe("INVALID_RESPONSE");
    expect((await errorOf(clientOf({ text }).client.object(anything, "?"))).code).toBe("INVALID_RESPONSE");
  }, 2_000);

  const refusal: ChatEvent[] = [
    { type: "part-start", index: 0, part: { type: "refusal" } },
    { type: "refusal-delta", index: 0, text: "I will not" },
  ];
  const failures: [string, ScriptedReply, "native" | "tool", string, RegExp][] = [
    ["no JSON", { text: "Sure!" }, "native", "INVALID_RESPONSE", /no JSON/],
    ["a refusal", { events: refusal }, "native", "CONTENT_FILTERED", /refused/],
    ["a filter's end", { text: "", finishReason: "content-filter" }, "native", "CONTENT_FILTERED", /./],
    ["a cut text", { text: '{"a":', finishReason: "length" }, "native", "INVALID_RESPONSE", /maxTokens/],
    [
      "a cut call",
      { events: calls('{"a":'), finishReason: "length" },
      "tool",
      "INVALID_RESPONSE",
      /maxTokens/,
    ],
    ["words in place of a call", { text: "Sure!" }, "tool", "INVALID_RESPONSE", /did not call/],
    [
      "another tool's call",
      { events: calls("{}", "other"), finishReason: "tool-calls" },
      "tool",
      "INVALID_RESPONSE",
      /called the tool "other"/,
    ],
  ];
  it.each(failures)("that arrived as %s is an error with the answer", async (_, reply, mode, code, words) => {
    const error = await errorOf(clientOf(reply).client.object(anything, "?", { mode }));
    expect(error).toMatchObject({ code, message: expect.stringMatching(words) });
    expect(error.partial?.provider).toBe("m");
  });

  it("is requested by a tool if the model has no structured output", async () => {
    const { client } = clientOf(
      { events: calls("{}"), finishReason: "tool-calls" },
      { facts: { structuredOutput: false } },
    );
    expect((await client.object(anything, "?")).mode).toBe("tool");
    const asked = client.object(anything, "?", { mode: "native" });
    expect((await errorOf(asked)).message).toContain("no JSON");
  });

  it("is requested again by a tool if the target did not honour the schema", async () => {
    const warning = { code: "unsupported", message: "no schemas here", field: "responseFormat" } as const;
    const model = scripted({
      name: "m",
      replies: [
        {
          events: [
            { type: "warning", warning },
            { type: "part", index: 0, part: { type: "text", text: "Sure!" } },
          ],
        },
        { events: calls('{"a":1}'), finishReason: "tool-calls" },
      ],
    });
    expect(await new AiClient(model).object(anything, "?")).toMatchObject({ object: { a: 1 }, mode: "tool" });
  });

  it("rejects with the error of the call", async () => {
    const { client } = clientOf({ error: { code: "AUTH_FAILED", message: "no" } });
    expect((await errorOf(client.object(zod, "?"))).code).toBe("AUTH_FAILED");
    expect((await errorOf(client.streamObject(zod, "?").object())).code).toBe("AUTH_FAILED");
  });
});

async function collect(partials: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const partial of partials) all.push(structuredClone(partial));
  return all;
}

describe("an object as it arrives", () => {
  const pieces = ['{"items', '":[{"pri', 'ce":1},{"price":', "2}]}"];

  it("grows, and is checked once it is complete", async () => {
    const stream = clientOf({ text: pieces }).client.streamObject(zod, "?");
    const partials = await collect(stream.partials);
    expect(partials.length).toBeGreaterThan(2);
    expect(partials[0]).toEqual({});
    expect(partials.at(-1)).toEqual({ items: [{ price: 1 }, { price: 2 }] });
    expect((await stream.object()).object).toEqual({ items: [{ price: 1 }, { price: 2 }] });
  });

  it("can be requested complete before its partials are read", async () => {
    const stream = clientOf({ text: pieces }).client.streamObject(zod, "?");
    const [{ object }, partials] = await Promise.all([stream.object(), collect(stream.partials)]);
    expect(partials.at(-1)).toEqual(object);
  });

  it("sends one request, with or without partials, and none before it is read", async () => {
    const { client, model } = clientOf({ text: pieces });
    const stream = client.streamObject(zod, "?");
    expect(model.calls).toBe(0);
    await stream.object();
    await stream.object();
    expect(model.calls).toBe(1);
  });

  it("is watched within a fence, and as a tool's arguments", async () => {
    const fenced = clientOf({ text: ["```json\n", '{"a":', '"b"', "}\n", "```"] }).client;
    expect((await collect(fenced.streamObject(anything, "?").partials)).at(-1)).toEqual({ a: "b" });
    const tool = clientOf({ events: calls('{"a":"bcdefg"}'), finishReason: "tool-calls" }).client;
    const partials = await collect(tool.streamObject(anything, "?", { mode: "tool" }).partials);
    expect(partials).toContainEqual({ a: "bcd" });
    expect(partials.at(-1)).toEqual({ a: "bcdefg" });
  });

  it("ends complete, however long it is", async () => {
    const text = Array.from({ length: 400 }, (_, i) => `${i === 0 ? "[" : ","}${i}`);
    const partials = await collect(clientOf({ text: [...text, "]"] }).client.streamObject({}, "?").partials);
    expect(partials.at(-1)).toHaveLength(400);
    expect(partials.length).toBeLessThan(400);
  });

  it("starts again at a restart", async () => {
    const broken = scripted({
      name: "a",
      replies: [{ text: '{"a":"a long beginning that breaks', cut: true }],
    });
    const whole = scripted({ name: "b", replies: [{ text: ['{"b"', ":1}"] }] });
    const stream = new AiClient(failover([broken, whole])).streamObject(anything, "?", {
      midStream: "restart",
    });
    expect((await collect(stream.partials)).at(-1)).toEqual({ b: 1 });
    expect((await stream.object()).object).toEqual({ b: 1 });
  });

  it("does not treat a field of __proto__ as its own", async () => {
    const text = ['{"__proto__":{"admin":true},', '"a":[{"__proto__":{"admin":true}}]}'];
    const partials = await collectLive(clientOf({ text }).client.streamObject(anything, "?").partials);
    for (const partial of partials) {
      const { a } = partial as { a?: object[] };
      expect([partial, ...(a ?? [])].some((one) => "admin" in (one as object))).toBe(false);
    }
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it("closes its source when it is left, and rejects later requests", async () => {
    const { client, model } = clientOf({ text: pieces, silent: true });
    const stream = client.streamObject(anything, "?");
    for await (const _ of stream.partials) break;
    expect(model.aborted).toBe(1);
    expect((await errorOf(stream.object())).code).toBe("CANCELLED");
  });
});

async function collectLive(partials: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const partial of partials) all.push(partial);
  return all;
}

it("reads the final answer, without progress comments", async () => {
  const events: ChatEvent[] = [
    { type: "part-start", index: 0, part: { type: "text", phase: "commentary" } },
    { type: "text-delta", index: 0, text: "I look at {the list}." },
    { type: "part-end", index: 0 },
    { type: "part-start", index: 1, part: { type: "text", phase: "final-answer" } },
    { type: "text-delta", index: 1, text: '{"items":[{"price":2}]}' },
    { type: "part-end", index: 1 },
  ];
  const { client } = clientOf({ events });
  const { object } = await client.object(zod, "?");
  expect(object).toEqual({ items: [{ price: 2 }] });
  const streamed = client.streamObject(zod, "?");
  const partials: unknown[] = [];
  for await (const partial of streamed.partials) partials.push(partial);
  expect(partials.at(-1)).toEqual({ items: [{ price: 2 }] });
});
