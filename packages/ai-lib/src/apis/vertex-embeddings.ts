import type { DialectTarget, Encoded, KindCodec } from "../core/contract/dialect.js";
import { pathSegment } from "../core/contract/places.js";
import type { HttpReply } from "../core/contract/transport.js";
import { parseBody } from "../core/errors/parse-body.js";
import type { EmbedReply, EmbedRequest } from "../core/values/embedding.js";
import { asArray, asObject, isObject, type MutableJson } from "../core/values/json.js";
import { tokenCount } from "../core/values/usage.js";
import { TASK_TYPES } from "../dialects/gemini/shared/embed.js";
import { inputsAtMost } from "../dialects/shared/common/embed-pieces.js";
import { vectorList } from "../dialects/shared/common/embed-replies.js";
import { jsonPost } from "../dialects/shared/common/json-post.js";
import { leftOut, textOfInput } from "../dialects/shared/common/kind-requests.js";

/** Text embeddings of Vertex AI: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api */
export const codec: KindCodec<"embed"> = {
  encode,
  decode,
  // One text a request for Gemini's models, 250 for the older ones.
  pieces: inputsAtMost(({ model }) => (model.includes("gemini") ? 1 : 250)),
};

function encode(request: EmbedRequest, target: DialectTarget): Encoded {
  const { inputs, purpose, dimensions, truncate, format = "float", user } = request;
  const warnings = [];
  const instances = inputs.map((input, i) => ({
    content: textOfInput(input, `inputs.${i}`, target),
    ...(purpose === undefined ? {} : { task_type: TASK_TYPES[purpose] }),
  }));
  const parameters: MutableJson = {};
  if (dimensions !== undefined) parameters["outputDimensionality"] = dimensions;
  // It cuts inputs that are too long at their end unless it is asked not to.
  if (truncate === "none") parameters["autoTruncate"] = false;
  if (truncate === "start")
    warnings.push(leftOut("truncate", "Vertex cuts inputs that are too long at their end"));
  if (format !== "float") warnings.push(leftOut("format", "Vertex returns only floating point numbers"));
  if (user !== undefined) warnings.push(leftOut("user", "there is no field for an end user"));
  const path = `/models/${pathSegment(target.model, "The model")}:predict`;
  return { http: jsonPost(path, { instances, parameters }, request, target), warnings };
}

function decode(reply: HttpReply): EmbedReply {
  const found = asArray(parseBody(reply.body)["predictions"])
    .filter(isObject)
    .map((prediction) => asObject(prediction["embeddings"]) ?? {});
  const tokens = found.map((each) => tokenCount(asObject(each["statistics"])?.["token_count"]));
  const embeddings = vectorList(
    found.map((each) => each["values"]),
    reply.body,
  );
  const known = tokens.filter((count) => count !== undefined);
  return {
    embeddings,
    ...(known.length > 0 && {
      usage: { inputTokens: known.reduce((sum, count) => sum + count, 0), outputTokens: 0 },
    }),
  };
}
