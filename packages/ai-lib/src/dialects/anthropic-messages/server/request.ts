import type { DecodedRequest } from "../../../core/contract/dialect.js";
import type { HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import type { ChatRequest, PromptCache, ResponseFormat } from "../../../core/values/chat-request.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
  mergeDeep,
  tryParse,
} from "../../../core/values/json.js";
import { decodeThinking } from "../../shared/claude/thinking.js";
import { defined } from "../../shared/common/body-fields.js";
import { decodeSegment } from "../../shared/common/path-segment.js";
import { IMPLIED_BETAS } from "../shared/betas.js";
import { decodeContextManagement } from "../shared/context-management.js";
import { decodeServiceTier } from "../shared/tier.js";
import { decodeChoice, decodeTool } from "../shared/tools.js";
import { decodeMessages, decodeSystem, leftOver } from "./messages.js";

/** Vertex's path: the model, then whether the answer is streamed. */
const VERTEX_PATH = /\/publishers\/anthropic\/models\/([^/:]+):(rawPredict|streamRawPredict)$/;

const KNOWN: ReadonlySet<string> = new Set([
  "model",
  "anthropic_version",
  "max_tokens",
  "messages",
  "system",
  "tools",
  "tool_choice",
  "temperature",
  "top_p",
  "top_k",
  "stop_sequences",
  "stream",
  "thinking",
  "output_config",
  "output_format",
  "metadata",
  "service_tier",
  "speed",
  "thread",
  "cache_control",
  "diagnostics",
  "context_management",
]);

/** Whether a path is that of a chat call, with any prefix of a base URL. */
export function isMessagesPath(path: string): boolean {
  const [bare = ""] = path.split("?");
  return bare.endsWith("/v1/messages") || bare === "/messages" || VERTEX_PATH.test(bare);
}

/**
 * Reads a request body.
 * @throws {AiLibError} `INVALID_REQUEST` for a body that is not of this dialect.
 */
export function decodeRequest(http: HttpRequest): DecodedRequest {
  const body = tryParse(http.body ?? "");
  if (!isObject(body)) throw invalidRequest("The body of a messages request is a JSON object");
  if (!Array.isArray(body["messages"])) throw invalidRequest("messages: Field required");
  const path = VERTEX_PATH.exec(http.path.split("?")[0] ?? "");
  const model = path?.[1] === undefined ? asString(body["model"]) : decodeSegment(path[1]);
  const { reasoning, maxTokens, left } = decodeThinking(body, asNumber(body["max_tokens"]));
  const config = decodeConfig(body);
  const metadata = asObject(body["metadata"]) ?? {};
  const user = asString(metadata["user_id"]);
  const tier = decodeServiceTier(body);
  const tools = asArray(body["tools"]).flatMap(decodeTool);
  const cache = decodePromptCache(body);
  const management = decodeContextManagement(body["context_management"]);
  const thinking = management?.keep === undefined ? reasoning : { ...reasoning, keep: management.keep };
  const stop = asArray(body["stop_sequences"]).filter((each) => typeof each === "string");
  const request: ChatRequest = {
    ...(model === undefined ? {} : { model }),
    messages: [...decodeSystem(body["system"]), ...decodeMessages(body["messages"])],
    ...(tools.length === 0 ? {} : { tools }),
    ...decodeChoice(body["tool_choice"]),
    ...(config.format === undefined ? {} : { responseFormat: config.format }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...numbers(body),
    ...(stop.length === 0 ? {} : { stop }),
    ...(thinking === undefined ? {} : { reasoning: thinking }),
    ...(tier === undefined ? {} : { serviceTier: tier }),
    ...(user === undefined ? {} : { user }),
    ...decodeThread(body),
    ...defined({ promptCache: cache.policy, contextManagement: management?.management }),
    ...extensionsOf(http, body, [
      left,
      config.left,
      metadataLeft(metadata),
      cache.left,
      body["speed"] === "fast"
        ? defined({ service_tier: asString(body["service_tier"]) })
        : defined({ speed: asString(body["speed"]) }),
      management === undefined ? defined({ context_management: asObject(body["context_management"]) }) : {},
    ]),
  };
  const stream = path?.[2] === "streamRawPredict" || body["stream"] === true;
  const stored = isObject(body["thread"]) ? { stored: true } : {};
  return { request, mode: stream ? "stream" : "unary", body, ...stored };
}

function numbers(body: JsonObject): Pick<ChatRequest, "temperature" | "topP" | "topK"> {
  const temperature = asNumber(body["temperature"]);
  const topP = asNumber(body["top_p"]);
  const topK = asNumber(body["top_k"]);
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
  };
}

/** `output_config.format`, or `output_format` as it was called in the beta. */
function decodeConfig(body: JsonObject): {
  readonly format?: ResponseFormat;
  readonly left: JsonObject;
} {
  const config = asObject(body["output_config"]) ?? {};
  const { effort: _effort, format, ...rest } = config;
  const left: JsonObject = Object.keys(rest).length === 0 ? {} : { output_config: rest };
  const given = asObject(format) ?? asObject(body["output_format"]);
  const schema = asObject(given?.["schema"]);
  if (given?.["type"] === "json_schema" && schema !== undefined)
    return { format: { type: "json-schema", schema }, left };
  return { left: given === undefined ? left : { output_config: { ...rest, format: given } } };
}

/** A continued thread: Anthropic stores the messages before those of the request, under the id of the last answer. */
function decodeThread(body: JsonObject): Pick<ChatRequest, "continues" | "extensions"> {
  const thread = asObject(body["thread"]);
  const id = asString(thread?.["previous_message_id"]);
  if (thread?.["type"] === "continue" && id !== undefined)
    return { continues: { provider: "anthropic", id } };
  return {};
}

/** `cache_control` of the whole request, and what it is compared with. */
function decodePromptCache(body: JsonObject): { readonly policy?: PromptCache; readonly left: JsonObject } {
  const { type, ttl, ...others } = asObject(body["cache_control"]) ?? {};
  const compareWith = asString(asObject(body["diagnostics"])?.["previous_message_id"]);
  const lifetime = asString(ttl);
  const known = type === "ephemeral" && Object.keys(others).length === 0;
  const policy: PromptCache = {
    ...(known ? { mode: "auto", ...defined({ ttl: lifetime }) } : {}),
    ...defined({ compareWith }),
  };
  const left = defined({
    cache_control: known ? undefined : asObject(body["cache_control"]),
    diagnostics: compareWith === undefined ? asObject(body["diagnostics"]) : undefined,
  });
  return Object.keys(policy).length === 0 ? { left } : { policy, left };
}

function metadataLeft(metadata: JsonObject): JsonObject {
  const { user_id: _user, ...rest } = metadata;
  return Object.keys(rest).length === 0 ? {} : { metadata: rest };
}

/** Fields that the contract has no name for, and the betas that a caller asked for by header. */
function extensionsOf(
  http: HttpRequest,
  body: JsonObject,
  left: readonly JsonObject[],
): Pick<ChatRequest, "extensions"> {
  let fields: MutableJson = leftOver(body, KNOWN);
  for (const more of left) fields = mergeDeep(fields, more);
  const betas = (http.headers["anthropic-beta"] ?? "")
    .split(",")
    .map((beta) => beta.trim())
    .filter((beta) => beta !== "" && !IMPLIED_BETAS.has(beta));
  if (betas.length > 0) fields["betas"] = betas;
  return Object.keys(fields).length === 0 ? {} : { extensions: { "anthropic-messages": fields } };
}
