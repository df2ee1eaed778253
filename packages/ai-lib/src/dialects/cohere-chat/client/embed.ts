import type { DialectTarget, Encoded, KindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { Warning } from "../../../core/values/answer.js";
import type { EmbedReply, EmbedRequest } from "../../../core/values/embedding.js";
import { asObject, asString, type JsonObject } from "../../../core/values/json.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";
import { cohereBody, cohereVectors } from "../../shared/cohere/embed.js";
import { defined } from "../../shared/common/body-fields.js";
import { inputsAtMost } from "../../shared/common/embed-pieces.js";
import { jsonPost } from "../../shared/common/json-post.js";
import { leftOut } from "../../shared/common/kind-requests.js";
import { DIALECT } from "../shared/family.js";

/** Embeddings of Cohere's second API version: https://docs.cohere.com/v2/reference/embed */
export const embedCodec: KindCodec<"embed"> = { encode, decode, pieces: inputsAtMost(96) };

function encode(request: EmbedRequest, target: DialectTarget): Encoded {
  const warnings: Warning[] = [];
  const body = { model: target.model, ...cohereBody(request, target, warnings) };
  if (request.user !== undefined) warnings.push(leftOut("user", "there is no field for an end user"));
  return {
    http: jsonPost("/embed", body, request, target, DIALECT),
    warnings,
  };
}

function decode(reply: HttpReply, _target: DialectTarget, request: EmbedRequest): EmbedReply {
  const body = parseBody(reply.body);
  const embeddings = cohereVectors(body["embeddings"], request.format ?? "float", reply.body);
  const usage = usageOf(asObject(asObject(body["meta"])?.["billed_units"]));
  return { embeddings, ...defined({ id: asString(body["id"]), usage }) };
}

/** Pictures are billed by their number and not by tokens. */
function usageOf(units: JsonObject | undefined): Usage | undefined {
  const tokens = tokenCount(units?.["input_tokens"]);
  return units === undefined || (tokens === undefined && units["images"] === undefined)
    ? undefined
    : { inputTokens: tokens ?? 0, outputTokens: 0, raw: units };
}
