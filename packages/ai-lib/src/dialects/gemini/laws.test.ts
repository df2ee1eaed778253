import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../core/contract/dialect.js";
import type { Frame } from "../../core/contract/transport.js";
import { buildResponse, Fold } from "../../core/kinds/chat/fold.js";
import { replayEvents } from "../../core/kinds/chat/replay.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ChatResponse, EndFacts } from "../../core/values/chat-response.js";
import type { Json, JsonObject } from "../../core/values/json.js";
import type { AssistantMessage, ContentPart, Message, Origin, UserPart } from "../../core/values/message.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";
import { cannot } from "./shared/cannot.js";

const target: DialectTarget = { provider: "google", model: "gemini-3-flash-preview", quirks: {}, now: 0 };
const frame = { provider: "google", model: target.model, id: "r1", attempts: [], estimateInput: () => 0 };

const words = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
  fc.constantFrom("{}", '{"output":"x"}', '{"a": 1}', '{"a":1}', "null", " ", "\n", "\u2028", "🌡️ 25°C"),
);
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,11}$/);
const base64 = fc.constantFrom("AAAA", "iVBORw0KGgo=", "SGVsbG8=");
const json: fc.Arbitrary<Json> = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
  ),
  value: fc.oneof(
    { depthSize: "small" },
    tie("leaf"),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie("value"), { maxKeys: 3 }),
  ),
})).value as fc.Arbitrary<Json>;
const object = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), json, { maxKeys: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

const signature = fc.stringMatching(/^[A-Za-z0-9+/]{4,20}$/);
/** State as a decoder gives it: a reply's names its provider and model, a server half knows neither. */
const state = (more: Partial<Origin>): fc.Arbitrary<{ origin?: Origin }> =>
  fc.oneof(
    fc.constant({}),
    signature.map((thoughtSignature) => ({
      origin: { family: "google", ...more, data: { thoughtSignature } },
    })),
  );

/** Parts of an answer in the form in which they come back: neighbouring words are one part, sources come last. */
function partsIn(more: Partial<Origin>): fc.Arbitrary<ContentPart> {
  const origin = state(more);
  const withState = <T extends ContentPart>(part: fc.Arbitrary<T>): fc.Arbitrary<T> =>
    fc.tuple(part, origin).map(([one, own]) => ({ ...one, ...own }));
  return fc.oneof(
    withState(words.map((text) => ({ type: "text" as const, text }))),
    withState(words.map((text) => ({ type: "reasoning" as const, text }))),
    withState(fc.record({ type: fc.constant("tool-call" as const), id: fc.uuid(), name, arguments: object })),
    withState(
      fc.record({
        type: fc.constant("tool-call" as const),
        id: fc.uuid(),
        name: fc.constantFrom("GOOGLE_SEARCH_WEB", "FILE_SEARCH"),
        arguments: object,
        executedBy: fc.constant("provider" as const),
      }),
    ),
    withState(
      fc.record({
        type: fc.constant("tool-call" as const),
        id: fc.uuid(),
        name: fc.constant("codeExecution"),
        arguments: fc.record({ language: fc.constant("PYTHON"), code: words }),
        executedBy: fc.constant("provider" as const),
      }),
    ),
    withState(
      fc.record(
        {
          type: fc.constant("tool-result" as const),
          id: fc.uuid(),
          name: fc.constantFrom("codeExecution", "URL_CONTEXT"),
          content: words,
          isError: fc.constant(true as const),
          executedBy: fc.constant("provider" as const),
        },
        { requiredKeys: ["type", "id", "name", "content", "executedBy"] },
      ),
    ),
    withState(
      fc.record({
        type: fc.constant("image" as const),
        mediaType: fc.constantFrom("image/png", "image/webp"),
        data: base64,
      }),
    ),
    withState(
      fc.record({
        type: fc.constant("audio" as const),
        mediaType: fc.constant("audio/L16;rate=24000"),
        data: base64,
      }),
    ),
    withState(
      fc.record({
        type: fc.constant("file" as const),
        mediaType: fc.constant("application/pdf"),
        url: fc.webUrl(),
      }),
    ),
  );
}

/** Neighbours that the wire cannot hold apart go. */
function wellOrdered(parts: readonly ContentPart[]): ContentPart[] {
  return parts.filter((part, place) => {
    const before = parts[place - 1];
    const merges = part.type === "text" || part.type === "reasoning" || part.type === "audio";
    return !(merges && before?.type === part.type);
  });
}

const source = fc.record(
  { type: fc.constant("source" as const), url: fc.webUrl(), title: words, documentId: name, quote: words },
  { requiredKeys: ["type", "url"] },
);

const usage = fc
  .record({ input: fc.nat(9_999), output: fc.nat(9_999), cached: fc.nat(99), thoughts: fc.nat(99) })
  .map(({ input, output, cached, thoughts }) => ({
    inputTokens: input + cached,
    outputTokens: output + thoughts,
    cachedInputTokens: cached,
    reasoningTokens: thoughts,
  }));

const answer: fc.Arbitrary<{ content: ContentPart[]; facts: EndFacts }> = fc
  .tuple(
    fc.array(partsIn({ provider: "google", model: "gemini-x" }), { maxLength: 6 }),
    fc.array(source, { maxLength: 3 }),
    usage,
    fc.constantFrom("stop", "length", "content-filter", "other" as const),
    fc.option(fc.constantFrom("standard", "flex"), { nil: undefined }),
    fc.option(fc.record({ finishMessage: words, avgLogprobs: fc.constant(-0.5) }), { nil: undefined }),
  )
  .map(([parts, sources, counted, finishReason, serviceTier, own]) => {
    const content: ContentPart[] = wellOrdered(parts);
    // A citation of the first text, from its first character to its last.
    const index = content.findIndex((part) => part.type === "text");
    const text = content[index];
    const cites = text?.type === "text" ? { cites: { index, start: 0, end: text.text.length } } : {};
    const cited = sources.map((one, place) => (place === 0 ? { ...one, ...cites } : one));
    return {
      content: [...content, ...cited],
      facts: {
        finishReason: finishReason as EndFacts["finishReason"],
        usage: counted,
        id: "r1",
        model: "gemini-x",
        ...(serviceTier === undefined ? {} : { serviceTier }),
        ...(own === undefined ? {} : { extensions: { gemini: own } }),
      },
    };
  });

/** A response but for what only this side knows: the raw usage and word, and the copies of facts. */
function essence(
  response: Pick<
    ChatResponse,
    "content" | "finishReason" | "usage" | "id" | "model" | "extensions" | "serviceTier"
  >,
) {
  const { raw: _raw, ...counted } = response.usage;
  const own = { ...(response.extensions?.["gemini"] ?? {}) } as { [key: string]: unknown };
  delete own["groundingMetadata"];
  return {
    content: response.content,
    finishReason: response.finishReason,
    usage: counted,
    id: response.id,
    model: response.model,
    serviceTier: response.serviceTier,
    own,
  };
}

function throughReply(response: ChatResponse): ChatResponse {
  const reply = client.decode(server.encode(response, { id: "other", created: 0 }), target);
  return buildResponse(reply.content, reply.facts, reply.warnings ?? [], frame);
}

function throughStream(
  response: ChatResponse,
  content: readonly ContentPart[],
  facts: EndFacts,
): ChatResponse {
  const frames: Frame[] = [];
  const encoder = server.encoder((one) => frames.push(one), { id: "other", created: 0 });
  for (const event of replayEvents(content, facts)) encoder.event(event);
  encoder.finish(response);
  const fold = new Fold();
  let ended: EndFacts | undefined;
  const decoder = client.decoder(target, {
    event: (event) => fold.add(event),
    finish(end) {
      ended = end;
    },
    fail(error) {
      throw error;
    },
  });
  for (const one of frames) decoder.frame(one);
  decoder.end();
  if (ended === undefined) throw new Error("no ending");
  return fold.build(ended, frame);
}

describe("an answer", () => {
  it("survives the server's half and the client's, whole and streamed", () => {
    fc.assert(
      fc.property(answer, ({ content, facts }) => {
        const response = buildResponse(content, facts, [], frame);
        expect(essence(throughReply(response))).toEqual(essence(response));
        expect(essence(throughStream(response, content, facts))).toEqual(essence(response));
      }),
      { numRuns: 400 },
    );
  });

  it("that began anew is an error, since what was written cannot be taken back", () => {
    const frames: Frame[] = [];
    const encoder = server.encoder((one) => frames.push(one), { id: "r", created: 0 });
    encoder.event({ type: "part-start", index: 0, part: { type: "text" } });
    encoder.event({ type: "text-delta", index: 0, text: "a" });
    encoder.event({ type: "restart" });
    encoder.event({ type: "text-delta", index: 0, text: "b" });
    expect(frames).toHaveLength(2);
    expect(frames[1]?.data).toContain('"error"');
  });
});

const media: fc.Arbitrary<UserPart> = fc.oneof(
  fc.record({ type: fc.constant("image" as const), mediaType: fc.constant("image/png"), data: base64 }),
  fc.record({ type: fc.constant("audio" as const), mediaType: fc.constant("audio/wav"), data: base64 }),
  fc.record({ type: fc.constant("file" as const), mediaType: fc.constant("video/mp4"), url: fc.webUrl() }),
);
const ownFields = fc.option(
  fc.record({
    gemini: fc.dictionary(fc.stringMatching(/^x[A-Z][a-z]{1,5}$/), fc.integer(), { minKeys: 1, maxKeys: 2 }),
  }),
  { nil: undefined },
);
const extended = <T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc
    .tuple(arbitrary, ownFields)
    .map(([one, extensions]) => (extensions === undefined ? one : { ...one, extensions }));

const userMessage: fc.Arbitrary<Message> = extended(
  fc.record({
    role: fc.constant("user" as const),
    content: fc.oneof(
      words,
      fc.array(
        extended(
          fc.oneof(
            media,
            words.map((text) => ({ type: "text" as const, text })),
          ),
        ),
        { minLength: 2, maxLength: 3 },
      ),
    ),
  }),
);
/** A model's turn and the results of its calls. */
const exchange: fc.Arbitrary<Message[]> = fc
  .tuple(
    fc.array(partsIn({}), { minLength: 2, maxLength: 4 }),
    fc.array(fc.tuple(words, fc.boolean(), fc.option(media, { nil: undefined })), {
      minLength: 4,
      maxLength: 4,
    }),
  )
  .map(([parts, outcomes]) => {
    const turn: AssistantMessage = {
      role: "assistant",
      content: signedFirst([...parts, { type: "text", text: "." }]),
    };
    const results = parts.flatMap((part, place) => {
      if (part.type !== "tool-call" || part.executedBy !== undefined) return [];
      const [text, isError, picture] = outcomes[place] ?? ["", false, undefined];
      return [
        {
          type: "tool-result" as const,
          id: part.id,
          content: picture === undefined ? text : [{ type: "text" as const, text }, picture],
          ...(isError ? { isError } : {}),
        },
      ];
    });
    return results.length === 0 ? [turn] : [turn, { role: "tool", content: results }];
  });

/** Calls without any signature get one that passes, so a history of another model is not quite the same. */
function signedFirst(parts: ContentPart[]): ContentPart[] {
  return parts.map((part) =>
    part.type === "tool-call" && part.executedBy === undefined && part.origin === undefined
      ? { ...part, origin: { family: "google", data: { thoughtSignature: "c2ln" } } }
      : part,
  );
}

const parameters = fc.constantFrom<JsonObject>(
  { type: "object", properties: { a: { type: "integer", enum: [1, 2] } }, required: ["a"] },
  { type: "object", properties: {} },
  { type: "object", properties: { t: { $ref: "#/$defs/T" } }, $defs: { T: { type: ["string", "null"] } } },
);
const request: fc.Arbitrary<ChatRequest> = fc
  .record(
    {
      model: fc.constant(target.model),
      messages: fc
        .tuple(
          fc.option(words, { nil: undefined }),
          userMessage,
          fc.array(exchange, { maxLength: 2 }),
          userMessage,
        )
        .map(([system, first, exchanges, last]): Message[] => [
          ...(system === undefined ? [] : [{ role: "system" as const, content: system }]),
          first,
          ...exchanges.flat(),
          last,
        ]),
      tools: fc.uniqueArray(
        extended(
          fc.record(
            { type: fc.constant("function" as const), name, description: words, parameters },
            { requiredKeys: ["type", "name", "parameters"] },
          ),
        ),
        { selector: (tool) => tool.name, minLength: 1, maxLength: 3 },
      ),
      toolChoice: fc.constantFrom("auto", "none", "required" as const),
      responseFormat: fc.constantFrom(
        { type: "json" as const },
        { type: "json-schema" as const, schema: { type: "object", properties: { a: { type: "string" } } } },
      ),
      maxTokens: fc.nat(),
      temperature: fc.constantFrom(0, 0.5, 2),
      topP: fc.constantFrom(0, 0.5),
      topK: fc.nat(),
      stop: fc.array(words, { minLength: 1, maxLength: 2 }),
      seed: fc.integer(),
      presencePenalty: fc.constantFrom(-1, 0),
      frequencyPenalty: fc.constantFrom(-1, 0),
      logprobs: fc.constantFrom(true, 3, 0),
      reasoning: fc.constantFrom(
        { effort: "low" as const },
        { effort: "high" as const },
        { budgetTokens: 512 },
        { effort: "minimal" as const },
      ),
      output: fc.constantFrom(
        { modalities: ["text" as const, "image" as const] },
        { modalities: ["audio" as const], audio: { voice: "Kore" } },
      ),
      serviceTier: fc.constantFrom("flex", "priority"),
      extensions: fc.record({
        gemini: fc.record({
          cachedContent: words,
          safetySettings: fc.constant([{ category: "X", threshold: "Y" }]),
        }),
      }),
    },
    { requiredKeys: ["model", "messages"] },
  )
  .map(({ toolChoice, ...rest }) =>
    rest.tools === undefined || toolChoice === undefined ? rest : { ...rest, toolChoice },
  ) as fc.Arbitrary<ChatRequest>;

describe("a request", () => {
  it("survives the client's half and the server's without a warning", () => {
    fc.assert(
      fc.property(request, fc.constantFrom("unary" as const, "stream" as const), (one, mode) => {
        const { http, warnings } = client.encode(one, mode, target);
        expect(warnings).toEqual([]);
        expect(server.matches(http)).toBe(true);
        expect(server.decode(http)).toEqual({ request: one, mode });
      }),
      { numRuns: 400 },
    );
  });

  const lossy: [field: string, request: Partial<ChatRequest>][] = [
    ["parallelToolCalls", { parallelToolCalls: false }],
    ["cacheKey", { cacheKey: "k" }],
    ["user", { user: "u" }],
    ["metadata", { metadata: { a: 1 } }],
    ["reasoning.effort", { reasoning: { effort: "max" } }],
    ["reasoning.effort", { reasoning: { effort: "low", budgetTokens: 9 } }],
    ["reasoning.summary", { reasoning: { effort: "low", summary: "detailed" } }],
    ["responseFormat.name", { responseFormat: { type: "json-schema", schema: {}, name: "n" } }],
    ["responseFormat.description", { responseFormat: { type: "json-schema", schema: {}, description: "d" } }],
    ["responseFormat.strict", { responseFormat: { type: "json-schema", schema: {}, strict: false } }],
    ["output.audio.format", { output: { audio: { format: "mp3" } } }],
    ["tools.0.cache", { tools: [{ type: "function", name: "f", parameters: {}, cache: {} }] }],
    ["tools.0", { tools: [{ type: "provider", id: "openai/web_search" }] }],
    [
      "tools.0.strict",
      {
        tools: [
          { type: "function", name: "f", parameters: {}, strict: true },
          { type: "function", name: "g", parameters: {} },
        ],
      },
    ],
    ["messages.0.cache", { messages: [{ role: "user", content: "x", cache: {} }] }],
    [
      "messages.0.content.0.cache",
      { messages: [{ role: "user", content: [{ type: "text", text: "x", cache: {} }] }] },
    ],
    ["messages.0.name", { messages: [{ role: "user", content: "x", name: "n" }] }],
    [
      "messages.1",
      {
        messages: [
          { role: "user", content: "x" },
          { role: "system", content: "y" },
        ],
      },
    ],
    [
      "messages.0.content.0.detail",
      {
        messages: [
          { role: "user", content: [{ type: "image", url: "https://x.test/a.png", detail: "low" }] },
        ],
      },
    ],
    [
      "messages.0.content.0.name",
      { messages: [{ role: "user", content: [{ type: "file", url: "https://x.test/a", name: "n" }] }] },
    ],
    [
      "messages.0.content.0.transcript",
      {
        messages: [{ role: "user", content: [{ type: "audio", url: "https://x.test/a", transcript: "n" }] }],
      },
    ],
    ...(
      [
        ["", { type: "refusal", text: "no" }],
        ["", { type: "source", url: "https://x.test" }],
        ["", { type: "reasoning", text: "", redacted: true }],
        ["", { type: "reasoning", text: "t", origin: { family: "anthropic", data: { signature: "s" } } }],
        [".origin", { type: "text", text: "t", origin: { family: "openai", data: { id: "s" } } }],
        ["", { type: "tool-call", id: "1", name: "f", argumentsText: '{"a' }],
        ["", { type: "tool-call", id: "1", name: "web_search", arguments: {}, executedBy: "provider" }],
        ["", { type: "tool-result", id: "1", name: "web_search", content: "", executedBy: "provider" }],
        [".logprobs", { type: "text", text: "t", logprobs: [{ token: "t", logprob: 0 }] }],
      ] as [string, ContentPart][]
    ).map(([tail, part]): [string, Partial<ChatRequest>] => [
      `messages.0.content.0${tail}`,
      {
        messages: [
          { role: "assistant", content: [part] },
          { role: "user", content: "x" },
        ],
      },
    ]),
  ];
  it.each(lossy)("says what it loses: %s", (field, part) => {
    const { warnings } = client.encode(
      { messages: [{ role: "user", content: "x" }], ...part },
      "unary",
      target,
    );
    expect(warnings.map((warning) => warning.field)).toContain(field);
    const path = field.replace(/\.\d+/g, "");
    expect(Object.keys(cannot).some((key) => key === path || key.startsWith(`${path}.`))).toBe(true);
  });

  it("cannot go on from state that the provider does not keep", () => {
    const goOn: ChatRequest = {
      messages: [{ role: "user", content: "x" }],
      continues: { provider: "openai", id: "r" },
    };
    expect(() => client.encode(goOn, "unary", target)).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }),
    );
  });
});
