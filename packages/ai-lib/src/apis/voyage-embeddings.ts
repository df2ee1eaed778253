import type { DialectTarget, Encoded, KindCodec } from "../core/contract/dialect.js";
import type { EmbedFormat, EmbedRequest } from "../core/values/embedding.js";
import type { MutableJson } from "../core/values/json.js";
import { inputsAtMost } from "../dialects/shared/common/embed-pieces.js";
import { vectorsInData } from "../dialects/shared/common/embed-replies.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { leftOut, textOfInput } from "../dialects/shared/common/kind-requests.js";

/** Embeddings of Voyage AI: https://docs.voyageai.com/reference/embeddings-api */
export const codec: KindCodec<"embed"> = {
  encode,
  decode: (reply, _target, request) => vectorsInData(reply, base64Of(request)),
  // "The maximum length of the list is 1,000."
  pieces: inputsAtMost(1000),
};

function encode(request: EmbedRequest, target: DialectTarget): Encoded {
  const { inputs, purpose, dimensions, truncate, format = "float", user } = request;
  const warnings = [];
  const body: MutableJson = {
    model: target.model,
    input: inputs.map((input, i) => textOfInput(input, `inputs.${i}`, target)),
    encoding_format: "base64",
  };
  if (purpose === "query" || purpose === "document") body["input_type"] = purpose;
  else if (purpose !== undefined)
    warnings.push(leftOut("purpose", "Voyage supports only queries and documents"));
  if (dimensions !== undefined) body["output_dimension"] = dimensions;
  if (format !== "float") body["output_dtype"] = format;
  // It cuts inputs that are too long at their end unless it is asked not to.
  if (truncate === "none") body["truncation"] = false;
  if (truncate === "start")
    warnings.push(leftOut("truncate", "Voyage cuts inputs that are too long at their end"));
  if (user !== undefined) warnings.push(leftOut("user", "there is no field for an end user"));
  return { http: jsonPost("/embeddings", body, request, target), warnings };
}

function base64Of({ format = "float" }: EmbedRequest): EmbedFormat {
  return format;
}
