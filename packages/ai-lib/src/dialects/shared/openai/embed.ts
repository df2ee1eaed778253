import type {
  DialectId,
  DialectTarget,
  Encoded,
  KindCodec,
  ServerKindCodec,
} from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import { embedLaws } from "../../../core/kinds/embed.js";
import type { EmbedInput, EmbedRequest } from "../../../core/values/embedding.js";
import { asNumber, asObject, asString, type MutableJson } from "../../../core/values/json.js";
import { defined } from "../common/body-fields.js";
import { inputsAtMost } from "../common/embed-pieces.js";
import { vectorsInData } from "../common/embed-replies.js";
import { extensionsOf, unknownFields } from "../common/extensions.js";
import { jsonPost, jsonReply } from "../common/json-post.js";
import { bodyOf, leftOut, textOfInput } from "../common/kind-requests.js";
import { markedUsage } from "../common/usage-mark.js";
import { base64OfVector } from "../common/vectors.js";

/** How an endpoint's embeddings differ from OpenAI's. */
interface Deviations {
  /** The key of the extensions. */
  readonly dialect: DialectId;
  /** The field of the vectors' length. Default `"dimensions"`. */
  readonly dimensions?: string;
}

/** Both sides of embeddings as OpenAI and many others serve them. */
export interface OpenAiEmbed {
  readonly codec: KindCodec<"embed">;
  readonly server: ServerKindCodec<"embed">;
}

/** Makes both sides for one endpoint. https://platform.openai.com/docs/api-reference/embeddings/create */
export function openAiEmbed({ dialect, dimensions = "dimensions" }: Deviations): OpenAiEmbed {
  return {
    codec: {
      encode: (request, target) => encode(request, target, dialect, dimensions),
      decode: (reply) => vectorsInData(reply),
      pieces: inputsAtMost(MAX_INPUTS),
    },
    server: {
      laws: embedLaws,
      matches: ({ method, path }) => method === "POST" && path.endsWith("/embeddings"),
      decode: (http) => decodeRequest(http, dialect, dimensions),
      encode: (response, request) => encodeReply(response, request, dialect),
    },
  };
}

/** Inputs of one request: https://platform.openai.com/docs/api-reference/embeddings/create#embeddings-create-input */
const MAX_INPUTS = 2048;

const OPENAI = openAiEmbed({ dialect: "openai-chat" });

/** Embeddings of OpenAI. */
export const embedCodec = OPENAI.codec;

/** The server half of {@link embedCodec}. */
export const embedServer = OPENAI.server;

function encode(
  request: EmbedRequest,
  target: DialectTarget,
  dialect: DialectId,
  dimensions: string,
): Encoded {
  const warnings = [];
  const body: MutableJson = {
    model: target.model,
    input: request.inputs.map((input, i) => textOfInput(input, `inputs.${i}`, target)),
    // A quarter of the bytes of a list of numbers, and several times faster to read.
    encoding_format: "base64",
  };
  if (request.dimensions !== undefined) body[dimensions] = request.dimensions;
  if (request.user !== undefined) body["user"] = request.user;
  if (request.purpose !== undefined)
    warnings.push(leftOut("purpose", "the models behind this endpoint make one vector for every purpose"));
  if (request.format !== undefined && request.format !== "float")
    warnings.push(leftOut("format", "this endpoint returns only floating point numbers"));
  if (request.truncate !== undefined && request.truncate !== "none")
    warnings.push(leftOut("truncate", "this endpoint refuses inputs that are too long"));
  return {
    http: jsonPost("/embeddings", body, request, target, dialect),
    warnings,
  };
}

function decodeRequest(
  { body: text }: { readonly body?: unknown },
  dialect: DialectId,
  dimensions: string,
): EmbedRequest {
  const body = bodyOf(text);
  const known = new Set(["model", "input", dimensions, "user"]);
  return {
    ...defined({ model: asString(body["model"]) }),
    inputs: inputsOf(body["input"]),
    ...defined({ dimensions: asNumber(body[dimensions]), user: asString(body["user"]) }),
    ...extensionsOf(dialect, unknownFields(body, known)),
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
  dialect: DialectId,
): HttpReply {
  const base64 = asObject(request.extensions?.[dialect])?.["encoding_format"] === "base64";
  const { inputTokens } = response.usage;
  const usage = { prompt_tokens: inputTokens, total_tokens: inputTokens };
  const body = {
    // Mistral's client requires an id.
    id: response.id,
    object: "list",
    data: response.embeddings.map((embedding, index) => ({
      object: "embedding",
      index,
      embedding: base64 ? base64OfVector(embedding) : embedding,
    })),
    model: response.model,
    usage: markedUsage(usage, response),
  };
  return jsonReply(body);
}
