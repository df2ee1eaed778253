import type { ServerKindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import { embedLaws } from "../../../core/kinds/embed.js";
import type {
  EmbedInput,
  EmbedPurpose,
  EmbedRequest,
  EmbedResponse,
} from "../../../core/values/embedding.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
} from "../../../core/values/json.js";
import type { ImagePart, TextPart } from "../../../core/values/message.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { jsonReply } from "../../shared/common/json-post.js";
import { bodyOf } from "../../shared/common/kind-requests.js";
import { decodeSegment } from "../../shared/common/path-segment.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { TASK_TYPES } from "../shared/embed.js";

const PATH = /\/([^/]+):(embedContent|batchEmbedContents)$/;

const KNOWN: ReadonlySet<string> = new Set(["model", "content", "taskType", "outputDimensionality"]);

/** The server half of `embedContent` and `batchEmbedContents`. https://ai.google.dev/api/embeddings */
export const embedServer: ServerKindCodec<"embed"> = {
  laws: embedLaws,
  matches: ({ method, path }) => method === "POST" && PATH.test(path),
  decode,
  encode,
};

/**
 * Decodes a batch as one request, with the purpose and the length of its first request.
 * @throws {AiLibError} `INVALID_REQUEST` for a body without content.
 */
function decode(http: HttpRequest): EmbedRequest {
  const [, name = "", method] = PATH.exec(http.path) ?? [];
  const body = bodyOf(http.body);
  const requests = method === "embedContent" ? [body] : asArray(body["requests"]).filter(isObject);
  const [first] = requests;
  if (first === undefined) throw invalidRequest("`requests` must be a list of requests");
  const purpose = purposeOf(asString(first["taskType"]));
  const dimensions = asNumber(first["outputDimensionality"]);
  return {
    model: decodeSegment(name),
    inputs: requests.map((request, i) => inputOf(asObject(request["content"]), i)),
    ...(purpose === undefined ? {} : { purpose }),
    ...(dimensions === undefined ? {} : { dimensions }),
    ...extensionsOf("gemini", unknownFields(first, KNOWN)),
  };
}

function purposeOf(taskType: string | undefined): EmbedPurpose | undefined {
  const found = Object.entries(TASK_TYPES).find(([, name]) => name === taskType);
  return found?.[0] as EmbedPurpose | undefined;
}

function inputOf(content: JsonObject | undefined, index: number): EmbedInput {
  const parts = asArray(content?.["parts"]).filter(isObject).map(partOf);
  const [only] = parts;
  if (only === undefined) throw invalidRequest(`\`requests.${index}.content\` has no parts`);
  return parts.length === 1 && only.type === "text" ? only.text : parts;
}

function partOf(part: JsonObject): TextPart | ImagePart {
  const inline = asObject(part["inlineData"] ?? part["inline_data"]);
  if (inline === undefined) return { type: "text", text: asString(part["text"]) ?? "" };
  return {
    type: "image",
    mediaType: asString(inline["mimeType"] ?? inline["mime_type"]) ?? "image/png",
    data: asString(inline["data"]) ?? "",
  };
}

function encode(response: EmbedResponse, request: EmbedRequest): HttpReply {
  const { embeddings, usage } = response;
  const rows = embeddings.map((values) => ({ values }));
  const usageMetadata = markedUsage({ promptTokenCount: usage.inputTokens }, response);
  const body =
    request.inputs.length === 1 ? { embedding: rows[0], usageMetadata } : { embeddings: rows, usageMetadata };
  return jsonReply(body);
}
