import fc from "fast-check";
import { expect, it } from "vitest";
import { framesFor, replayBody, replayFrames, responseOf, targetFor } from "../../../test/support/halves.js";
import { survivesAnything } from "../../../test/support/hostile.js";
import { canonical } from "../../../test/support/recordings.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ChatResponse } from "../../core/values/chat-response.js";
import type { JsonObject } from "../../core/values/json.js";
import type { ContentPart, Message } from "../../core/values/message.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";

const target = { ...targetFor("cohere"), model: "asked" };

const word = fc.string({ minLength: 1, maxLength: 8, unit: "binary" }).filter((text) => text.trim() !== "");
const object = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.oneof(word, fc.integer(), fc.boolean()), {
  maxKeys: 3,
}) as fc.Arbitrary<JsonObject>;
const text = word.map((value) => ({ type: "text" as const, text: value }));
const image = fc.constantFrom(
  { type: "image" as const, data: "aGk=", mediaType: "image/png" },
  { type: "image" as const, url: "https://example.com/a.png", detail: "low" as const },
);
const reasoning = word.map((value) => ({ type: "reasoning" as const, text: value }));
const call = fc.record({ type: fc.constant("tool-call" as const), id: word, name: word, arguments: object });

/** @param from who made the plan; a request does not tell. */
function plan(from: { provider?: string; model?: string }) {
  const origin = { family: "cohere", ...from, data: { field: "tool_plan" } };
  return word.map((value) => ({ type: "reasoning" as const, text: value, origin }));
}

const source = fc.constantFrom(
  { type: "source" as const, documentId: "d1", title: "T", quote: "q", url: "https://example.com" },
  {
    type: "source" as const,
    documentId: "f:0",
    quote: "r",
    origin: { family: "cohere", data: { type: "tool" } },
  },
);

/** Parts in the order of `cannot`: plan, content with what cites it, calls. */
function said(planned: ReturnType<typeof plan>) {
  const cited = fc.tuple(fc.oneof(text, reasoning), fc.array(source, { maxLength: 2 }));
  return fc
    .tuple(
      fc.option(planned),
      fc.array(cited, { minLength: 1, maxLength: 3 }),
      fc.uniqueArray(call, { maxLength: 2, selector: (one) => one.id }),
    )
    .map(([first, groups, calls]) => {
      const parts: ContentPart[] = first === null ? [] : [first];
      for (const [part, sources] of groups) {
        const index = parts.length;
        parts.push(part, ...sources.map((one, i) => ({ ...one, cites: { index, start: 0, end: i + 1 } })));
      }
      return [...parts, ...calls];
    });
}

const usage = fc.record(
  {
    inputTokens: fc.nat(9999),
    outputTokens: fc.nat(9999),
    cachedInputTokens: fc.nat(99),
    reasoningTokens: fc.nat(99),
  },
  { requiredKeys: ["inputTokens", "outputTokens"] },
);

const responses = fc
  .record({
    parts: said(plan({ provider: "cohere", model: "asked" })),
    usage,
    finishReason: fc.constantFrom(
      "stop" as const,
      "length" as const,
      "content-filter" as const,
      "other" as const,
    ),
  })
  .map(({ parts, ...facts }) => responseOf(parts, { id: "i", ...facts }));

/** What a reply says: no facts of the call around it, and no words of one provider alone. */
function told(response: ChatResponse) {
  const { raw: _raw, ...counted } = response.usage;
  const { id, content, finishReason } = response;
  return { id, content, finishReason, usage: counted };
}

it("a reply survives the server half and the client half", () => {
  fc.assert(
    fc.property(responses, (response) => {
      const { body } = server.encode(response, { id: "served", created: 0 });
      const outcome = replayBody(client, target, body);
      expect("response" in outcome && told(outcome.response)).toEqual(told(response));
    }),
  );
});

it("a stream survives both halves, and says what the whole reply says", () => {
  fc.assert(
    fc.property(responses, (response) => {
      const { outcome } = replayFrames(client, target, framesFor(server, response));
      expect(outcome !== undefined && "response" in outcome && told(outcome.response)).toEqual(
        told(response),
      );
    }),
  );
});

const results = (message: Message): Message[] => {
  if (message.role !== "assistant" || typeof message.content === "string") return [message];
  const content = message.content.flatMap((part) =>
    part.type === "tool-call"
      ? [{ type: "tool-result" as const, id: part.id, content: [{ type: "text" as const, text: "ok" }] }]
      : [],
  );
  return content.length === 0 ? [message] : [message, { role: "tool", content }];
};

/** Sources stand behind all content of a turn in a request: their citations are one list. */
const history = said(plan({})).map((parts) => [
  ...parts.filter((part) => part.type !== "source" && part.type !== "tool-call"),
  ...parts.filter((part) => part.type === "tool-call"),
]);

const turns = fc
  .array(
    fc.oneof(
      fc.record({
        role: fc.constant("user" as const),
        content: fc.oneof(word, fc.array(fc.oneof(text, image), { minLength: 1, maxLength: 3 })),
      }),
      fc.record({
        role: fc.constant("system" as const),
        content: fc.oneof(word, fc.array(text, { minLength: 1, maxLength: 2 })),
      }),
      fc.record({ role: fc.constant("assistant" as const), content: fc.oneof(word, history) }),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((messages) => (messages as Message[]).flatMap(results));

const tools = fc.boolean().chain((strict) =>
  fc.array(
    fc.record(
      {
        type: fc.constant("function" as const),
        name: word,
        description: word,
        parameters: object,
        strict: fc.constant(strict),
      },
      { requiredKeys: ["type", "name", "parameters", "strict"] },
    ),
    { minLength: 1, maxLength: 3 },
  ),
);

const requests = fc.record(
  {
    model: fc.constant("asked"),
    messages: turns,
    tools,
    toolChoice: fc.constantFrom("none" as const, "required" as const),
    responseFormat: fc.constantFrom(
      { type: "text" as const },
      { type: "json" as const },
      { type: "json-schema" as const, schema: { type: "object" } },
    ),
    maxTokens: fc.nat(),
    temperature: fc.constantFrom(0, 0.3, 2),
    topP: fc.constantFrom(0.01, 0.5, 0.99),
    topK: fc.nat(500),
    stop: fc.array(word, { minLength: 1, maxLength: 5 }),
    seed: fc.nat(),
    presencePenalty: fc.constantFrom(0, 0.5, 1),
    frequencyPenalty: fc.constantFrom(0, 0.5, 1),
    logprobs: fc.boolean(),
    reasoning: fc.constantFrom({ effort: "none" }, { effort: "high" }, { budgetTokens: 5 }),
    extensions: object
      .filter((fields) => Object.keys(fields).length > 0)
      .map((fields) => ({ "cohere-chat": { citation_options: fields } })),
  },
  { requiredKeys: ["model", "messages"] },
) as fc.Arbitrary<ChatRequest>;

it("a request survives the client half and the server half, without a warning", () => {
  fc.assert(
    fc.property(requests, fc.constantFrom("unary" as const, "stream" as const), (request, mode) => {
      const { http, warnings } = client.encode(request, mode, target);
      expect(warnings).toEqual([]);
      const again = server.decode(http);
      expect(again.mode).toBe(mode);
      expect(JSON.parse(canonical(again.request))).toEqual(JSON.parse(canonical(request)));
    }),
  );
});

it("the list of models survives both halves", () => {
  const models = [
    {
      id: "a",
      provider: "cohere",
      contextWindow: 5,
      tools: true,
      reasoning: false,
      structuredOutput: true,
      input: ["text" as const, "image" as const],
    },
    { id: "b", provider: "cohere" },
  ];
  const reply = server.models?.encode(models);
  expect(reply !== undefined && client.models?.decode(reply, target)).toEqual(models);
});

it("anything may stand anywhere on the wire", () => {
  const request: ChatRequest = {
    messages: [
      { role: "system", content: [{ type: "text", text: "s" }] },
      {
        role: "user",
        content: [
          { type: "text", text: "x" },
          { type: "image", url: "https://example.com/a.png", detail: "low" },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "p", origin: { family: "cohere", data: { field: "tool_plan" } } },
          { type: "reasoning", text: "r" },
          { type: "text", text: "x" },
          { type: "source", documentId: "3", cites: { index: 2, start: 0, end: 1 } },
          { type: "tool-call", id: "a", name: "f", arguments: { a: 1 } },
        ],
      },
      { role: "tool", content: [{ type: "tool-result", id: "a", content: [{ type: "text", text: "ok" }] }] },
    ],
    tools: [{ type: "function", name: "f", parameters: { type: "object" } }],
    toolChoice: "required",
    responseFormat: { type: "json-schema", schema: {} },
    stop: ["a"],
    reasoning: { budgetTokens: 2 },
  };
  const response = responseOf(
    [
      { type: "reasoning", text: "p", origin: { family: "cohere", data: { field: "tool_plan" } } },
      { type: "reasoning", text: "r" },
      { type: "text", text: "x", logprobs: [{ token: "x", logprob: -1 }] },
      { type: "source", documentId: "3", quote: "q", cites: { index: 2, start: 0, end: 1 } },
      { type: "tool-call", id: "a", name: "f", arguments: { a: 1 } },
    ],
    { finishReason: "tool-calls", usage: { inputTokens: 1, outputTokens: 2, cachedInputTokens: 1 } },
  );
  survivesAnything(client, server, target, request, response);
});
