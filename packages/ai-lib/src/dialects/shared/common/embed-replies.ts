import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { EmbedFormat, EmbedReply, Vector } from "../../../core/values/embedding.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
} from "../../../core/values/json.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";
import { defined, nonEmpty } from "./body-fields.js";
import { numbersOf, vectorOfBase64 } from "./vectors.js";

/**
 * Reads vectors in OpenAI's shape: a list `data` whose entries have an `embedding`, numbers or base64.
 * @param base64 what base64 holds. Default: 32-bit floats.
 * @throws {AiLibError} `INVALID_RESPONSE` for a reply without vectors.
 */
export function vectorsInData(reply: HttpReply, base64: EmbedFormat = "float"): EmbedReply {
  const body = parseBody(reply.body);
  const rows = asArray(body["data"]).filter(isObject);
  // Some hosts answer out of order: `index` is the place of the input.
  const ordered = rows.map((row, i) => ({ at: asNumber(row["index"]) ?? i, row }));
  ordered.sort((a, b) => a.at - b.at);
  const embeddings = ordered.map(({ row }) => vectorOf(row["embedding"], base64));
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

function vectorOf(value: unknown, base64: EmbedFormat): Vector {
  const vector = typeof value === "string" ? vectorOfBase64(value, base64) : numbersOf(value);
  if (vector !== undefined && vector.length > 0) return vector;
  throw new AiLibError({
    code: "INVALID_RESPONSE",
    message: "An embedding is neither a list of numbers nor base64 of some",
  });
}

/** Some hosts report only a total. */
function usageOf(usage: JsonObject | undefined): Usage | undefined {
  const tokens = tokenCount(usage?.["prompt_tokens"]) ?? tokenCount(usage?.["total_tokens"]);
  return usage === undefined || tokens === undefined
    ? undefined
    : { inputTokens: tokens, outputTokens: 0, raw: usage };
}

/** A list of vectors as numbers. @throws {AiLibError} `INVALID_RESPONSE` if one is missing or is not a vector. */
export function vectorList(values: readonly unknown[], body: string): readonly Vector[] {
  const vectors = values.map(numbersOf).filter((vector) => vector !== undefined);
  if (vectors.length === 0 || vectors.length < values.length) throw noVectors(body);
  return vectors;
}

/** The error of a reply without vectors. */
export function noVectors(body: string): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: "The provider returned no embeddings",
    body,
  });
}
