import type { KindCodec } from "../core/contract/dialect.js";
import { inputsAtMost } from "../dialects/shared/common/embed-pieces.js";
import { vectorsInData } from "../dialects/shared/common/embed-replies.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { leftOut, textOfInput } from "../dialects/shared/common/kind-requests.js";

/**
 * Embeddings of Perplexity, whose vectors are signed bytes: https://docs.perplexity.ai/api-reference/embeddings-post
 */
export const codec: KindCodec<"embed"> = {
  encode(request, target) {
    const { inputs, purpose, dimensions, truncate, format = "int8", user } = request;
    const warnings = [];
    if (purpose !== undefined)
      warnings.push(leftOut("purpose", "Perplexity makes one vector for every purpose"));
    if (format !== "int8" && format !== "binary")
      warnings.push(leftOut("format", "Perplexity returns signed bytes, or bits"));
    if (truncate !== undefined && truncate !== "none")
      warnings.push(leftOut("truncate", "this endpoint refuses inputs that are too long"));
    if (user !== undefined) warnings.push(leftOut("user", "there is no field for an end user"));
    const body = {
      model: target.model,
      input: inputs.map((input, i) => textOfInput(input, `inputs.${i}`, target)),
      ...(dimensions === undefined ? {} : { dimensions }),
      encoding_format: format === "binary" ? "base64_binary" : "base64_int8",
    };
    return { http: jsonPost("/embeddings", body, request, target), warnings };
  },
  decode: (reply, _target, { format }) => vectorsInData(reply, format === "binary" ? "binary" : "int8"),
  pieces: inputsAtMost(512),
};
