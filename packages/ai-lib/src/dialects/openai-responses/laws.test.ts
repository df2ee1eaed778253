import fc from "fast-check";
import { expect, it } from "vitest";
import { framesFor, replayBody, replayFrames, responseOf, targetFor } from "../../../test/support/halves.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { ChatResponse } from "../../core/values/chat-response.js";
import type { JsonObject } from "../../core/values/json.js";
import type { ContentPart, Message, Origin, ToolMessage } from "../../core/values/message.js";
import { client } from "./client/index.js";
import { server } from "./server/index.js";

const target = { ...targetFor("openai"), model: "asked" };

const word = fc.string({ minLength: 1, maxLength: 8, unit: "binary" });
const token = fc.stringMatching(/^[a-z0-9]{1,6}$/);
const object = fc.dictionary(token, fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null)), {
  maxKeys: 3,
}) as fc.Arbitrary<JsonObject>;
const logprob = fc.record({ token: word, logprob: fc.constantFrom(-0.5, -2) });
const logprobs = fc.array(
  fc
    .tuple(logprob, fc.array(logprob, { maxLength: 2 }))
    .map(([one, top]) => (top.length === 0 ? one : { ...one, top })),
  { minLength: 1, maxLength: 2 },
);

/** State as the client half reads it from a reply; `told` is who sent it, which a request does not say. */
type Told = Pick<Origin, "provider" | "model">;
const REPLY: Told = { provider: "openai", model: "m" };

function origin(told: Told, data: JsonObject): { origin: Origin } {
  return { origin: { family: "openai", ...told, data } };
}

let serial = 0;
const unique = fc.constant(0).map(() => `x${serial++}`);

function parts(told: Told) {
  const text = fc.tuple(word, fc.option(unique), fc.option(logprobs)).map(([value, id, probabilities]) => ({
    type: "text" as const,
    text: value,
    ...(probabilities === null || told !== REPLY ? {} : { logprobs: probabilities }),
    ...(id === null ? {} : origin(told, { type: "message", id, status: "completed", phase: "final_answer" })),
  }));
  const refusal = word.map((value) => ({ type: "refusal" as const, text: value }));
  const reasoning = fc
    .tuple(fc.oneof(word, fc.constant("")), unique, fc.boolean())
    .map(([value, id, open]) => ({
      type: "reasoning" as const,
      text: value,
      ...origin(
        told,
        open && value !== ""
          ? { type: "reasoning", id, place: "content" }
          : { type: "reasoning", id, encrypted_content: `cipher-${id}` },
      ),
    }));
  const opaque = unique.map((id) => ({
    type: "reasoning" as const,
    text: "",
    redacted: true,
    ...origin(told, { type: "compaction", id, encrypted_content: "cipher" }),
  }));
  const call = fc.tuple(token, unique, object, fc.boolean()).map(([name, id, args, own]) => ({
    type: "tool-call" as const,
    id: `call_${id}`,
    name,
    arguments: args,
    ...(own ? origin(told, { type: "function_call", id: `fc_${id}`, status: "completed" }) : {}),
  }));
  const custom = fc.tuple(token, unique, word).map(([name, id, input]) => ({
    type: "tool-call" as const,
    id: `call_${id}`,
    name,
    arguments: { input },
    ...origin(told, { type: "custom_tool_call", id: `ctc_${id}`, status: "completed" }),
  }));
  const shell = unique.map((id) => ({
    type: "tool-call" as const,
    id: `call_${id}`,
    name: "local_shell",
    arguments: { type: "exec", command: ["ls"], env: {} },
    ...origin(told, {
      type: "local_shell_call",
      id: `lsh_${id}`,
      call_id: `call_${id}`,
      status: "completed",
      action: { type: "exec", command: ["ls"], env: {} },
    }),
  }));
  const search = fc.tuple(unique, word).map(([id, query]) => [
    {
      type: "tool-call" as const,
      id: `ws_${id}`,
      name: "web_search",
      arguments: { type: "search", query },
      executedBy: "provider" as const,
      ...origin(told, {
        type: "web_search_call",
        id: `ws_${id}`,
        status: "completed",
        action: { type: "search", query, sources: [{ type: "url", url: "https://a.example" }] },
      }),
    },
    {
      type: "tool-result" as const,
      id: `ws_${id}`,
      name: "web_search",
      content: '[{"type":"url","url":"https://a.example"}]',
      executedBy: "provider" as const,
    },
  ]);
  const image = fc.tuple(unique, fc.constantFrom("png", "webp")).map(([id, format]) => ({
    type: "image" as const,
    mediaType: `image/${format}`,
    data: "aGk=",
    ...origin(told, {
      type: "image_generation_call",
      id: `ig_${id}`,
      status: "completed",
      output_format: format,
    }),
  }));
  return { text, refusal, reasoning, opaque, call, custom, shell, search, image };
}

/** A call that another vendor ran, as a relay gets it. */
const foreign = fc.tuple(token, unique, object, word, fc.boolean()).map(([name, id, args, found, failed]) => [
  { type: "tool-call" as const, id, name, arguments: args, executedBy: "provider" as const },
  {
    type: "tool-result" as const,
    id,
    name,
    content: found,
    ...(failed ? { isError: true } : {}),
    executedBy: "provider" as const,
  },
]);

const url = fc.record({ url: fc.constant("https://a.example"), title: word });
const file = fc.record({ documentId: token, title: word });

/** Groups of parts that stand together: a text and the sources that cite it, a call and its result. */
function answer(told: Told, others: fc.Arbitrary<ContentPart[]>[] = []): fc.Arbitrary<ContentPart[]> {
  const { text, refusal, reasoning, opaque, call, custom, shell, search, image } = parts(told);
  const cited = fc.tuple(text, fc.array(fc.oneof(url, file), { maxLength: 2 })).map(([one, sources]) => [
    one,
    ...sources.map((source, i) => ({
      type: "source" as const,
      ...source,
      cites: { index: 0, start: i, end: i + 1 },
      ...("documentId" in source ? origin(told, { type: "file_citation", index: i }) : {}),
    })),
  ]);
  const single = fc.oneof(refusal, reasoning, opaque, call, custom, shell, image).map((one) => [one]);
  return fc.array(fc.oneof(cited, single, search, ...others), { maxLength: 5 }).map((groups) => {
    const content: ContentPart[] = [];
    for (const group of groups as ContentPart[][]) {
      const at = content.length;
      for (const part of group)
        content.push(part.type === "source" ? { ...part, cites: { ...part.cites, index: at } } : part);
    }
    return content;
  });
}

const usage = fc.record(
  {
    inputTokens: fc.nat(9999),
    outputTokens: fc.integer({ min: 100, max: 9999 }),
    cachedInputTokens: fc.nat(99),
    cacheWriteInputTokens: fc.nat(99),
    reasoningTokens: fc.nat(99),
  },
  { requiredKeys: ["inputTokens", "outputTokens"] },
);

const responses = fc
  .record({
    content: answer(REPLY, [foreign as fc.Arbitrary<ContentPart[]>]),
    usage,
    finishReason: fc.constantFrom("stop", "length", "content-filter", "other"),
    serviceTier: fc.option(fc.constant("flex")),
    extensions: fc.option(fc.constant({ "openai-responses": { moderation: { flagged: false } } })),
  })
  .map(({ content, serviceTier, extensions, ...facts }) =>
    responseOf(content, {
      id: "resp_1",
      model: "m",
      ...(facts as Pick<ChatResponse, "usage" | "finishReason">),
      ...(serviceTier === null ? {} : { serviceTier }),
      ...(extensions === null ? {} : { extensions }),
    }),
  );

/** What a reply says. Ids of items that had none are the server's own. */
function said(response: ChatResponse, like: ChatResponse) {
  const { raw: _raw, ...counted } = response.usage;
  const { id, model, finishReason, serviceTier, extensions, toolCalls } = response;
  const content = response.content.map((part, i) => {
    if (like.content[i]?.origin !== undefined) return part;
    const { origin: _invented, ...rest } = part;
    return rest;
  });
  const calls = toolCalls.map((call) => call.name);
  return { id, model, finishReason, serviceTier, extensions, calls, usage: counted, content };
}

it("a reply survives the server half and the client half", () => {
  fc.assert(
    fc.property(responses, (response) => {
      const outcome = replayBody(client, target, server.encode(response, { id: "served", created: 0 }).body);
      expect("response" in outcome && said(outcome.response, response)).toEqual(said(response, response));
    }),
  );
});

it("a stream survives both halves, and says what the whole reply says", () => {
  fc.assert(
    fc.property(responses, (response) => {
      const { outcome } = replayFrames(client, target, framesFor(server, response));
      expect(outcome !== undefined && "response" in outcome && said(outcome.response, response)).toEqual(
        said(response, response),
      );
    }),
  );
});

const media = fc.constantFrom(
  { type: "image" as const, data: "aGk=", mediaType: "image/png" },
  { type: "image" as const, url: "https://a.example/a.png", detail: "low" as const },
  { type: "image" as const, uploaded: { provider: "openai", id: "file-1" } },
  { type: "file" as const, data: "aGk=", mediaType: "application/pdf", name: "a.pdf" },
  { type: "file" as const, url: "https://a.example/a.pdf" },
  { type: "file" as const, uploaded: { provider: "openai", id: "file-1" }, name: "b.pdf" },
);
const vendor = fc.constant({ "openai-responses": { vendor_field: { deep: [1] } } });
const words = fc.record(
  { type: fc.constant("text" as const), text: word, extensions: vendor },
  { requiredKeys: ["type", "text"] },
);
const userContent = fc.oneof(word, fc.array(fc.oneof(words, media), { minLength: 1, maxLength: 3 }));

/** One turn after the other: the model's, then the results of its calls. Neighbouring turns of the model are one. */
const conversation = fc
  .array(
    fc.oneof(
      fc.record(
        { role: fc.constant("user" as const), content: userContent, extensions: vendor },
        { requiredKeys: ["role", "content"] },
      ),
      fc.record({
        role: fc.constant("system" as const),
        content: fc.oneof(word, fc.array(words, { minLength: 1, maxLength: 2 })),
      }),
      fc.record({ role: fc.constant("assistant" as const), content: fc.oneof(word, answer({})) }),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .chain((turns) => fc.tuple(fc.constant(turns as Message[]), fc.infiniteStream(userContent)))
  .map(([turns, results]) => {
    const messages: Message[] = [];
    for (const turn of turns) {
      const before = messages.at(-1);
      if (turn.role === "assistant" && typeof turn.content !== "string") {
        if (turn.content.length === 0 || (before?.role === "assistant" && typeof before.content !== "string"))
          continue;
      }
      messages.push(turn);
      if (turn.role !== "assistant" || typeof turn.content === "string") continue;
      const answers: ToolMessage["content"] = turn.content.flatMap((part) => {
        if (part.type !== "tool-call" || part.executedBy !== undefined) return [];
        const type = String(part.origin?.data["type"] ?? "function_call");
        const state = type === "function_call" ? {} : origin({}, { type: `${type}_output` });
        const content = type === "local_shell_call" ? "listed" : (results.next().value ?? "");
        return [
          { type: "tool-result" as const, id: part.id, name: part.name, content, ...state },
        ] as ToolMessage["content"];
      });
      if (answers.length > 0) messages.push({ role: "tool", content: answers });
    }
    return messages.length === 0 ? [{ role: "user" as const, content: "x" }] : messages;
  });

const requests: fc.Arbitrary<ChatRequest> = fc.record(
  {
    model: fc.constant("asked"),
    messages: conversation as fc.Arbitrary<Message[]>,
    tools: fc.array(
      fc.oneof(
        fc.record(
          {
            type: fc.constant("function" as const),
            name: token,
            description: word,
            parameters: fc.constant({ type: "object", properties: {} }),
            strict: fc.boolean(),
            extensions: vendor,
          },
          { requiredKeys: ["type", "name", "parameters"] },
        ),
        fc.constantFrom(
          { type: "provider" as const, id: "openai/web_search" as const },
          {
            type: "provider" as const,
            id: "openai/file_search" as const,
            options: { vector_store_ids: ["vs"] },
          },
        ),
      ),
      { maxLength: 3 },
    ),
    toolChoice: fc.oneof(
      fc.constantFrom("auto" as const, "none" as const, "required" as const),
      fc.record({ name: token }),
    ),
    parallelToolCalls: fc.boolean(),
    responseFormat: fc.oneof(
      fc.constantFrom({ type: "text" as const }, { type: "json" as const }),
      fc.record(
        {
          type: fc.constant("json-schema" as const),
          schema: fc.constant({ type: "object" }),
          name: token,
          description: word,
          strict: fc.boolean(),
        },
        { requiredKeys: ["type", "schema", "name"] },
      ),
    ),
    maxTokens: fc.nat(999),
    temperature: fc.constantFrom(0, 0.5),
    topP: fc.constantFrom(0, 1),
    logprobs: fc.oneof(fc.constant(true), fc.nat(5)),
    reasoning: fc.record(
      {
        effort: fc.constantFrom("none", "minimal", "low", "medium", "high", "max"),
        summary: fc.constantFrom("auto", "concise", "detailed"),
      },
      { requiredKeys: ["effort"] },
    ),
    serviceTier: fc.constant("flex"),
    cacheKey: token,
    continues: fc.constant({ provider: "openai", id: "resp_0" }),
    user: token,
    metadata: fc.dictionary(token, word, { maxKeys: 2 }),
    extensions: fc.constantFrom(
      { "openai-responses": { truncation: "auto" } },
      {
        "openai-responses": { text: { verbosity: "low" }, reasoning: { context: "all_turns" }, store: true },
      },
    ),
  },
  { requiredKeys: ["model", "messages"] },
) as fc.Arbitrary<ChatRequest>;

/** `store: true` beside a continued response says what that says already. */
function asked(request: ChatRequest): ChatRequest {
  const own = request.extensions?.["openai-responses"];
  if (request.continues === undefined || own?.["store"] !== true) return request;
  const { store: _store, ...rest } = own;
  return { ...request, extensions: { "openai-responses": rest } };
}

it("a request survives the client half and the server half, without a warning", () => {
  fc.assert(
    fc.property(requests, fc.constantFrom("unary" as const, "stream" as const), (request, mode) => {
      const { http, warnings } = client.encode(request, mode, target);
      expect(warnings).toEqual([]);
      expect(server.decode(http)).toEqual({ request: asked(request), mode });
    }),
  );
});
