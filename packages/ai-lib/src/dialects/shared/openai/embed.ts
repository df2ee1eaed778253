import type { DialectTarget, Encoded, KindCodec, ServerKindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError, invalidRequest } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import { embedLaws } from "../../../core/kinds/embed.js";
import type { EmbedInput, EmbedReply, EmbedRequest, Vector } from "../../../core/values/embedding.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";
import { defined, nonEmpty } from "../common/body-fields.js";
import { extended, extensionsOf, unknownFields } from "../common/extensions.js";
import { jsonFor } from "../common/headers.js";
import { bodyOf, leftOut, textOfInput } from "../common/kind-requests.js";
import { base64OfVector, numbersOf, vectorOfBase64 } from "../common/vectors.js";
import { wellFormedJson } from "../common/well-formed.js";

const DIALECT = "openai-chat";

/** Embeddings as OpenAI and many others serve them: https://platform.openai.com/docs/api-reference/embeddings/create */
export const embedCodec: KindCodec<"embed"> = { encode, decode };

/** The server's side of {@link embedCodec}. */
export const embedServer: ServerKindCodec<"embed"> = {
  laws: embedLaws,
  matches: ({ method, path }) => method === "POST" && path.endsWith("/embeddings"),
  decode: decodeRequest,
  encode: encodeReply,
};

function encode(request: EmbedRequest, target: DialectTarget): Encoded {
  const warnings = [];
  const body: MutableJson = {
    model: target.model,
    input: request.inputs.map((input, i) => textOfInput(input, `inputs.${i}`, target)),
    // A quarter of the bytes of a list of numbers, and several times faster to read.
    encoding_format: "base64",
  };
  if (request.dimensions !== undefined) body["dimensions"] = request.dimensions;
  if (request.user !== undefined) body["user"] = request.user;
  if (request.purpose !== undefined)
    warnings.push(leftOut("purpose", "the models behind this endpoint make one vector for every purpose"));
  if (request.format !== undefined && request.format !== "float")
    warnings.push(leftOut("format", "this endpoint returns floating point numbers alone"));
  if (request.truncate !== undefined && request.truncate !== "none")
    warnings.push(leftOut("truncate", "this endpoint refuses inputs that are too long"));
  return {
    http: {
      method: "POST",
      path: "/embeddings",
      headers: jsonFor("unary"),
      body: wellFormedJson(extended(body, request.extensions, DIALECT, target.provider)),
    },
    warnings,
  };
}

function decode(reply: HttpReply): EmbedReply {
  const body = parseBody(reply.body);
  const rows = asArray(body["data"]).filter(isObject);
  // Some hosts answer out of order: `index` is the place of the input.
  const ordered = rows.map((row, i) => ({ at: asNumber(row["index"]) ?? i, row }));
  ordered.sort((a, b) => a.at - b.at);
  const embeddings = ordered.map(({ row }) => vectorOf(row["embedding"]));
  if (embeddings.length === 0) throw noVectors(reply.body);
  return {
    embeddings,
    ...defined({
      id: asString(body["id"]),
      model: nonEmpty(body["model"]),
      usage: usageOf(asObject(body["usage"])),
    }),
  };
}

function vectorOf(value: unknown): Vector {
  const vector = typeof value === "string" ? vectorOfBase64(value) : numbersOf(value);
  if (vector !== undefined && vector.length > 0) return vector;
  throw new AiLibError({
    code: "INVALID_RESPONSE",
    message: "An embedding is neither a list of numbers nor base64 of some",
  });
}

function noVectors(body: string): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: "The provider returned no embeddings",
    body,
  });
}

/** Only a total is reported by some hosts. */
function usageOf(usage: JsonObject | undefined): Usage | undefined {
  const tokens = tokenCount(usage?.["prompt_tokens"]) ?? tokenCount(usage?.["total_tokens"]);
  return usage === undefined || tokens === undefined
    ? undefined
    : { inputTokens: tokens, outputTokens: 0, raw: usage };
}

const KNOWN: ReadonlySet<string> = new Set(["model", "input", "dimensions", "user"]);

function decodeRequest({ body: text }: { readonly body?: unknown }): EmbedRequest {
  const body = bodyOf(text);
  return {
    ...defined({ model: asString(body["model"]) }),
    inputs: inputsOf(body["input"]),
    ...defined({ dimensions: asNumber(body["dimensions"]), user: asString(body["user"]) }),
    ...extensionsOf(DIALECT, unknownFields(body, KNOWN)),
  };
}

/** @throws {AiLibError} `INVALID_REQUEST`, also for lists of tokens, which only their own tokenizer can read. */
function inputsOf(input: unknown): readonly EmbedInput[] {
  if (typeof input === "string") return [input];
  if (Array.isArray(input) && input.length > 0 && input.every((each) => typeof each === "string"))
    return input as readonly string[];
  throw invalidRequest("`input` must be a text or a list of texts; lists of tokens are not supported");
}

function encodeReply(
  response: Parameters<ServerKindCodec<"embed">["encode"]>[0],
  request: EmbedRequest,
): HttpReply {
  const base64 = asObject(request.extensions?.[DIALECT])?.["encoding_format"] === "base64";
  const { inputTokens } = response.usage;
  const body = {
    object: "list",
    data: response.embeddings.map((embedding, index) => ({
      object: "embedding",
      index,
      embedding: base64 ? base64OfVector(embedding) : embedding,
    })),
    model: response.model,
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  };
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
}
