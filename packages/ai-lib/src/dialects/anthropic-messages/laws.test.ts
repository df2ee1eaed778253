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

const target: DialectTarget = {
  provider: "anthropic",
  model: "claude-sonnet-4-6",
  quirks: {},
  now: 0,
};
const frame: ReplyFrame = {
  provider: "anthropic",
  model: "claude-sonnet-4-6",
  id: "msg_1",
  attempts: [],
  estimateInput: () => 0,
};

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
type State = (data: JsonObject) => Origin;
const ofReply: State = (data) => ({
  family: "anthropic",
  provider: "anthropic",
  model: "claude-sonnet-4-6",
  data,
});
const ofRequest: State = (data) => ({ family: "anthropic", data });

/** Parts of an answer, in groups that stand together. */
function answer(state: State, calls: boolean): fc.Arbitrary<ContentPart[]> {
  const cited = fc
    .record({ text: prose, quotes: fc.array(fc.record({ quote: prose, url: word, secret: word })) })
    .map(({ text, quotes }) => (index: number): ContentPart[] => [
      { type: "text", text },
      ...quotes.map(({ quote, url, secret }): ContentPart => {
        const citation = {
          type: "web_search_result_location",
          url,
          title: null,
          cited_text: quote,
          encrypted_index: secret,
        };
        return { type: "source", url, quote, cites: { index }, origin: state(citation) };
      }),
    ]);
  const single = (arbitrary: fc.Arbitrary<ContentPart>) =>
    arbitrary.map((part) => (): ContentPart[] => [part]);
  const thinking = single(
    fc.record({ text: fc.string(), signature: word }).map(({ text, signature }) => ({
      type: "reasoning",
      text,
      origin: state({ signature }),
    })),
  );
  const withheld = single(
    fc
      .oneof(
        word.map((data) => ({ data })),
        prose.map((content) => ({ block: { type: "compaction", content } })),
      )
      .map((data) => ({ type: "reasoning", text: "", redacted: true, origin: state(data) })),
  );
  const call = single(
    fc
      .record({ id: word, name: word, input: json, caller: fc.boolean() })
      .map(({ id, name, input, caller }) => ({
        type: "tool-call",
        id,
        name,
        arguments: input,
        ...(caller ? { origin: state({ caller: { type: "code_execution_20250825" } }) } : {}),
      })),
  );
  const served = fc
    .record({ id: word, query: json, mcp: fc.boolean(), failed: fc.boolean(), found: json })
    .map(({ id, query, mcp, failed, found }) => (): ContentPart[] => [
      {
        type: "tool-call",
        id,
        name: "search",
        arguments: query,
        executedBy: "provider",
        origin: state(mcp ? { type: "mcp_tool_use", server_name: "x" } : { type: "server_tool_use" }),
      },
      {
        type: "tool-result",
        id,
        content: mcp ? [{ type: "text", text: "found" }] : JSON.stringify(found),
        ...(mcp ? { isError: failed } : {}),
        executedBy: "provider",
        origin: state({ type: mcp ? "mcp_tool_result" : "web_search_tool_result" }),
      },
    ]);
  const file = single(
    word.map((id) => ({
      type: "file",
      uploaded: { provider: "anthropic", id },
      origin: state({ type: "container_upload" }),
    })),
  );
  return fc
    .array(fc.oneof(cited, thinking, withheld, served, file, ...(calls ? [call] : [])), { maxLength: 6 })
    .map((groups) => {
      const parts: ContentPart[] = [];
      for (const make of groups) parts.push(...make(parts.length));
      return parts;
    });
}

const usage = fc
  .record({
    fresh: fc.nat(),
    outputTokens: fc.nat(),
    cachedInputTokens: fc.nat(),
    cacheWriteInputTokens: fc.nat(),
    reasoningTokens: fc.nat(),
  })
  .map(({ fresh, ...rest }) => ({
    ...rest,
    inputTokens: fresh + rest.cachedInputTokens + rest.cacheWriteInputTokens,
  }));

const facts: fc.Arbitrary<EndFacts> = fc.record(
  {
    finishReason: fc.constantFrom("stop", "length", "tool-calls", "content-filter", "other"),
    id: word,
    model: word,
    usage,
    serviceTier: word,
    extensions: fc.constant({ "anthropic-messages": { container: { id: "container_1" } } }),
  },
  { requiredKeys: ["finishReason", "id", "model", "usage"] },
);

const refusal = fc.option(
  prose.map((text): ContentPart => ({ type: "refusal", text })),
  { nil: undefined },
);

const response = fc.tuple(answer(ofReply, true), facts, refusal).map(([content, end, refused]) =>
  buildResponse(
    [...content, ...(refused === undefined ? [] : [refused])].map((part) => answeredBy(part, end.model)),
    end,
    [],
    frame,
  ),
);

function answeredBy(part: ContentPart, model: string | undefined): ContentPart {
  return part.origin === undefined || model === undefined
    ? part
    : { ...part, origin: { ...part.origin, model } };
}

/** What must come back: all but the provider's own words, which the server chooses. */
function kept({ rawFinishReason: _raw, usage: { raw: _usage, ...rest }, ...others }: ChatResponse): unknown {
  return { ...others, usage: rest };
}

function streamed(write: (encoder: ReturnType<typeof server.encoder>) => void): ChatResponse {
  const frames: Frame[] = [];
  write(server.encoder((each) => frames.push(each), { id: "msg_2", created: 0 }));
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
        const reply = client.decode(server.encode(given, { id: "msg_2", created: 0 }), target);
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
const extensions = json.map((fields) => ({ "anthropic-messages": { context: fields } }));
const base = fc.record({ extensions }, { requiredKeys: [] });

const userPart: fc.Arbitrary<UserPart> = fc
  .tuple(
    fc.oneof(
      prose.map((text): UserPart => ({ type: "text", text })),
      word.map((name): UserPart => ({ type: "image", url: `https://example.com/${name}` })),
      fc.constant<UserPart>({ type: "image", data: "aGk=", mediaType: "image/png" }),
      fc.constant<UserPart>({ type: "file", data: "aGk=", mediaType: "application/pdf", name: "a.pdf" }),
      fc.constant<UserPart>({ type: "file", data: "aGnDpA==", mediaType: "text/plain" }),
      word.map((id): UserPart => ({ type: "file", uploaded: { provider: "anthropic", id } })),
      word.map((id): UserPart => ({ type: "image", uploaded: { provider: "anthropic", id } })),
    ),
    base,
  )
  .map(([part, more]) => ({ ...part, ...more }));

/** The model's turn with calls at its end, and the results of those that the caller runs. */
const exchange: fc.Arbitrary<Message[]> = fc
  .record({
    said: answer(ofRequest, false),
    calls: fc.uniqueArray(fc.record({ id: word, name: word, input: json }), {
      selector: ({ id }) => id,
      minLength: 1,
      maxLength: 3,
    }),
    output: fc.oneof(fc.string(), fc.array(userPart, { minLength: 1, maxLength: 2 })),
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
  fc
    .record(
      {
        name: word,
        description: prose,
        strict: fc.boolean(),
        cache,
        extensions: fc.constant({ "anthropic-messages": { defer_loading: true } }),
      },
      { requiredKeys: ["name"] },
    )
    .map(
      (fields): Tool => ({
        type: "function",
        parameters: { type: "object", properties: {}, additionalProperties: false },
        ...fields,
      }),
    ),
  fc.constantFrom<Tool>(
    { type: "provider", id: "anthropic/web_search_20250305", options: { max_uses: 3 } },
    { type: "provider", id: "anthropic/text_editor_20250728" },
    { type: "provider", id: "anthropic/mcp_toolset", options: { mcp_server_name: "x" }, cache: {} },
  ),
);

const settings = fc.record(
  {
    tools: fc.uniqueArray(tool, { selector: (each) => JSON.stringify(each), minLength: 1, maxLength: 2 }),
    toolChoice: fc.constantFrom("auto" as const, "none" as const),
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
    }),
    serviceTier: word,
    user: word,
    extensions: fc.constant({
      "anthropic-messages": { container: "c", betas: ["skills-2025-10-02"], metadata: { more: 1 } },
    }),
  },
  { requiredKeys: ["tools", "maxTokens"] },
);

const request: fc.Arbitrary<ChatRequest> = fc
  .record({
    system: fc.option(
      fc.oneof(
        prose,
        fc.array(
          fc.record(
            { type: fc.constant("text" as const), text: prose, cache },
            { requiredKeys: ["type", "text"] },
          ),
          { minLength: 1, maxLength: 1 },
        ),
      ),
      { nil: undefined },
    ),
    first: fc.oneof(prose, fc.array(userPart, { minLength: 1, maxLength: 4 })),
    turns: fc.array(exchange, { maxLength: 2 }),
    settings,
  })
  .map(({ system, first, turns, settings: more }) => ({
    model: target.model,
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
