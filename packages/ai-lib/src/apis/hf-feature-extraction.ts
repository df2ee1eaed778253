import type { DialectTarget, Encoded, KindCodec } from "../core/contract/dialect.js";
import type { HttpReply } from "../core/contract/transport.js";
import type { EmbedReply, EmbedRequest, Vector } from "../core/values/embedding.js";
import { type MutableJson, tryParse } from "../core/values/json.js";
import { noVectors } from "../dialects/shared/common/embed-replies.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { leftOut, textOfInput } from "../dialects/shared/common/kind-requests.js";
import { numbersOf } from "../dialects/shared/common/vectors.js";
import { repository } from "./hf-repository.js";

/** Feature extraction of Hugging Face: https://huggingface.co/docs/inference-providers/tasks/feature-extraction */
export const codec: KindCodec<"embed"> = { encode, decode };

function encode(request: EmbedRequest, target: DialectTarget): Encoded {
  const { inputs, purpose, dimensions, truncate, format = "float", user } = request;
  const warnings = [];
  const body: MutableJson = { inputs: inputs.map((input, i) => textOfInput(input, `inputs.${i}`, target)) };
  if (truncate === "end" || truncate === "start") {
    body["truncate"] = true;
    body["truncation_direction"] = truncate === "end" ? "Right" : "Left";
  }
  if (purpose !== undefined) warnings.push(leftOut("purpose", "models name their prompts themselves"));
  if (dimensions !== undefined) warnings.push(leftOut("dimensions", "vectors have the model's own length"));
  if (format !== "float") warnings.push(leftOut("format", "only floating point numbers are returned"));
  if (user !== undefined) warnings.push(leftOut("user", "there is no field for an end user"));
  const model = repository(target.model);
  return {
    // A sibling of the router's /v1, not a child.
    http: jsonPost(`/../hf-inference/models/${model}/pipeline/feature-extraction`, body, request, target),
    warnings,
  };
}

/** A list of vectors; one vector alone for a single text; one vector per token from a model without pooling. */
function decode(reply: HttpReply): EmbedReply {
  const value = tryParse(reply.body);
  if (!Array.isArray(value) || value.length === 0) throw noVectors(reply.body);
  const single = numbersOf(value);
  if (single !== undefined) return { embeddings: [single] };
  const vectors = value.map(numbersOf);
  if (vectors.every((vector) => vector !== undefined)) return { embeddings: vectors };
  const averaged = value.map(meanOf);
  if (!averaged.every((vector) => vector !== undefined)) throw noVectors(reply.body);
  return {
    embeddings: averaged,
    warnings: [
      {
        code: "changed",
        field: "inputs",
        message: "The model returned one vector per token; their mean represents each input",
      },
    ],
  };
}

/** The mean of the vectors of a text's tokens. Some servers put them into one more list. */
function meanOf(value: unknown): Vector | undefined {
  if (!Array.isArray(value)) return undefined;
  const inner = value.length === 1 && Array.isArray(value[0]?.[0]) ? value[0] : value;
  const tokens = (inner as unknown[]).map(numbersOf);
  const [first] = tokens;
  if (first === undefined || !tokens.every((token) => token?.length === first.length)) return undefined;
  return first.map((_, i) => tokens.reduce((sum, token) => sum + (token?.[i] as number), 0) / tokens.length);
}
