import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { Warning } from "../../../core/values/answer.js";
import type {
  EmbedFormat,
  EmbedInput,
  EmbedPurpose,
  EmbedRequest,
  Vector,
} from "../../../core/values/embedding.js";
import {
  asArray,
  asObject,
  type Json,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import { noVectors } from "../common/embed-replies.js";
import { cannotSay } from "../common/kind-requests.js";
import { numbersOf, vectorOfBase64 } from "../common/vectors.js";

/** What a vector is for, in Cohere's words: https://docs.cohere.com/v2/reference/embed#request.body.input_type */
export const INPUT_TYPES: Readonly<Record<EmbedPurpose, string>> = {
  query: "search_query",
  document: "search_document",
  classification: "classification",
  clustering: "clustering",
  // Cohere has no purpose for comparing two texts; its examples for clustering make such comparisons.
  similarity: "clustering",
};

/** Cohere's words for what happens to an input that is too long. */
export const TRUNCATIONS: Readonly<Record<NonNullable<EmbedRequest["truncate"]>, string>> = {
  none: "NONE",
  end: "END",
  start: "START",
};

/** The formats that Cohere returns vectors in, besides base64. */
export const FORMATS: readonly EmbedFormat[] = ["float", "int8", "uint8", "binary", "ubinary"];

/** A request to a model of Cohere's, wherever it is served: all of the body but the model. */
export function cohereBody(request: EmbedRequest, target: DialectTarget, warnings: Warning[]): MutableJson {
  const { purpose, dimensions, format = "float", truncate, inputs } = request;
  if (purpose === undefined)
    warnings.push({
      code: "changed",
      field: "purpose",
      message:
        '"purpose" was changed: Cohere requires one, and "document" was sent; name "query" for what is searched with',
    });
  const body: MutableJson = {
    input_type: INPUT_TYPES[purpose ?? "document"],
    // Base64 is a quarter of the bytes of a list of numbers, and several times faster to read.
    embedding_types: [format === "float" ? "base64" : format],
    ...inputsOf(inputs, target),
  };
  if (dimensions !== undefined) body["output_dimension"] = dimensions;
  if (truncate !== undefined) body["truncate"] = TRUNCATIONS[truncate];
  return body;
}

/** Texts alone go as `texts`; inputs with pictures go as `inputs`, each with its parts. */
function inputsOf(inputs: readonly EmbedInput[], target: DialectTarget): MutableJson {
  if (inputs.every((input) => typeof input === "string")) return { texts: inputs };
  return {
    inputs: inputs.map((input, i): JsonObject => {
      if (typeof input === "string") return { content: [{ type: "text", text: input }] };
      const content = input.map((part): Json => {
        if (part.type === "text") return { type: "text", text: part.text };
        if (part.data === undefined)
          throw cannotSay(
            target,
            `inputs.${i}`,
            "pictures must be sent as bytes: send them, or set `fetchMedia`",
          );
        const url = `data:${part.mediaType ?? "image/png"};base64,${part.data}`;
        return { type: "image_url", image_url: { url } };
      });
      return { content };
    }),
  };
}

/**
 * The vectors in the requested format, else in any format of the reply; an older version sends a bare list.
 * @throws {AiLibError} `INVALID_RESPONSE` if there are none.
 */
export function cohereVectors(value: unknown, format: EmbedFormat, body: string): readonly Vector[] {
  const byType = asObject(value);
  const names = byType === undefined ? [] : [format, "base64", "float", ...FORMATS];
  const list = byType === undefined ? value : names.map((name) => byType[name]).find(Array.isArray);
  const vectors = asArray(list).map((each) =>
    typeof each === "string" ? vectorOfBase64(each, format) : numbersOf(each),
  );
  const whole = vectors.filter((vector) => vector !== undefined);
  if (whole.length === 0 || whole.length < vectors.length) throw noVectors(body);
  return whole;
}
