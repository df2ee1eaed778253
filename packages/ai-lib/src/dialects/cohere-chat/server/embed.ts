import type { ServerKindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import { embedLaws } from "../../../core/kinds/embed.js";
import type {
  EmbedFormat,
  EmbedInput,
  EmbedPurpose,
  EmbedRequest,
  EmbedResponse,
} from "../../../core/values/embedding.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
} from "../../../core/values/json.js";
import type { ImagePart, TextPart } from "../../../core/values/message.js";
import { FORMATS, INPUT_TYPES, TRUNCATIONS } from "../../shared/cohere/embed.js";
import { parseDataUri } from "../../shared/common/data-uri.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { jsonReply } from "../../shared/common/json-post.js";
import { bodyOf } from "../../shared/common/kind-requests.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { base64OfVector } from "../../shared/common/vectors.js";
import { DIALECT } from "../shared/family.js";

const KNOWN: ReadonlySet<string> = new Set([
  "model",
  "texts",
  "images",
  "inputs",
  "input_type",
  "output_dimension",
  "truncate",
]);

/** The server half of Cohere's embeddings: https://docs.cohere.com/v2/reference/embed */
export const embedServer: ServerKindCodec<"embed"> = {
  laws: embedLaws,
  matches: ({ method, path }) => method === "POST" && /(^|\/v2)\/embed$/.test(path),
  decode,
  encode,
};

/** @throws {AiLibError} `INVALID_REQUEST` for a body without inputs. */
function decode(http: HttpRequest): EmbedRequest {
  const body = bodyOf(http.body);
  const model = asString(body["model"]);
  const purpose = keyOf(INPUT_TYPES, body["input_type"]) as EmbedPurpose | undefined;
  const truncate = keyOf(TRUNCATIONS, body["truncate"]) as EmbedRequest["truncate"];
  const dimensions = asNumber(body["output_dimension"]);
  const types = asArray(body["embedding_types"]);
  const format = FORMATS.find((each) => each !== "float" && types[0] === each);
  return {
    ...(model === undefined ? {} : { model }),
    inputs: inputsOf(body),
    ...(purpose === undefined ? {} : { purpose }),
    ...(dimensions === undefined ? {} : { dimensions }),
    ...(format === undefined ? {} : { format }),
    ...(truncate === undefined ? {} : { truncate }),
    ...extensionsOf(DIALECT, unknownFields(body, KNOWN)),
  };
}

function keyOf(table: Readonly<Record<string, string>>, value: unknown): string | undefined {
  return Object.entries(table).find(([, word]) => word === value)?.[0];
}

function inputsOf(body: JsonObject): readonly EmbedInput[] {
  const texts = asArray(body["texts"]).filter((each) => typeof each === "string");
  const images = asArray(body["images"]).map((each) => [imageOf(each)]);
  const inputs = asArray(body["inputs"])
    .filter(isObject)
    .map((input) => asArray(input["content"]).filter(isObject).map(partOf))
    .map((parts) => (parts.length === 1 && parts[0]?.type === "text" ? parts[0].text : parts));
  const all: EmbedInput[] = [...texts, ...images, ...inputs];
  if (all.length === 0) throw invalidRequest("Give one of `texts`, `images` and `inputs`");
  return all;
}

function partOf(part: JsonObject): TextPart | ImagePart {
  if (part["type"] === "text") return { type: "text", text: asString(part["text"]) ?? "" };
  return imageOf(asObject(part["image_url"])?.["url"]);
}

function imageOf(url: unknown): ImagePart {
  const data = typeof url === "string" ? parseDataUri(url) : undefined;
  if (data === undefined) throw invalidRequest("Pictures must be data URIs");
  return { type: "image", ...data };
}

function encode(response: EmbedResponse, request: EmbedRequest): HttpReply {
  const types = asArray(asObject(request.extensions?.[DIALECT])?.["embedding_types"]);
  const format: EmbedFormat = request.format ?? "float";
  const { embeddings } = response;
  const body = {
    id: response.id,
    embeddings: types.includes("base64")
      ? { base64: embeddings.map(base64OfVector) }
      : { [format]: embeddings },
    texts: request.inputs.filter((input) => typeof input === "string"),
    meta: {
      api_version: { version: "2" },
      billed_units: markedUsage({ input_tokens: response.usage.inputTokens }, response),
    },
    response_type: "embeddings_by_type",
  };
  return jsonReply(body);
}
