import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../core/contract/dialect.js";
import type { Frame } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { REACTIONS } from "../../core/errors/reactions.js";
import { buildResponse, Fold } from "../../core/kinds/chat/fold.js";
import { replayEvents } from "../../core/kinds/chat/replay.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ChatResponse, EndFacts } from "../../core/values/chat-response.js";
import type { ErrorCode } from "../../core/values/error-code.js";
import type { JsonObject } from "../../core/values/json.js";
import type { ContentPart, Message } from "../../core/values/message.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";

const target: DialectTarget = { provider: "ollama", model: "qwen3:4b", quirks: {}, now: 0 };
const frame = { provider: "ollama", model: target.model, id: "local", attempts: [], estimateInput: () => 0 };
const facts = { id: "r", created: 1_760_000_000_000 };

const words = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }),
  fc.constantFrom("{}", "\n", "\u2028", "🌡️ 25°C", "<think>"),
);
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,11}$/);
const object = fc
  .dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.jsonValue(), { maxKeys: 4 })
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
const picture = fc.constantFrom(
  { type: "image" as const, mediaType: "image/png", data: "iVBORw0KGgo=" },
  { type: "image" as const, mediaType: "image/jpeg", data: "/9j/4AAQ" },
);
const call = fc.record({ type: fc.constant("tool-call" as const), id: fc.uuid(), name, arguments: object });

/** An answer in the order of the wire: thinking, text, pictures, calls; each may be missing. */
const content: fc.Arbitrary<ContentPart[]> = fc
  .tuple(
    fc.option(words, { nil: undefined }),
    fc.option(words, { nil: undefined }),
    fc.boolean(),
    fc.array(picture, { maxLength: 2 }),
    fc.array(call, { maxLength: 3 }),
  )
  .map(([thinking, text, logged, pictures, calls]) => [
    ...(thinking === undefined ? [] : [{ type: "reasoning" as const, text: thinking }]),
    ...(text === undefined
      ? []
      : [
          {
            type: "text" as const,
            text,
            ...(logged
              ? { logprobs: [{ token: text, logprob: -0.5, top: [{ token: "x", logprob: -2 }] }] }
              : {}),
          },
        ]),
    ...pictures,
    ...calls,
  ]);

const answer = fc.tuple(
  content,
  fc.record({
    finishReason: fc.constantFrom<EndFacts["finishReason"]>("stop", "length", "content-filter", "other"),
    usage: fc.record({ inputTokens: fc.nat(9_999), outputTokens: fc.nat(9_999) }),
    model: fc.constant("qwen3:4b"),
  }),
);

function essence({ content, finishReason, usage, model }: ChatResponse) {
  const { raw: _raw, ...counted } = usage;
  return { content, finishReason, usage: counted, model };
}

function throughReply(response: ChatResponse): ChatResponse {
  const reply = client.decode(server.encode(response, facts), target);
  return buildResponse(reply.content, reply.facts, reply.warnings ?? [], frame);
}

function throughStream(response: ChatResponse): ChatResponse {
  const frames: Frame[] = [];
  const encoder = server.encoder((one) => frames.push(one), facts);
  for (const event of replayEvents(response.content, { model: response.model })) encoder.event(event);
  encoder.finish(response);
  const fold = new Fold();
  let ended: EndFacts | undefined;
  const decoder = client.decoder(target, {
    event: (event) => fold.add(event),
    finish(given) {
      ended = given;
    },
    fail(error) {
      throw error;
    },
  });
  for (const one of frames) decoder.frame(one);
  if (ended === undefined) throw new Error("the last line was not the end");
  return fold.build(ended, frame);
}

describe("an answer", () => {
  it("survives the server's half and the client's, whole and streamed", () => {
    fc.assert(
      fc.property(answer, ([parts, ending]) => {
        const response = buildResponse(parts, ending, [], frame);
        expect(essence(throughReply(response))).toEqual(essence(response));
        expect(essence(throughStream(response))).toEqual(essence(response));
      }),
      { numRuns: 300 },
    );
  });

  it("that began anew is an error, since what was written cannot be taken back", () => {
    const frames: Frame[] = [];
    const encoder = server.encoder((one) => frames.push(one), facts);
    encoder.event({ type: "part-start", index: 0, part: { type: "text" } });
    encoder.event({ type: "text-delta", index: 0, text: "a" });
    encoder.event({ type: "restart" });
    encoder.event({ type: "text-delta", index: 0, text: "b" });
    expect(frames).toHaveLength(2);
    expect(frames[1]?.data).toContain('"error"');
  });

  it("leaves out what the dialect cannot say", () => {
    const parts: ContentPart[] = [
      { type: "tool-call", id: "s", name: "search", arguments: {}, executedBy: "provider" },
      { type: "tool-result", id: "s", name: "search", content: "x", executedBy: "provider" },
      { type: "refusal", text: "No." },
      { type: "source", url: "https://a.test" },
      { type: "audio", mediaType: "audio/wav", data: "AAAA" },
    ];
    const response = buildResponse(parts, { finishReason: "stop" }, [], frame);
    expect(throughReply(response).content).toEqual([{ type: "text", text: "No." }]);
    expect(throughStream(response).content).toEqual([{ type: "text", text: "No." }]);
  });
});

const ownFields = fc.option(fc.record({ "ollama-chat": fc.record({ xNew: fc.integer() }) }), {
  nil: undefined,
});
const extended = <T extends object>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc
    .tuple(arbitrary, ownFields)
    .map(([one, extensions]) => (extensions === undefined ? one : { ...one, extensions }));

const userMessage: fc.Arbitrary<Message> = extended(
  fc.record({
    role: fc.constant("user" as const),
    content: fc.oneof(
      words,
      fc.tuple(words, picture).map(([text, image]) => [{ type: "text" as const, text }, image]),
    ),
  }),
);
/** A model's turn, the results of its calls, and the user's next. */
const exchange: fc.Arbitrary<Message[]> = fc
  .tuple(fc.option(words, { nil: undefined }), words, fc.array(call, { maxLength: 2 }), words, userMessage)
  .map(([thinking, text, calls, result, next]): Message[] => [
    {
      role: "assistant",
      content:
        thinking === undefined && calls.length === 0
          ? text
          : [
              ...(thinking === undefined ? [] : [{ type: "reasoning" as const, text: thinking }]),
              { type: "text", text },
              ...calls,
            ],
    },
    ...(calls.length === 0
      ? []
      : [
          {
            role: "tool" as const,
            content: calls.map((one) => ({ type: "tool-result" as const, id: one.id, content: result })),
          },
        ]),
    next,
  ]);

const request: fc.Arbitrary<ChatRequest> = fc.record(
  {
    model: fc.constant(target.model),
    messages: fc
      .tuple(fc.option(words, { nil: undefined }), userMessage, fc.array(exchange, { maxLength: 2 }))
      .map(([system, first, exchanges]): Message[] => [
        ...(system === undefined ? [] : [{ role: "system" as const, content: system }]),
        first,
        ...exchanges.flat(),
      ]),
    tools: fc.uniqueArray(
      extended(
        fc.record(
          {
            type: fc.constant("function" as const),
            name,
            description: words,
            parameters: fc.constantFrom<JsonObject>(
              { type: "object", properties: { a: { type: "integer" } } },
              { type: "object", properties: {} },
            ),
          },
          { requiredKeys: ["type", "name", "parameters"] },
        ),
      ),
      { selector: (tool) => tool.name, minLength: 1, maxLength: 3 },
    ),
    responseFormat: fc.constantFrom<NonNullable<ChatRequest["responseFormat"]>>(
      { type: "json" },
      { type: "json-schema", schema: { type: "object", properties: { a: { type: "string" } } } },
    ),
    maxTokens: fc.nat(),
    temperature: fc.constantFrom(0, 0.5, 2),
    topP: fc.constantFrom(0, 0.5),
    topK: fc.nat(),
    stop: fc.array(words, { minLength: 1, maxLength: 2 }),
    seed: fc.integer(),
    presencePenalty: fc.constantFrom(-1, 0),
    frequencyPenalty: fc.constantFrom(-1, 0),
    logprobs: fc.constantFrom(true, 0, 3),
    reasoning: fc.constantFrom<NonNullable<ChatRequest["reasoning"]>>(
      {},
      { effort: "none" },
      { effort: "low" },
      { effort: "high" },
    ),
    extensions: fc.record({
      "ollama-chat": fc.record({
        keep_alive: fc.constantFrom("5m", 0),
        options: fc.record({ num_ctx: fc.nat() }),
      }),
    }),
  },
  { requiredKeys: ["model", "messages"] },
);

describe("a request", () => {
  it("survives the client's half and the server's without a warning", () => {
    fc.assert(
      fc.property(request, fc.constantFrom("unary" as const, "stream" as const), (one, mode) => {
        const { http, warnings } = client.encode(one, mode, target);
        expect(warnings).toEqual([]);
        expect(server.matches(http)).toBe(true);
        expect(server.decode(http)).toEqual({ request: one, mode });
      }),
      { numRuns: 300 },
    );
  });

  const tool = { type: "function" as const, name: "f", parameters: {} };
  const said = (part: ContentPart): Message[] => [{ role: "assistant", content: [part] }];
  const user = (part: object): Message[] => [{ role: "user", content: [part] } as Message];
  const lossy: [field: string, request: Partial<ChatRequest>][] = [
    ["toolChoice", { tools: [tool], toolChoice: "required" }],
    ["toolChoice", { tools: [tool], toolChoice: "none" }],
    ["toolChoice", { tools: [tool], toolChoice: { name: "f" } }],
    ["parallelToolCalls", { parallelToolCalls: false }],
    ["tools.0", { tools: [{ type: "provider", id: "openai/web_search" }] }],
    ["tools.0.cache", { tools: [{ ...tool, cache: {} }] }],
    ["tools.0.strict", { tools: [{ ...tool, strict: true }] }],
    ["responseFormat.name", { responseFormat: { type: "json-schema", schema: {}, name: "n" } }],
    ["responseFormat.description", { responseFormat: { type: "json-schema", schema: {}, description: "d" } }],
    ["responseFormat.strict", { responseFormat: { type: "json-schema", schema: {}, strict: false } }],
    ["reasoning.effort", { reasoning: { effort: "max" } }],
    ["reasoning.effort", { reasoning: { effort: "minimal" } }],
    ["reasoning.budgetTokens", { reasoning: { budgetTokens: 5 } }],
    ["reasoning.summary", { reasoning: { summary: "detailed" } }],
    ["output.modalities", { output: { modalities: ["image"] } }],
    ["output.audio", { output: { audio: {} } }],
    ["serviceTier", { serviceTier: "x" }],
    ["cacheKey", { cacheKey: "x" }],
    ["user", { user: "x" }],
    ["metadata", { metadata: {} }],
    ["messages.0.cache", { messages: [{ role: "user", content: "x", cache: {} }] }],
    ["messages.0.name", { messages: [{ role: "user", content: "x", name: "n" }] }],
    ["messages.0.content.0.cache", { messages: user({ type: "text", text: "x", cache: {} }) }],
    [
      "messages.0.content.0.extensions",
      { messages: user({ type: "text", text: "x", extensions: { "ollama-chat": { a: 1 } } }) },
    ],
    [
      "messages.0.content.0.detail",
      { messages: user({ type: "image", mediaType: "image/png", data: "AAAA", detail: "low" }) },
    ],
    [
      "messages.0.content.0.origin",
      { messages: said({ type: "text", text: "x", origin: { family: "openai", data: {} } }) },
    ],
    [
      "messages.0.content.0",
      { messages: said({ type: "reasoning", text: "x", origin: { family: "google", data: {} } }) },
    ],
    ["messages.0.content.0", { messages: said({ type: "refusal", text: "x" }) }],
    ["messages.0.content.0", { messages: said({ type: "source", url: "https://x.test" }) }],
    [
      "messages.0.content.0.logprobs",
      { messages: said({ type: "text", text: "x", logprobs: [{ token: "x", logprob: 0 }] }) },
    ],
    [
      "messages.0.content.0",
      { messages: said({ type: "tool-call", id: "1", name: "f", argumentsText: "{" }) },
    ],
    [
      "messages.0.content.0",
      { messages: said({ type: "tool-call", id: "1", name: "f", arguments: {}, executedBy: "provider" }) },
    ],
    [
      "messages.0.content.0.isError",
      {
        messages: [
          { role: "tool", content: [{ type: "tool-result", id: "1", content: "x", isError: true }] },
        ],
      },
    ],
    [
      "messages.0.content.0.content",
      {
        messages: [
          {
            role: "tool",
            content: [
              {
                type: "tool-result",
                id: "1",
                content: [{ type: "image", mediaType: "image/png", data: "AAAA" }],
              },
            ],
          },
        ],
      },
    ],
  ];
  it.each(lossy)("says what it loses: %s", (field, part) => {
    const { warnings } = client.encode(
      { messages: [{ role: "user", content: "x" }], ...part },
      "unary",
      target,
    );
    expect(warnings.map((warning) => warning.field)).toContain(field);
    expect(warnings.filter(({ message }) => message.endsWith(": this dialect has no place for it"))).toEqual(
      [],
    );
  });

  it.each([
    ["an image at a URL", { type: "image", url: "https://x.test/a.png" }],
    ["an image in a file store", { type: "image", uploaded: { provider: "openai", id: "f" } }],
    ["a file", { type: "file", mediaType: "application/pdf", data: "AAAA" }],
    ["sound", { type: "audio", mediaType: "audio/wav", data: "AAAA" }],
  ])("is refused with %s, since an answer without it would be wrong", (_, part) => {
    expect(() => client.encode({ messages: user(part) }, "unary", target)).toThrow(
      expect.objectContaining({ code: "UNSUPPORTED_FEATURE" }),
    );
  });
});

describe("an error that a server tells", () => {
  const own: Partial<Record<ErrorCode, ErrorCode>> = {
    CIRCUIT_OPEN: "OVERLOADED",
    CONFIG_ERROR: "PROVIDER_ERROR",
    CANCELLED: "PROVIDER_ERROR",
    FILE_ERROR: "INVALID_REQUEST",
    NETWORK_ERROR: "PROVIDER_ERROR",
    INVALID_RESPONSE: "PROVIDER_ERROR",
    STREAM_TRUNCATED: "PROVIDER_ERROR",
  };
  it.each(Object.keys(REACTIONS) as ErrorCode[])("is the same error to the client: %s", (code) => {
    const reply = server.error(new AiLibError({ code, message: "words" }));
    expect(client.error(reply, target).code).toBe(own[code] ?? code);
  });

  it("is the same in a stream", () => {
    const frames: Frame[] = [];
    server
      .encoder((one) => frames.push(one), facts)
      .fail(new AiLibError({ code: "CONTEXT_TOO_LONG", message: "x" }));
    let told: AiLibError | undefined;
    const decoder = client.decoder(target, {
      event() {},
      finish() {},
      fail(error) {
        told = error;
      },
    });
    for (const one of frames) decoder.frame(one);
    expect(told?.code).toBe("CONTEXT_TOO_LONG");
  });
});
