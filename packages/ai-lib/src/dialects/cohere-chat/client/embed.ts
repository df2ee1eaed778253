import type { DialectTarget, Encoded, KindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import type { Warning } from "../../../core/values/answer.js";
import type {
  EmbedFormat,
  EmbedInput,
  EmbedReply,
  EmbedRequest,
  Vector,
} from "../../../core/values/embedding.js";
import {
  asArray,
  asObject,
  asString,
  type Json,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";
import { defined } from "../../shared/common/body-fields.js";
import { extended } from "../../shared/common/extensions.js";
import { jsonFor } from "../../shared/common/headers.js";
import { cannotSay, leftOut } from "../../shared/common/kind-requests.js";
import { numbersOf, vectorOfBase64 } from "../../shared/common/vectors.js";
import { wellFormedJson } from "../../shared/common/well-formed.js";
import { FORMATS, INPUT_TYPES, TRUNCATIONS } from "../shared/embed.js";
import { DIALECT } from "../shared/family.js";

/** Embeddings of Cohere's second API version: https://docs.cohere.com/v2/reference/embed */
export const embedCodec: KindCodec<"embed"> = { encode, decode };

function encode(request: EmbedRequest, target: DialectTarget): Encoded {
  const warnings: Warning[] = [];
  const { purpose, dimensions, format = "float", truncate, inputs } = request;
  if (purpose === undefined)
    warnings.push({
      code: "changed",
      field: "purpose",
      message:
        '"purpose" was changed: Cohere requires one, and "document" was sent; name "query" for what is searched with',
    });
  if (request.user !== undefined) warnings.push(leftOut("user", "there is no field for an end user"));
  const body: MutableJson = {
    model: target.model,
    input_type: INPUT_TYPES[purpose ?? "document"],
    // Base64 is a quarter of the bytes of a list of numbers, and several times faster to read.
    embedding_types: [format === "float" ? "base64" : format],
    ...inputsOf(inputs, target),
  };
  if (dimensions !== undefined) body["output_dimension"] = dimensions;
  if (truncate !== undefined) body["truncate"] = TRUNCATIONS[truncate];
  return {
    http: {
      method: "POST",
      path: "/embed",
      headers: jsonFor("unary"),
      body: wellFormedJson(extended(body, request.extensions, DIALECT, target.provider)),
    },
    warnings,
  };
}

/** Texts alone go as `texts`; inputs with pictures go as `inputs`, each with its parts. */
function inputsOf(inputs: readonly EmbedInput[], target: DialectTarget): MutableJson {
  if (inputs.every((input) => typeof input === "string")) return { texts: inputs };
  return {
    inputs: inputs.map((input, i): JsonObject => {
      if (typeof input === "string") return { content: [{ type: "text", text: input }] };
      const content = input.map((part): Json => {
        if (part.type === "text") return { type: "text", text: part.text };
        if (part.data === undefined) throw cannotSay(target, `inputs.${i}`, "pictures must be sent as bytes");
        const url = `data:${part.mediaType ?? "image/png"};base64,${part.data}`;
        return { type: "image_url", image_url: { url } };
      });
      return { content };
    }),
  };
}

function decode(reply: HttpReply, _target: DialectTarget, request: EmbedRequest): EmbedReply {
  const body = parseBody(reply.body);
  const found = vectorsOf(body["embeddings"], request.format ?? "float");
  if (found === undefined)
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: "The provider returned no embeddings",
      body: reply.body,
    });
  const usage = usageOf(asObject(asObject(body["meta"])?.["billed_units"]));
  return { embeddings: found, ...defined({ id: asString(body["id"]), usage }) };
}

/** The vectors in the format asked for, else in whichever format came; an older version sends a bare list. */
function vectorsOf(value: unknown, format: EmbedFormat): readonly Vector[] | undefined {
  const byType = asObject(value);
  const names = byType === undefined ? [] : [format, "base64", "float", ...FORMATS];
  const list = byType === undefined ? value : names.map((name) => byType[name]).find(Array.isArray);
  const vectors = asArray(list).map((each) =>
    typeof each === "string" ? vectorOfBase64(each, format) : numbersOf(each),
  );
  return vectors.length === 0 || vectors.some((vector) => vector === undefined)
    ? undefined
    : vectors.filter((vector) => vector !== undefined);
}

/** Pictures are billed by their number and not by tokens. */
function usageOf(units: JsonObject | undefined): Usage | undefined {
  const tokens = tokenCount(units?.["input_tokens"]);
  return units === undefined || (tokens === undefined && units["images"] === undefined)
    ? undefined
    : { inputTokens: tokens ?? 0, outputTokens: 0, raw: units };
}
