import type { DialectTarget, Encoded, KindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { EmbedReply, EmbedRequest } from "../../../core/values/embedding.js";
import { asArray, type MutableJson } from "../../../core/values/json.js";
import { tokenCount } from "../../../core/values/usage.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { vectorList } from "../../shared/common/embed-replies.js";
import { jsonPost } from "../../shared/common/json-post.js";
import { leftOut, textOfInput } from "../../shared/common/kind-requests.js";
import { DIALECT, EMBED_PATH } from "../shared/family.js";

/** Embeddings of Ollama's native API: https://docs.ollama.com/api/embed */
export const embedCodec: KindCodec<"embed"> = { encode, decode };

function encode(request: EmbedRequest, target: DialectTarget): Encoded {
  const { inputs, dimensions, truncate, purpose, format = "float", user } = request;
  const warnings = [];
  const body: MutableJson = {
    model: target.model,
    input: inputs.map((input, i) => textOfInput(input, `inputs.${i}`, target)),
  };
  if (dimensions !== undefined) body["dimensions"] = dimensions;
  // It cuts inputs that are too long at their end unless it is asked not to.
  if (truncate === "none") body["truncate"] = false;
  if (truncate === "start")
    warnings.push(leftOut("truncate", "this endpoint cuts inputs that are too long at their end"));
  if (purpose !== undefined)
    warnings.push(leftOut("purpose", "the models behind this endpoint make one vector for every purpose"));
  if (format !== "float")
    warnings.push(leftOut("format", "this endpoint returns only floating point numbers"));
  if (user !== undefined) warnings.push(leftOut("user", "there is no field for an end user"));
  return {
    http: jsonPost(EMBED_PATH, body, request, target, DIALECT),
    warnings,
  };
}

/** The path before this one, `/api/embeddings`, answers with one vector and no usage. */
function decode(reply: HttpReply): EmbedReply {
  const body = parseBody(reply.body);
  const single = body["embedding"];
  const embeddings = vectorList(single === undefined ? asArray(body["embeddings"]) : [single], reply.body);
  const tokens = tokenCount(body["prompt_eval_count"]);
  return {
    embeddings,
    ...defined({
      model: nonEmpty(body["model"]),
      usage: tokens === undefined ? undefined : { inputTokens: tokens, outputTokens: 0 },
    }),
  };
}
