import type { DialectTarget, Encoded, KindCodec, ServerKindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError, invalidRequest } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import { moderateLaws } from "../../../core/kinds/moderate.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type Json,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type { ImagePart, TextPart } from "../../../core/values/message.js";
import type {
  ModerateInput,
  ModerateReply,
  ModerateRequest,
  ModerateResponse,
  Verdict,
} from "../../../core/values/moderation.js";
import { tokenCount } from "../../../core/values/usage.js";
import { defined, nonEmpty } from "../common/body-fields.js";
import { dataUri, parseDataUri } from "../common/data-uri.js";
import { extensionsOf, unknownFields } from "../common/extensions.js";
import { jsonPost, jsonReply } from "../common/json-post.js";
import { bodyOf, cannotSay } from "../common/kind-requests.js";
import { registeredMediaType } from "../common/media.js";

const DIALECT = "openai-chat";

/**
 * Moderation as OpenAI serves it (https://platform.openai.com/docs/api-reference/moderations/create), and Mistral
 * (https://docs.mistral.ai/capabilities/guardrailing/).
 */
export const moderateCodec: KindCodec<"moderate"> = { encode, decode };

/** The server half of {@link moderateCodec}. */
export const moderateServer: ServerKindCodec<"moderate"> = {
  laws: moderateLaws,
  matches: ({ method, path }) => method === "POST" && path.endsWith("/moderations"),
  decode: decodeRequest,
  encode: encodeReply,
};

function encode(request: ModerateRequest, target: DialectTarget): Encoded {
  const body: MutableJson = { model: target.model, input: encodeInputs(request.inputs, target) };
  return {
    http: jsonPost("/moderations", body, request, target, DIALECT),
    warnings: [],
  };
}

/** A list of texts gets a verdict for each; a list of parts is one input, which must be the only one. */
function encodeInputs(inputs: readonly ModerateInput[], target: DialectTarget): Json {
  const [only, ...others] = inputs;
  if (Array.isArray(only) && others.length === 0)
    return (only as readonly (TextPart | ImagePart)[]).map((part, i) =>
      encodePart(part, `inputs.0.${i}`, target),
    );
  return inputs.map((input, i) => {
    if (typeof input === "string") return input;
    const texts = input.flatMap((part) => (part.type === "text" ? part.text : []));
    if (texts.length === input.length) return texts.join("\n\n");
    throw cannotSay(target, `inputs.${i}`, "an input with a picture must be the only one of its request");
  });
}

function encodePart(part: TextPart | ImagePart, at: string, target: DialectTarget): Json {
  if (part.type === "text") return { type: "text", text: part.text };
  const { url, data, mediaType } = part;
  if (data !== undefined && mediaType !== undefined)
    return { type: "image_url", image_url: { url: dataUri(registeredMediaType(mediaType), data) } };
  if (url !== undefined) return { type: "image_url", image_url: { url } };
  throw cannotSay(target, at, "a picture needs a URL, or data and its media type");
}

function decode(reply: HttpReply): ModerateReply {
  const body = parseBody(reply.body);
  const verdicts = asArray(body["results"]).filter(isObject).map(verdictOf);
  if (verdicts.length === 0)
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: "The provider returned no verdicts",
      body: reply.body,
    });
  // Mistral reports usage; OpenAI's moderation is free.
  const tokens = tokenCount(asObject(body["usage"])?.["prompt_tokens"]);
  return {
    verdicts,
    ...defined({
      id: asString(body["id"]),
      model: nonEmpty(body["model"]),
      usage: tokens === undefined ? undefined : { inputTokens: tokens, outputTokens: 0 },
    }),
  };
}

/** Some hosts leave `flagged` out. */
function verdictOf(result: JsonObject): Verdict {
  const categories = table(result["categories"], (value) => (typeof value === "boolean" ? value : undefined));
  const applied = result["category_applied_input_types"];
  const flagged = result["flagged"];
  return {
    flagged: typeof flagged === "boolean" ? flagged : Object.values(categories).includes(true),
    categories,
    scores: table(result["category_scores"], asNumber),
    ...(isObject(applied) && { modalities: table(applied, textsOf) }),
  };
}

function textsOf(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : undefined;
}

/** The values of an object that can be read. The names come from the wire: none of them reaches a prototype. */
function table<T>(object: unknown, read: (value: unknown) => T | undefined): Record<string, T> {
  const entries = Object.entries(asObject(object) ?? {}).flatMap(([name, value]) => {
    const found = read(value);
    return found === undefined ? [] : [[name, found] as const];
  });
  return Object.fromEntries(entries);
}

const KNOWN: ReadonlySet<string> = new Set(["model", "input"]);

function decodeRequest({ body: text }: { readonly body?: unknown }): ModerateRequest {
  const body = bodyOf(text);
  return {
    ...defined({ model: asString(body["model"]) }),
    inputs: inputsOf(body["input"]),
    ...extensionsOf(DIALECT, unknownFields(body, KNOWN)),
  };
}

/** @throws {AiLibError} `INVALID_REQUEST` */
function inputsOf(input: unknown): readonly ModerateInput[] {
  if (typeof input === "string") return [input];
  if (Array.isArray(input) && input.length > 0) {
    if (input.every((each) => typeof each === "string")) return input as readonly string[];
    if (input.every(isObject)) return [input.map((part, i) => partOf(part, i))];
  }
  throw invalidRequest("`input` must be a text, a list of texts, or a list of text and image_url parts");
}

function partOf(part: JsonObject, at: number): TextPart | ImagePart {
  const text = part["type"] === "text" ? asString(part["text"]) : undefined;
  if (text !== undefined) return { type: "text", text };
  const url = part["type"] === "image_url" ? asString(asObject(part["image_url"])?.["url"]) : undefined;
  if (url === undefined) throw invalidRequest(`\`input.${at}\` is neither a text nor an image_url part`);
  const inline = parseDataUri(url);
  return inline === undefined ? { type: "image", url } : { type: "image", ...inline };
}

function encodeReply({ id, model, verdicts }: ModerateResponse): HttpReply {
  const results = verdicts.map(({ flagged, categories, scores, modalities }) => ({
    flagged,
    categories,
    category_scores: scores,
    category_applied_input_types: modalities,
  }));
  return jsonReply({ id, model, results });
}
