import { describe, expect, it } from "vitest";
import type { DialectId, ServerKindCodec } from "../../src/core/contract/dialect.js";
import type { Frame } from "../../src/core/contract/transport.js";
import { Fold } from "../../src/core/kinds/chat/fold.js";
import { buildResponse } from "../../src/core/kinds/chat/response.js";
import type { ChatResponse, EndFacts } from "../../src/core/values/chat-response.js";
import type { Kind, RequestOf, ResponseOf } from "../../src/core/values/kinds.js";
import { defineChatProvider } from "../../src/index.js";
import { dialectClient } from "../../src/providers/endpoint/dialects.js";
import { serverHalves } from "../../src/serve/halves.js";

const DIALECTS: readonly DialectId[] = [
  "openai-chat",
  "openai-responses",
  "anthropic-messages",
  "gemini",
  "mistral-chat",
  "cohere-chat",
  "bedrock-converse",
  "ollama-chat",
];

const target = { provider: "labs", model: "m", quirks: {}, now: 0 };
const frame = { ...target, id: "r", attempts: [], estimateInput: () => 1 };
const request = { messages: [{ role: "user" as const, content: "Hi" }] };
const facts = { id: "r", created: 0, request, mode: "stream" as const, includeUsage: true };

/** An answer of a provider that reports no usage. */
const estimated = await defineChatProvider({ name: "own", chat: () => "Hello" }).chat(request);
const reported: ChatResponse = { ...estimated, usageStatus: "final" };

describe.each(DIALECTS)("%s", (id) => {
  it.each([
    ["estimated", estimated],
    ["final", reported],
  ])("a client of this library reads that the usage of a server is %s", async (status, response) => {
    const client = await dialectClient(id);
    const [server] = await serverHalves([id]);
    if (server === undefined) throw new Error(`no server half of ${id}`);
    const decoded = client.decode(server.encode(response, { ...facts, mode: "unary" }), target);
    expect(buildResponse(decoded.content, decoded.facts, [], frame).usageStatus).toBe(status);

    const frames: Frame[] = [];
    server.encoder((one) => frames.push(one), facts).finish(response);
    const fold = new Fold();
    let end: EndFacts | undefined;
    const decoder = client.decoder(target, {
      event: (event) => fold.add(event),
      finish: (found) => {
        end = found;
      },
      fail: (error) => {
        throw error;
      },
    });
    for (const one of frames) decoder.frame(one);
    decoder.end();
    if (end === undefined) throw new Error("the stream did not end");
    expect(fold.build(end, frame).usageStatus).toBe(status);
  });
});

const answer = { id: "r", provider: "own", model: "m", warnings: [], attempts: [] };
const usage = { inputTokens: 7, outputTokens: 0 };

/** Kinds that count input tokens: an answer, a request for it, and the dialects that have the kind. */
const KINDS: Readonly<Record<string, readonly [object, object, readonly DialectId[]]>> = {
  embed: [
    { ...answer, usage, embeddings: [[1, 2]] },
    { inputs: ["Hi"] },
    ["openai-chat", "openai-responses", "gemini", "mistral-chat", "cohere-chat", "ollama-chat"],
  ],
  rerank: [{ ...answer, usage, results: [] }, { query: "Hi", documents: ["Hi"] }, ["cohere-chat"]],
  countTokens: [
    { ...answer, usage, inputTokens: 7 },
    request,
    ["openai-responses", "anthropic-messages", "gemini"],
  ],
};

describe.each(Object.entries(KINDS))("An answer to %s", (kind, [response, asked, dialects]) => {
  it.each(dialects)("is marked by %s if its tokens were counted from the text", async (id) => {
    const [server] = await serverHalves([id]);
    const codec = (server?.kinds as Readonly<Record<string, ServerKindCodec<Kind>>> | undefined)?.[kind];
    if (codec === undefined) throw new Error(`${id} has no ${kind}`);
    const written = (usageStatus: string) => {
      const whole = { ...response, usageStatus, estimated: usageStatus === "estimated" };
      return codec.encode(whole as unknown as ResponseOf<Kind>, asked as RequestOf<Kind>).body;
    };
    expect(written("estimated")).toContain('"estimated":true');
    expect(written("final")).not.toContain("estimated");
  });
});
