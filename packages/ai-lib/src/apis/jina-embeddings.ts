import type { DialectTarget, Encoded, KindCodec } from "../core/contract/dialect.js";
import type { EmbedInput, EmbedPurpose, EmbedRequest } from "../core/values/embedding.js";
import type { Json, MutableJson } from "../core/values/json.js";
import { inputsAtMost } from "../dialects/shared/common/embed-pieces.js";
import { vectorsInData } from "../dialects/shared/common/embed-replies.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { cannotSay, leftOut } from "../dialects/shared/common/kind-requests.js";

/** Embeddings of Jina AI: https://api.jina.ai/redoc */
export const codec: KindCodec<"embed"> = {
  encode,
  decode: (reply, _target, { format = "float" }) => vectorsInData(reply, format),
  pieces: inputsAtMost(512),
};

const TASKS: Readonly<Record<EmbedPurpose, string>> = {
  query: "retrieval.query",
  document: "retrieval.passage",
  similarity: "text-matching",
  classification: "classification",
  clustering: "separation",
};

function encode(request: EmbedRequest, target: DialectTarget): Encoded {
  const { inputs, purpose, dimensions, truncate, format = "float", user } = request;
  const warnings = [];
  const body: MutableJson = {
    model: target.model,
    input: inputs.map((input, i) => inputOf(input, i, target)),
    embedding_type: format === "binary" || format === "ubinary" ? format : "base64",
  };
  if (purpose !== undefined) body["task"] = TASKS[purpose];
  if (dimensions !== undefined) body["dimensions"] = dimensions;
  if (truncate === "end") body["truncate"] = true;
  if (truncate === "start")
    warnings.push(leftOut("truncate", "Jina cuts inputs that are too long at their end"));
  if (format === "int8" || format === "uint8")
    throw cannotSay(target, "format", "Jina returns floating point numbers or bits");
  if (user !== undefined) warnings.push(leftOut("user", "there is no field for an end user"));
  return { http: jsonPost("/embeddings", body, request, target), warnings };
}

function inputOf(input: EmbedInput, index: number, target: DialectTarget): Json {
  if (typeof input === "string") return { text: input };
  const [part, ...others] = input;
  if (part === undefined || others.length > 0)
    throw cannotSay(target, `inputs.${index}`, "Jina makes a vector of one text or one picture");
  if (part.type === "text") return { text: part.text };
  const image = part.data ?? part.url;
  if (image === undefined)
    throw cannotSay(target, `inputs.${index}`, "pictures must be sent as bytes or by URL");
  return { image };
}
