import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../core/contract/dialect.js";
import type { Frame } from "../../core/contract/transport.js";
import type { AiLibError } from "../../core/errors/error.js";
import { buildResponse, Fold } from "../../core/kinds/chat/fold.js";
import { replayEvents } from "../../core/kinds/chat/replay.js";
import type { ReplyFrame } from "../../core/kinds/laws.js";
import type { ChatEvent } from "../../core/values/chat-event.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ChatResponse, EndFacts } from "../../core/values/chat-response.js";
import type { JsonObject } from "../../core/values/json.js";
import type { ContentPart, Message, Origin, UserPart } from "../../core/values/message.js";
import type { Tool } from "../../core/values/tool.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";

const model = "us.anthropic.claude-sonnet-4-6";
const target: DialectTarget = { provider: "bedrock", model, quirks: {}, now: 0 };
const frame: ReplyFrame = { provider: "bedrock", model, id: "id", attempts: [], estimateInput: () => 0 };

/** Keys that reach a prototype are let through nowhere. */
const UNSAFE = ["__proto__", "constructor", "prototype"];
const word = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/).filter((text) => !UNSAFE.includes(text));
const prose = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => text.trim() !== "");
const json = fc.dictionary(
  word,
  fc.oneof(prose, fc.integer(), fc.boolean(), fc.constant(null), fc.array(prose, { maxLength: 2 })),
  { maxKeys: 3 },
) as fc.Arbitrary<JsonObject>;

/** State as a reply carries it, or as a request does: there, nobody says who sent it. */
type State = (family: string, data: JsonObject) => Origin;
const ofReply: State = (family, data) => ({ family, provider: "bedrock", model, data });
const ofRequest: State = (family, data) => ({ family, data });

/** Parts of an answer, in groups that stand together. */
function answer(state: State, calls: boolean): fc.Arbitrary<ContentPart[]> {
  const cited = fc
    .record({ text: prose, pages: fc.array(fc.record({ page: fc.nat(), quote: prose })), web: fc.boolean() })
    .map(({ text, pages, web }) => (index: number): ContentPart[] => [
      { type: "text", text },
      ...pages.map(({ page, quote }): ContentPart => {
        const citation = {
          title: "T",
          sourceContent: [{ text: quote }],
          location: { documentPage: { documentIndex: 3, start: page, end: page + 1 } },
        };
        const origin = state("bedrock", citation);
        return { type: "source", documentId: "3", title: "T", quote, cites: { index }, origin };
      }),
      ...(web
        ? [{ type: "source" as const, url: "https://example.com", cites: { index }, ...plainWeb(state) }]
        : []),
    ]);
  const single = (arbitrary: fc.Arbitrary<ContentPart>) =>
    arbitrary.map((part) => (): ContentPart[] => [part]);
  const thinking = single(
    fc.record({ text: fc.string(), signature: word }).map(({ text, signature }) => ({
      type: "reasoning",
      text,
      origin: state("anthropic", { signature }),
    })),
  );
  const withheld = single(
    prose.map((data) => ({
      type: "reasoning",
      text: "",
      redacted: true,
      origin: state("anthropic", { data }),
    })),
  );
  const served = fc
    .record({ id: word, query: json, failed: fc.boolean() })
    .map(({ id, query, failed }) => (): ContentPart[] => [
      {
        type: "tool-call",
        id,
        name: "nova_grounding",
        arguments: query,
        executedBy: "provider",
        origin: state("bedrock", { type: "server_tool_use" }),
      },
      {
        type: "tool-result",
        id,
        content: "found",
        isError: failed,
        executedBy: "provider",
        origin: state("bedrock", { type: "nova_grounding_result" }),
      },
    ]);
  const call = single(
    fc
      .record({ id: word, name: word, input: json })
      .map(({ id, name, input }) => ({ type: "tool-call", id, name, arguments: input })),
  );
  const picture = single(fc.constant({ type: "image", mediaType: "image/png", data: "aGk=" }));
  return fc
    .array(fc.oneof(cited, thinking, withheld, served, ...(calls ? [call, picture] : [])), { maxLength: 6 })
    .map((groups) => {
      const parts: ContentPart[] = [];
      for (const make of groups) parts.push(...make(parts.length));
      return parts;
    });
}

/** A web citation says nothing but what its part says: in a reply it has no state, in a request it needs some. */
function plainWeb(state: State): { readonly origin?: Origin } {
  return state === ofReply
    ? {}
    : { origin: state("bedrock", { location: { web: { url: "https://example.com", domain: "x" } } }) };
}

const usage = fc
  .record({
    fresh: fc.nat(),
    outputTokens: fc.nat(),
    cachedInputTokens: fc.nat(),
    cacheWriteInputTokens: fc.nat(),
  })
  .map(({ fresh, ...rest }) => ({
    ...rest,
    inputTokens: fresh + rest.cachedInputTokens + rest.cacheWriteInputTokens,
  }));

const facts: fc.Arbitrary<EndFacts> = fc.record(
  {
    finishReason: fc.constantFrom("stop", "length", "tool-calls", "content-filter", "other"),
    usage,
    serviceTier: word,
    extensions: fc.constant({
      "bedrock-converse": { trace: { guardrail: {} }, additionalModelResponseFields: { a: 1 } },
    }),
  },
  { requiredKeys: ["finishReason", "usage"] },
);

const response = fc
  .tuple(answer(ofReply, true), facts)
  .map(([content, end]) => buildResponse(content, end, [], frame));

/** What must come back: all but the provider's own words, which the server chooses. */
function kept({ rawFinishReason: _raw, usage: { raw: _usage, ...rest }, ...others }: ChatResponse): unknown {
  return { ...others, usage: rest };
}

function streamed(write: (encoder: ReturnType<typeof server.encoder>) => void): ChatResponse {
  const frames: Frame[] = [];
  write(server.encoder((each) => frames.push(each), { id: "other", created: 0 }));
  const fold = new Fold();
  let end: EndFacts | AiLibError | undefined;
  const decoder = client.decoder(target, {
    event: (event: ChatEvent) => fold.add(event),
    finish: (told) => {
      end = told;
    },
    fail: (error) => {
      end = error;
    },
  });
  for (const each of frames) decoder.frame(each);
  if (end === undefined || !("finishReason" in end)) throw end ?? new Error("no ending");
  expect(fold.closing()).toEqual([]);
  return fold.build(end, frame);
}

describe("a reply through the server half and back through the client half", () => {
  it("is the same reply, whole", () => {
    fc.assert(
      fc.property(response, (given) => {
        const reply = client.decode(server.encode(given, { id: "other", created: 0 }), target);
        expect(kept(buildResponse(reply.content, reply.facts, reply.warnings ?? [], frame))).toEqual(
          kept(given),
        );
      }),
    );
  });

  it("is the same reply, streamed event by event", () => {
    fc.assert(
      fc.property(response, (given) => {
        const back = streamed((encoder) => {
          for (const event of replayEvents(given.content, given)) encoder.event(event);
          encoder.finish(given);
        });
        expect(kept(back)).toEqual(kept(given));
      }),
    );
  });

  it("is the same reply where a stream was asked for and the answer came whole", () => {
    fc.assert(
      fc.property(response, (given) => {
        expect(kept(streamed((encoder) => encoder.finish(given)))).toEqual(kept(given));
      }),
    );
  });
});

const cache = fc.constantFrom({}, { ttl: "5m" }, { ttl: "1h" });

const userPart: fc.Arbitrary<UserPart> = fc.oneof(
  fc.constant<UserPart>({ type: "text", text: "See this", cache: {} }),
  fc.constant<UserPart>({ type: "image", url: "s3://bucket/a.webp", mediaType: "image/webp" }),
  fc.constant<UserPart>({ type: "image", data: "aGk=", mediaType: "image/png" }),
  fc.constant<UserPart>({ type: "audio", data: "aGk=", mediaType: "audio/wav" }),
  fc.constant<UserPart>({ type: "file", data: "aGk=", mediaType: "video/mp4" }),
  fc.constant<UserPart>({
    type: "file",
    data: "aGk=",
    mediaType: "application/pdf",
    name: "A (1).pdf",
    extensions: { "bedrock-converse": { document: { citations: { enabled: true } } } },
  }),
  fc.constant<UserPart>({ type: "file", data: "aGnDpA==", mediaType: "text/plain", name: "B.txt" }),
);
const userParts = fc.uniqueArray(userPart, {
  selector: (each) => JSON.stringify(each),
  minLength: 1,
  maxLength: 3,
});

/** The model's turn with calls at its end, and the results of those that the caller runs. */
const exchange: fc.Arbitrary<Message[]> = fc
  .record({
    said: answer(ofRequest, false),
    calls: fc.uniqueArray(fc.record({ id: word, name: word, input: json }), {
      selector: ({ id }) => id,
      minLength: 1,
      maxLength: 3,
    }),
    // A text alone is the same as a string, and what is in a result takes no cache mark.
    output: fc.oneof(
      prose,
      fc.constant(""),
      userParts
        .map((parts) => parts.filter(({ type }) => type !== "text"))
        .filter((parts) => parts.length > 0),
    ),
    failed: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(({ said, calls, output, failed }): Message[] => [
    {
      role: "assistant",
      content: [
        ...said,
        ...calls.map(({ id, name, input }) => ({
          type: "tool-call" as const,
          id: `call-${id}`,
          name,
          arguments: input,
        })),
      ],
    },
    {
      role: "tool",
      content: calls.map(({ id }) => ({
        type: "tool-result" as const,
        id: `call-${id}`,
        content: output,
        ...(failed === undefined ? {} : { isError: failed }),
      })),
    },
  ]);

const tool: fc.Arbitrary<Tool> = fc.oneof(
  fc.record({ name: word, description: prose, strict: fc.boolean(), cache }, { requiredKeys: ["name"] }).map(
    (fields): Tool => ({
      type: "function",
      parameters: { type: "object", properties: {}, additionalProperties: false },
      ...fields,
    }),
  ),
  fc.constant<Tool>({ type: "provider", id: "bedrock/nova_grounding" }),
);

const settings = fc.record(
  {
    tools: fc.uniqueArray(tool, { selector: (each) => JSON.stringify(each), minLength: 1, maxLength: 2 }),
    toolChoice: fc.constant("auto" as const),
    maxTokens: fc.integer({ min: 1, max: 9_999 }),
    stop: fc.array(prose, { minLength: 1, maxLength: 3 }),
    reasoning: fc.constantFrom(
      {},
      { effort: "none" as const },
      { effort: "high" as const, summary: "auto" as const },
      { budgetTokens: 2_000 },
    ),
    responseFormat: fc.constant({
      type: "json-schema" as const,
      schema: { type: "object", properties: { a: { type: "string" } }, additionalProperties: false },
      name: "n",
      description: "d",
    }),
    serviceTier: word,
    metadata: fc.dictionary(word, prose, { minKeys: 1, maxKeys: 2 }),
    extensions: fc.constant({
      "bedrock-converse": {
        guardrailConfig: { guardrailIdentifier: "g", guardrailVersion: "1" },
        additionalModelRequestFields: { anthropic_beta: ["x"] },
      },
    }),
  },
  { requiredKeys: ["tools"] },
);

const request: fc.Arbitrary<ChatRequest> = fc
  .record({
    system: fc.option(prose, { nil: undefined }),
    first: fc.oneof(prose, userParts),
    turns: fc.array(exchange, { maxLength: 2 }),
    settings,
  })
  .map(({ system, first, turns, settings: more }) => ({
    model,
    messages: [
      ...(system === undefined ? [] : [{ role: "system" as const, content: system }]),
      { role: "user" as const, content: first },
      ...turns.flat(),
    ],
    ...more,
    // A budget cannot go on after calls that were made without thinking.
    ...(turns.length > 0 && more.reasoning !== undefined && "budgetTokens" in more.reasoning
      ? { reasoning: { effort: "low" as const } }
      : {}),
  }));

describe("a request through the client half and back through the server half", () => {
  it.each(["unary", "stream"] as const)("is the same request (%s)", (mode) => {
    fc.assert(
      fc.property(request, (given) => {
        const { http, warnings } = client.encode(given, mode, target);
        expect(warnings).toEqual([]);
        expect(server.matches(http)).toBe(true);
        const back = server.decode(http);
        expect(back.mode).toBe(mode);
        expect(back.request).toEqual(given);
      }),
    );
  });
});
