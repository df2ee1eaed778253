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

const target = { ...targetFor("mistral"), model: "asked" };

const word = fc.string({ minLength: 1, maxLength: 8, unit: "binary" }).filter((text) => text.trim() !== "");
const id = fc.stringMatching(/^[A-Za-z0-9]{9}$/);
const object = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), fc.oneof(word, fc.integer(), fc.boolean()), {
  maxKeys: 3,
}) as fc.Arbitrary<JsonObject>;
const text = word.map((value) => ({ type: "text" as const, text: value }));
const media = fc.constantFrom({ data: "aGk=", mediaType: "image/png" }, { url: "https://example.com/a.png" });
const image = fc
  .tuple(media, fc.constantFrom({}, { detail: "low" as const }))
  .map(([where, detail]) => ({ type: "image" as const, ...where, ...detail }));
const audio = fc.constantFrom(
  { type: "audio" as const, data: "aGk=", mediaType: "audio/mpeg" },
  { type: "audio" as const, data: "aGk=", mediaType: "audio/flac" },
  { type: "audio" as const, url: "https://example.com/a.mp3" },
);
const file = fc.constantFrom(
  { type: "file" as const, data: "aGk=", mediaType: "application/pdf", name: "a.pdf" },
  { type: "file" as const, url: "https://example.com/a.pdf" },
  { type: "file" as const, uploaded: { provider: "mistral-chat", id: "f1" } },
);
/** @param from who sent the signature; a request does not tell. */
function thinking(from: { provider?: string; model?: string }) {
  return fc.tuple(word, fc.option(word)).map(([value, signature]) => ({
    type: "reasoning" as const,
    text: value,
    ...(signature === null ? {} : { origin: { family: "mistral", ...from, data: { signature } } }),
  }));
}
const reasoning = thinking({ provider: "mistral", model: "asked" });
const source = fc.constantFrom(
  { type: "source" as const, documentId: "3" },
  { type: "source" as const, documentId: "doc" },
  { type: "source" as const, url: "https://example.com", title: "T", quote: "q" },
);
const call = fc.record({ type: fc.constant("tool-call" as const), id, name: word, arguments: object });

/** Neighbouring texts and thoughts would be one, and calls come last: see `cannot`. */
const answerParts = fc
  .tuple(
    fc.array(fc.oneof(text, reasoning, source, image), { maxLength: 5 }),
    fc.array(call, { maxLength: 3 }),
  )
  .map(([parts, calls]) => [
    ...parts.filter(
      (part, i) => part.type !== parts[i - 1]?.type || part.type === "source" || part.type === "image",
    ),
    ...calls,
  ]) as fc.Arbitrary<ContentPart[]>;

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
    parts: answerParts,
    usage,
    finishReason: fc.constantFrom(
      "stop" as const,
      "length" as const,
      "content-filter" as const,
      "other" as const,
    ),
    serviceTier: fc.option(fc.constant("standard")),
  })
  .map(({ parts, serviceTier, ...facts }) =>
    responseOf(parts, { id: "i", model: "m", ...facts, ...(serviceTier === null ? {} : { serviceTier }) }),
  );

/** What a reply says: no facts of the call around it, and no words of one provider alone. */
function said(response: ChatResponse) {
  const { raw: _raw, ...counted } = response.usage;
  const { id: answerId, model, content, finishReason, serviceTier } = response;
  return { answerId, model, content, finishReason, serviceTier, usage: counted };
}

it("a reply survives the server half and the client half", () => {
  fc.assert(
    fc.property(responses, (response) => {
      const { body } = server.encode(response, { id: "served", created: 0 });
      const outcome = replayBody(client, target, body);
      expect("response" in outcome && said(outcome.response)).toEqual(said(response));
    }),
  );
});

it("a stream survives both halves, and says what the whole reply says", () => {
  fc.assert(
    fc.property(responses, (response) => {
      const { outcome } = replayFrames(client, target, framesFor(server, response));
      expect(outcome !== undefined && "response" in outcome && said(outcome.response)).toEqual(
        said(response),
      );
    }),
  );
});

const userParts = fc.array(fc.oneof(text, image, audio, file), { minLength: 1, maxLength: 3 });
const turns = fc
  .array(
    fc.oneof(
      fc.record({ role: fc.constant("user" as const), content: fc.oneof(word, userParts) }),
      fc.record({
        role: fc.constant("system" as const),
        content: fc.oneof(word, fc.array(text, { minLength: 1, maxLength: 2 })),
      }),
      fc.record({
        role: fc.constant("assistant" as const),
        content: fc.oneof(
          word,
          fc.array(fc.oneof(text, thinking({}), source), { minLength: 1, maxLength: 3 }),
        ),
      }),
      fc
        .uniqueArray(call, { minLength: 1, maxLength: 2, selector: (one) => one.id })
        .map((calls) => ({ role: "assistant" as const, content: calls })),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((messages): Message[] =>
    (messages as Message[]).flatMap((message) => {
      if (message.role !== "assistant" || typeof message.content === "string") return [message];
      const results = message.content.flatMap((part) =>
        part.type === "tool-call"
          ? [{ type: "tool-result" as const, id: part.id, name: part.name, content: "ok" }]
          : [],
      );
      return results.length === 0 ? [message] : [message, { role: "tool", content: results }];
    }),
  );

const tool = fc.record(
  {
    type: fc.constant("function" as const),
    name: word,
    description: word,
    parameters: object,
    strict: fc.boolean(),
  },
  { requiredKeys: ["type", "name", "parameters"] },
);

const requests = fc.record(
  {
    model: fc.constant("asked"),
    messages: turns,
    tools: fc.array(
      fc.oneof(
        tool,
        fc.constant({ type: "provider" as const, id: "mistral/web_search" as const, options: { a: 1 } }),
      ),
      { minLength: 1, maxLength: 3 },
    ),
    toolChoice: fc.constantFrom("auto" as const, "none" as const, "required" as const, { name: "f" }),
    parallelToolCalls: fc.boolean(),
    responseFormat: fc.constantFrom(
      { type: "text" as const },
      { type: "json" as const },
      {
        type: "json-schema" as const,
        schema: { type: "object" },
        name: "n",
        description: "d",
        strict: false,
      },
    ),
    maxTokens: fc.nat(),
    temperature: fc.double({ min: 0, max: 2, noNaN: true }).map((value) => value + 0),
    topP: fc.constantFrom(0, 0.5, 1),
    stop: fc.array(word, { minLength: 1, maxLength: 3 }),
    seed: fc.nat(),
    presencePenalty: fc.constantFrom(-2, 0, 2),
    frequencyPenalty: fc.constantFrom(-2, 0, 2),
    logprobs: fc.oneof(fc.boolean(), fc.nat(20)),
    reasoning: fc
      .constantFrom("none", "minimal", "low", "medium", "high", "max")
      .map((effort) => ({ effort })),
    serviceTier: word,
    cacheKey: word,
    metadata: object,
    extensions: object
      .filter((fields) => Object.keys(fields).length > 0)
      .map((fields) => ({ "mistral-chat": { x_fields: fields } })),
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
      provider: "mistral",
      name: "A",
      createdAt: 1000,
      ownedBy: "mistralai",
      contextWindow: 5,
      tools: true,
      reasoning: false,
      input: ["text" as const, "image" as const],
    },
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
          { type: "audio", data: "aGk=", mediaType: "audio/wav" },
          { type: "file", data: "aGk=", mediaType: "application/pdf", name: "n" },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "reasoning", text: "r" },
          { type: "source", documentId: "3" },
          { type: "source", url: "https://example.com", title: "T" },
          { type: "tool-call", id: "abcdefghi", name: "f", arguments: { a: 1 } },
        ],
      },
      { role: "tool", content: [{ type: "tool-result", id: "abcdefghi", content: "ok" }] },
    ],
    tools: [{ type: "function", name: "f", parameters: { type: "object" } }],
    toolChoice: { name: "f" },
    responseFormat: { type: "json-schema", schema: {} },
    stop: ["a"],
    logprobs: 2,
    reasoning: { effort: "high" },
  };
  const response = responseOf(
    [
      { type: "reasoning", text: "r", origin: { family: "mistral", data: { signature: "s" } } },
      {
        type: "text",
        text: "x",
        logprobs: [{ token: "x", logprob: -1, top: [{ token: "y", logprob: -2 }] }],
      },
      { type: "source", documentId: "3" },
      { type: "image", data: "aGk=", mediaType: "image/png" },
      { type: "tool-call", id: "abcdefghi", name: "f", arguments: { a: 1 } },
    ],
    { finishReason: "tool-calls", usage: { inputTokens: 1, outputTokens: 2, cachedInputTokens: 1 } },
  );
  survivesAnything(client, server, target, request, response);
});
