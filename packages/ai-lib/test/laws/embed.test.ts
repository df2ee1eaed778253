import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClientHalf, ServerHalf } from "../../src/core/contract/dialect.js";
import { embedLaws } from "../../src/core/kinds/embed.js";
import type { EmbedInput, EmbedRequest, EmbedResponse } from "../../src/core/values/embedding.js";
import * as cohereClient from "../../src/dialects/cohere-chat/client/index.js";
import * as cohereServer from "../../src/dialects/cohere-chat/server/index.js";
import * as geminiClient from "../../src/dialects/gemini/client/index.js";
import * as geminiServer from "../../src/dialects/gemini/server/index.js";
import * as mistralClient from "../../src/dialects/mistral-chat/client/index.js";
import * as mistralServer from "../../src/dialects/mistral-chat/server/index.js";
import * as ollamaClient from "../../src/dialects/ollama-chat/client/index.js";
import * as ollamaServer from "../../src/dialects/ollama-chat/server/index.js";
import * as openaiClient from "../../src/dialects/openai-chat/client/index.js";
import * as openaiServer from "../../src/dialects/openai-chat/server/index.js";

const DIALECTS: readonly [string, ClientHalf, ServerHalf][] = [
  ["openai-chat", openaiClient.client, openaiServer.server],
  ["gemini", geminiClient.client, geminiServer.server],
  ["cohere-chat", cohereClient.client, cohereServer.server],
  ["ollama-chat", ollamaClient.client, ollamaServer.server],
  ["mistral-chat", mistralClient.client, mistralServer.server],
];

const text = fc.string({ minLength: 1, maxLength: 20 });
const image = fc.constant({ type: "image" as const, mediaType: "image/png", data: "aGk=" });
const input: fc.Arbitrary<EmbedInput> = fc.oneof(
  { weight: 4, arbitrary: text },
  {
    weight: 1,
    arbitrary: fc.tuple(
      text.map((each) => ({ type: "text" as const, text: each })),
      image,
    ),
  },
);
const request: fc.Arbitrary<EmbedRequest> = fc.record(
  {
    inputs: fc.array(input, { minLength: 1, maxLength: 4 }),
    purpose: fc.constantFrom("query", "document", "similarity", "classification", "clustering"),
    dimensions: fc.integer({ min: 1, max: 64 }),
    format: fc.constantFrom("float", "int8", "uint8", "binary", "ubinary"),
    truncate: fc.constantFrom("none", "end", "start"),
    user: text,
  },
  { requiredKeys: ["inputs"] },
);

const target = { provider: "p", model: "m", quirks: {}, now: 0 };

/** A response to a request, whose numbers survive 32 bits and whose bytes are bytes. */
function answer({ inputs, format = "float" }: EmbedRequest): EmbedResponse {
  const number = (i: number) => (format === "float" ? (i + 1) / 8 : i + 1);
  const embeddings = inputs.map((_, i) => [number(i), number(i + 1), number(i + 2)]);
  const reply = { embeddings, id: "e1", model: "m", usage: { inputTokens: 7, outputTokens: 0 } };
  const frame = { provider: "p", model: "m", id: "x", attempts: [], estimateInput: () => 0 };
  return embedLaws.respond(reply, [], frame);
}

/** What each vendor does with an input that is too long unless it is asked for something else. */
const IMPLIED: Readonly<Record<string, string>> = { gemini: "end", "ollama-chat": "end" };

describe.each(DIALECTS)("embeddings of %s", (id, client, server) => {
  const implied = IMPLIED[id] ?? "none";
  const codec = client.kinds?.embed;
  const half = server.kinds?.embed;
  if (codec === undefined || half === undefined) throw new Error("no embeddings");

  it("are asked for by requests that the server half reads as they were meant, or with a warning", () => {
    fc.assert(
      fc.property(request, (asked) => {
        let encoded: ReturnType<typeof codec.encode>;
        try {
          encoded = codec.encode(asked, target);
        } catch (error) {
          // A picture where only texts are taken.
          expect(error).toMatchObject({ code: "UNSUPPORTED_FEATURE", local: true });
          return;
        }
        expect(half.matches(encoded.http)).toBe(true);
        const read = half.decode(encoded.http);
        const warned = new Set(encoded.warnings.map(({ field }) => field));
        expect(read.model).toBe("m");
        expect(read.inputs).toEqual(asked.inputs);
        for (const field of ["purpose", "dimensions", "format", "truncate", "user"] as const) {
          const wanted = field === "format" && asked.format === "float" ? undefined : asked[field];
          // "similarity" has no word of its own at every vendor; the nearest is sent.
          if (wanted !== undefined && !warned.has(field) && wanted !== "similarity")
            expect([field, read[field] ?? (field === "truncate" ? implied : undefined)]).toContain(wanted);
        }
      }),
    );
  });

  it("come back from the server half as they were given", () => {
    fc.assert(
      fc.property(request, (asked) => {
        let http: ReturnType<typeof codec.encode>["http"];
        try {
          ({ http } = codec.encode(asked, target));
        } catch {
          return;
        }
        const read = half.decode(http);
        const given = answer(read);
        const decoded = codec.decode(half.encode(given, read), target, asked);
        expect(decoded.embeddings).toEqual(given.embeddings);
        expect(decoded.usage?.inputTokens).toBe(7);
      }),
    );
  });

  it.each([
    "",
    "null",
    "[]",
    "{}",
    '{"data":[]}',
    '{"embeddings":{}}',
    '{"data":[{"embedding":["x"]}]}',
    '{"embedding":{"values":null}}',
  ])("are no reply: %s", (body) => {
    expect(() => codec.decode({ status: 200, headers: {}, body }, target, { inputs: ["x"] })).toThrow(
      expect.objectContaining({ code: "INVALID_RESPONSE" }),
    );
  });
});
