import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { framesFor, replayBody, replayFrames, responseOf, targetFor } from "../../../test/support/halves.js";
import { canonical } from "../../../test/support/recordings.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ChatResponse, EndFacts, FinishReason } from "../../core/values/chat-response.js";
import type { JsonObject } from "../../core/values/json.js";
import type {
  AssistantMessage,
  ContentPart,
  Message,
  Origin,
  ToolResultPart,
  UserPart,
} from "../../core/values/message.js";
import type { Tool } from "../../core/values/tool.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";

const PROVIDER = "labs";
const MODEL = "gpt-x-1";

const word = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" });
const name = fc.stringMatching(/^[a-z][a-z_]{0,10}$/);
const object = fc.dictionary(name, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }) as fc.Arbitrary<JsonObject>;
const base64 = fc
  .uint8Array({ minLength: 1, maxLength: 9 })
  .map((bytes) => Buffer.from(bytes).toString("base64"));

/** State as this provider's replies bring it. */
function ownState(data: fc.Arbitrary<JsonObject>): fc.Arbitrary<Origin> {
  return data.map((inner) => ({ family: PROVIDER, provider: PROVIDER, model: MODEL, data: inner }));
}

const details = ownState(
  fc
    .record({ type: fc.constant("reasoning.text"), text: word, signature: word, index: fc.constant(0) })
    .map((block): JsonObject => ({ reasoning_details: [block] })),
);
const signature = ownState(
  word.map((thought_signature): JsonObject => ({ extra_content: { google: { thought_signature } } })),
);

function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
  return fc.option(value, { nil: undefined }).map((one) => (one === undefined ? [] : [one]));
}

function withOrigin<P extends ContentPart>(
  part: fc.Arbitrary<P>,
  origin: fc.Arbitrary<Origin>,
): fc.Arbitrary<P> {
  return fc
    .tuple(part, fc.option(origin, { nil: undefined }))
    .map(([one, state]) => (state === undefined ? one : { ...one, origin: state }));
}

const logprobs = fc.array(
  fc.record({ token: word, logprob: fc.constant(-0.5), top: fc.constant([{ token: "a", logprob: -0.5 }]) }),
  { minLength: 1, maxLength: 2 },
);

/** The parts of an answer, in the order that the dialect fixes; see `cannot`. */
const answer: fc.Arbitrary<ContentPart[]> = fc
  .tuple(
    maybe(
      withOrigin(
        word.map((text) => ({ type: "reasoning" as const, text })),
        details,
      ),
    ),
    maybe(fc.tuple(name, object, word)).map((runs) =>
      runs.flatMap(([tool, args, output], i): ContentPart[] => [
        { type: "tool-call", id: `run_${i}`, name: tool, arguments: args, executedBy: "provider" },
        { type: "tool-result", id: `run_${i}`, name: tool, content: output, executedBy: "provider" },
      ]),
    ),
    maybe(
      fc.oneof(
        withOrigin(
          word.map((text) => ({ type: "text" as const, text })),
          signature,
        ),
        fc.record({ type: fc.constant("text" as const), text: word, logprobs }),
      ),
    ),
    maybe(word.map((text) => ({ type: "refusal" as const, text }))),
    fc.array(
      base64.map((data) => ({ type: "image" as const, mediaType: "image/png", data })),
      { maxLength: 2 },
    ),
    maybe(
      fc.tuple(base64, word).map(([data, transcript]) => ({
        type: "audio" as const,
        data: `UklGRg${"AA"}${data}`,
        mediaType: "audio/wav",
        transcript,
      })),
    ),
    fc
      .array(
        withOrigin(
          fc.record({
            type: fc.constant("tool-call" as const),
            id: fc.constant(""),
            name,
            arguments: object,
          }),
          signature,
        ),
        { maxLength: 3 },
      )
      .map((calls) => calls.map((call, i) => ({ ...call, id: `call_${i}` }))),
    fc.array(
      fc.record({
        type: fc.constant("source" as const),
        url: fc.webUrl(),
        title: word,
        quote: word,
      }),
      { maxLength: 2 },
    ),
  )
  .map((groups) => groups.flat());

const facts: fc.Arbitrary<EndFacts> = fc.record({
  finishReason: fc.constantFrom<FinishReason>("stop", "length", "tool-calls", "content-filter", "other"),
  id: fc.constant("chatcmpl-1"),
  model: fc.constant(MODEL),
  serviceTier: fc.constant("default"),
  usage: fc.record({
    inputTokens: fc.nat(),
    outputTokens: fc.nat(),
    cachedInputTokens: fc.nat(),
    cacheWriteInputTokens: fc.nat(),
    reasoningTokens: fc.constant(0),
  }),
});

/** What must be equal; the provider's own usage object and finish word are not the dialect's. */
function told({ content, text, reasoningText, toolCalls, ...rest }: ChatResponse): unknown {
  const { finishReason, id, model, serviceTier, usage } = rest;
  const { raw: _raw, ...counts } = usage;
  return JSON.parse(
    canonical({
      content,
      text,
      reasoningText,
      toolCalls,
      finishReason,
      id,
      model,
      serviceTier,
      usage: counts,
    }),
  ) as unknown;
}

describe("an answer that a server writes and a client reads", () => {
  const target = targetFor(PROVIDER);

  it("is the same, whole", () => {
    fc.assert(
      fc.property(answer, facts, (content, ends) => {
        const sent = responseOf(content, ends);
        const got = replayBody(client, target, server.encode(sent, { id: "x", created: 0 }).body);
        if ("error" in got) throw got.error;
        expect(told(got.response)).toEqual(told(sent));
      }),
    );
  });

  it("is the same, streamed", () => {
    fc.assert(
      fc.property(answer, facts, (content, ends) => {
        const sent = responseOf(content, ends);
        const { outcome } = replayFrames(client, target, framesFor(server, sent), false);
        if (outcome === undefined || "error" in outcome) throw outcome?.error ?? new Error("no ending");
        expect(told(outcome.response)).toEqual(told(sent));
      }),
    );
  });
});

const userPart: fc.Arbitrary<UserPart> = fc.oneof(
  word.map((text) => ({ type: "text" as const, text })),
  fc.webUrl().map((url) => ({ type: "image" as const, url, detail: "low" as const })),
  base64.map((data) => ({ type: "image" as const, data, mediaType: "image/png" })),
  base64.map((data) => ({ type: "audio" as const, data, mediaType: "audio/wav" })),
  fc.tuple(base64, word).map(([data, file]) => ({
    type: "file" as const,
    data,
    mediaType: "application/pdf",
    name: file,
  })),
);

const calls = fc.array(fc.tuple(name, object, word), { minLength: 1, maxLength: 3 });

const turns: fc.Arbitrary<Message[]> = fc.oneof(
  fc.tuple(word, fc.array(userPart, { minLength: 2, maxLength: 3 })).map(([text, parts]): Message[] => [
    { role: "user", content: text, name: "ann" },
    { role: "user", content: parts },
  ]),
  word.map((content): Message[] => [{ role: "assistant", content }]),
  fc.tuple(word, word, calls, fc.nat()).map(([thought, text, made, k]): Message[] => {
    const turn: AssistantMessage = {
      role: "assistant",
      content: [
        { type: "reasoning", text: thought },
        { type: "text", text },
        ...made.map(([tool, args], i) => ({
          type: "tool-call" as const,
          id: `call_${k}_${i}`,
          name: tool,
          arguments: args,
        })),
      ],
    };
    const results = made.map(
      ([, , output], i): ToolResultPart => ({ type: "tool-result", id: `call_${k}_${i}`, content: output }),
    );
    return [turn, { role: "tool", content: results }];
  }),
);

const tools: fc.Arbitrary<Tool[]> = fc.uniqueArray(name, { minLength: 1, maxLength: 3 }).map((names) =>
  names.map((one) => ({
    type: "function",
    name: one,
    description: `does ${one}`,
    parameters: { type: "object", properties: {} },
    strict: true,
  })),
);

const request: fc.Arbitrary<ChatRequest> = fc
  .tuple(
    fc.array(turns, { minLength: 1, maxLength: 3 }),
    fc.record(
      {
        tools,
        toolChoice: fc.constantFrom("auto" as const, "none" as const, "required" as const),
        parallelToolCalls: fc.boolean(),
        responseFormat: fc.oneof(
          fc.constant({ type: "json" as const }),
          fc.record({
            type: fc.constant("json-schema" as const),
            schema: object,
            name,
            strict: fc.boolean(),
          }),
        ),
        maxTokens: fc.nat(),
        temperature: fc.constant(0.5),
        topP: fc.constant(0.5),
        stop: fc.array(word, { minLength: 1, maxLength: 2 }),
        seed: fc.nat(),
        presencePenalty: fc.constant(-1),
        frequencyPenalty: fc.constant(1),
        logprobs: fc.oneof(fc.boolean(), fc.nat({ max: 5 })),
        reasoning: fc.record({ effort: fc.constantFrom("none" as const, "low" as const, "high" as const) }),
        output: fc.constant({
          modalities: ["text" as const, "audio" as const],
          audio: { voice: "alloy", format: "wav" },
        }),
        serviceTier: fc.constant("flex"),
        user: word,
        metadata: fc.constant({ team: "a" }),
        extensions: fc.record({ "openai-chat": fc.constant({ logit_bias: { "50256": -100 } }) }),
      },
      { requiredKeys: ["tools"] },
    ),
  )
  .map(([groups, fields]) => ({
    messages: [{ role: "system" as const, content: "Be brief." }, ...groups.flat()],
    ...fields,
  }));

describe("a request that a client writes and a server reads", () => {
  it("is the same, without a warning", () => {
    fc.assert(
      fc.property(request, fc.constantFrom("unary" as const, "stream" as const), (sent, mode) => {
        const { http, warnings } = client.encode(
          sent,
          mode,
          targetFor(PROVIDER, { reasoningHistory: "reasoning_content" }),
        );
        const read = server.decode(http);
        expect(warnings).toEqual([]);
        expect(read.mode).toBe(mode);
        expect(JSON.parse(canonical(read.request))).toEqual(
          JSON.parse(canonical({ ...sent, model: "asked" })),
        );
      }),
    );
  });
});
