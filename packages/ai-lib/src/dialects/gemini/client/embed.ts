import type { DialectTarget, Encoded, KindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { Warning } from "../../../core/values/answer.js";
import type { EmbedInput, EmbedReply, EmbedRequest } from "../../../core/values/embedding.js";
import { asArray, asObject, isObject, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";
import { inputsAtMost } from "../../shared/common/embed-pieces.js";
import { vectorList } from "../../shared/common/embed-replies.js";
import { extended } from "../../shared/common/extensions.js";
import { JSON_BODY } from "../../shared/common/headers.js";
import { cannotSay, leftOut } from "../../shared/common/kind-requests.js";
import { wellFormedJson } from "../../shared/common/well-formed.js";
import { TASK_TYPES } from "../shared/embed.js";
import { pathOf } from "./request.js";

/**
 * Embeddings of the Gemini API: one input goes to `embedContent`, several go to `batchEmbedContents`.
 * https://ai.google.dev/api/embeddings
 */
export const embedCodec: KindCodec<"embed"> = { encode, decode, pieces: inputsAtMost(100) };

function encode(request: EmbedRequest, target: DialectTarget): Encoded {
  const warnings: Warning[] = [];
  if (request.format !== undefined && request.format !== "float")
    warnings.push(leftOut("format", "this endpoint returns only floating point numbers"));
  if (request.truncate !== undefined && request.truncate !== "end")
    warnings.push(leftOut("truncate", "this endpoint cuts inputs that are too long at their end"));
  if (request.user !== undefined) warnings.push(leftOut("user", "there is no field for an end user"));
  const one = (input: EmbedInput, i: number): MutableJson => {
    const body: MutableJson = { content: { parts: partsOf(input, i, target) } };
    if (request.purpose !== undefined) body["taskType"] = TASK_TYPES[request.purpose];
    if (request.dimensions !== undefined) body["outputDimensionality"] = request.dimensions;
    return extended(body, request.extensions, "gemini", target.provider);
  };
  const [first, ...others] = request.inputs;
  const single = first !== undefined && others.length === 0;
  const model = target.model.includes("/") ? target.model : `models/${target.model}`;
  const body = single
    ? one(first, 0)
    : { requests: request.inputs.map((input, i) => ({ model, ...one(input, i) })) };
  return {
    http: {
      method: "POST",
      path: pathOf(target.model, single ? "embedContent" : "batchEmbedContents"),
      headers: JSON_BODY,
      body: wellFormedJson(body),
    },
    warnings,
  };
}

function partsOf(input: EmbedInput, index: number, target: DialectTarget): readonly JsonObject[] {
  if (typeof input === "string") return [{ text: input }];
  return input.map((part) => {
    if (part.type === "text") return { text: part.text };
    if (part.data !== undefined)
      return { inlineData: { mimeType: part.mediaType ?? "image/png", data: part.data } };
    throw cannotSay(
      target,
      `inputs.${index}`,
      "pictures must be sent as bytes: send them, or set `fetchMedia`",
    );
  });
}

function decode(reply: HttpReply): EmbedReply {
  const body = parseBody(reply.body);
  const single = asObject(body["embedding"]);
  const rows = single === undefined ? asArray(body["embeddings"]).filter(isObject) : [single];
  const embeddings = vectorList(
    rows.map((row) => row["values"]),
    reply.body,
  );
  const usage = usageOf(asObject(body["usageMetadata"]));
  return {
    embeddings,
    ...(usage === undefined ? {} : { usage }),
  };
}

/** Only newer models report usage, and some of them by modality alone. */
function usageOf(metadata: JsonObject | undefined): Usage | undefined {
  if (metadata === undefined) return undefined;
  const details = asArray(metadata["promptTokensDetails"] ?? metadata["promptTokenDetails"]).filter(isObject);
  const counted = details.reduce((sum, detail) => sum + (tokenCount(detail["tokenCount"]) ?? 0), 0);
  const tokens = tokenCount(metadata["promptTokenCount"]) ?? (details.length === 0 ? undefined : counted);
  return tokens === undefined ? undefined : { inputTokens: tokens, outputTokens: 0, raw: metadata };
}
