import type { DialectTarget, Encoded, KindCodec } from "../../../core/contract/dialect.js";
import { pathSegment } from "../../../core/contract/places.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { Warning } from "../../../core/values/answer.js";
import type { EmbedInput, EmbedPurpose, EmbedReply, EmbedRequest } from "../../../core/values/embedding.js";
import { asArray, asObject, isObject, type Json, type MutableJson } from "../../../core/values/json.js";
import { tokenCount } from "../../../core/values/usage.js";
import { cohereBody, cohereVectors } from "../../shared/cohere/embed.js";
import { inputsAtMost } from "../../shared/common/embed-pieces.js";
import { vectorList } from "../../shared/common/embed-replies.js";
import { extended } from "../../shared/common/extensions.js";
import { JSON_BODY } from "../../shared/common/headers.js";
import { cannotSay, leftOut, textOfInput } from "../../shared/common/kind-requests.js";
import { wellFormedJson } from "../../shared/common/well-formed.js";
import { baseModelOf } from "../shared/family.js";

/**
 * Embeddings of the models on Bedrock, each in its vendor's own shape:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html,
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html,
 * https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html
 */
export const embedCodec: KindCodec<"embed"> = {
  encode,
  decode,
  pieces: inputsAtMost((target) => (makerOf(target) === "embed" ? 96 : 1)),
};

type Maker = "titan" | "nova" | "embed";

function makerOf(target: DialectTarget): Maker {
  const model = baseModelOf(target);
  if (/nova/i.test(model)) return "nova";
  return /cohere/i.test(model) ? "embed" : "titan";
}

function encode(request: EmbedRequest, target: DialectTarget): Encoded {
  const warnings: Warning[] = [];
  const maker = makerOf(target);
  const [input = ""] = request.inputs;
  const body =
    maker === "embed"
      ? cohereBody(request, target, warnings)
      : maker === "nova"
        ? novaBody(request, input, target, warnings)
        : titanBody(request, input, target, warnings);
  if (request.user !== undefined) warnings.push(leftOut("user", "there is no field for an end user"));
  return {
    http: {
      method: "POST",
      path: `/model/${pathSegment(target.model, "The model")}/invoke`,
      headers: JSON_BODY,
      body: wellFormedJson(extended(body, request.extensions, "bedrock-converse", target.provider)),
    },
    warnings,
  };
}

function titanBody(
  request: EmbedRequest,
  input: EmbedInput,
  target: DialectTarget,
  warnings: Warning[],
): MutableJson {
  const body: MutableJson = { inputText: textOfInput(input, "inputs.0", target) };
  if (request.dimensions !== undefined) body["dimensions"] = request.dimensions;
  if (request.purpose !== undefined)
    warnings.push(leftOut("purpose", "Titan makes one vector for every purpose"));
  if (request.format !== undefined && request.format !== "float")
    warnings.push(leftOut("format", "Titan's floating point numbers were requested"));
  if (request.truncate !== undefined && request.truncate !== "none")
    warnings.push(leftOut("truncate", "Titan refuses inputs that are too long"));
  return body;
}

/** https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html */
const NOVA_PURPOSES: Readonly<Record<EmbedPurpose, string>> = {
  query: "GENERIC_RETRIEVAL",
  document: "GENERIC_INDEX",
  similarity: "GENERIC_RETRIEVAL",
  classification: "CLASSIFICATION",
  clustering: "CLUSTERING",
};

const NOVA_TRUNCATIONS: Readonly<Record<NonNullable<EmbedRequest["truncate"]>, string>> = {
  none: "NONE",
  end: "END",
  start: "START",
};

function novaBody(
  request: EmbedRequest,
  input: EmbedInput,
  target: DialectTarget,
  warnings: Warning[],
): MutableJson {
  const { purpose, dimensions, truncate, format = "float" } = request;
  if (purpose === undefined)
    warnings.push({
      code: "changed",
      field: "purpose",
      message:
        '"purpose" was changed: Nova requires one, and "document" was sent; name "query" for what is searched with',
    });
  if (format !== "float") warnings.push(leftOut("format", "Nova returns only floating point numbers"));
  const params: MutableJson = {
    embeddingPurpose: NOVA_PURPOSES[purpose ?? "document"],
    ...novaInput(input, truncate, target),
  };
  if (dimensions !== undefined) params["embeddingDimension"] = dimensions;
  return { taskType: "SINGLE_EMBEDDING", singleEmbeddingParams: params };
}

function novaInput(
  input: EmbedInput,
  truncate: EmbedRequest["truncate"],
  target: DialectTarget,
): Readonly<Record<string, Json>> {
  const image = typeof input === "string" ? undefined : input.find((part) => part.type === "image");
  if (image?.type === "image") {
    if (typeof input === "string" || input.length > 1)
      throw cannotSay(target, "inputs.0", "Nova makes a vector of a text or of a picture, not of both");
    if (image.data === undefined)
      throw cannotSay(target, "inputs.0", "pictures must be sent as bytes: send them, or set `fetchMedia`");
    const format = (image.mediaType ?? "image/png").replace("image/", "");
    return { image: { format, source: { bytes: image.data } } };
  }
  const value = textOfInput(input, "inputs.0", target);
  return { text: { value, truncationMode: NOVA_TRUNCATIONS[truncate ?? "none"] } };
}

function decode(reply: HttpReply, target: DialectTarget, request: EmbedRequest): EmbedReply {
  const body = parseBody(reply.body);
  const maker = makerOf(target);
  const embeddings =
    maker === "embed"
      ? cohereVectors(body["embeddings"], request.format ?? "float", reply.body)
      : vectorList(
          maker === "nova"
            ? asArray(body["embeddings"])
                .filter(isObject)
                .map((row) => row["embedding"])
            : [body["embedding"] ?? asObject(body["embeddingsByType"])?.["float"]],
          reply.body,
        );
  // Titan reports its tokens in the body as well; the others in the header alone.
  const header = reply.headers["x-amzn-bedrock-input-token-count"];
  const tokens = tokenCount(
    body["inputTextTokenCount"] ?? (header === undefined ? undefined : Number(header)),
  );
  return { embeddings, ...(tokens !== undefined && { usage: { inputTokens: tokens, outputTokens: 0 } }) };
}
