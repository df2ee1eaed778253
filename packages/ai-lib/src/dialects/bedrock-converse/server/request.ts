import type { DecodedRequest } from "../../../core/contract/dialect.js";
import type { HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import type { ChatRequest, ResponseFormat } from "../../../core/values/chat-request.js";
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
import type { Tool, ToolChoice } from "../../../core/values/tool.js";
import { decodeThinking } from "../../shared/claude/thinking.js";
import { unknownFields } from "../../shared/common/extensions.js";
import { decodeSegment } from "../../shared/common/path-segment.js";
import { BEDROCK_FAMILY, kindOf, reasoningFamilyOf } from "../shared/family.js";
import type { OriginFacts } from "../shared/parts.js";
import { decodeServiceTier, tierLeft } from "../shared/tier.js";
import { decodeMessages, decodeSystem } from "./messages.js";

const PATH = /\/model\/([^/]+)\/(converse|converse-stream)$/;

const KNOWN: ReadonlySet<string> = new Set([
  "messages",
  "system",
  "inferenceConfig",
  "toolConfig",
  "additionalModelRequestFields",
  "outputConfig",
  "requestMetadata",
  "serviceTier",
  "performanceConfig",
]);

/** Whether a path is that of a chat call, with any prefix of a base URL. */
export function isConversePath(path: string): boolean {
  return PATH.test(path.split("?")[0] ?? "");
}

/**
 * Reads a request.
 * @throws {AiLibError} `INVALID_REQUEST` for a body that is not of this dialect.
 */
export function decodeRequest(http: HttpRequest): DecodedRequest {
  const body = tryParse(http.body ?? "");
  if (!isObject(body)) throw invalidRequest("The body of a Converse request is a JSON object");
  if (!Array.isArray(body["messages"])) throw invalidRequest("`messages` is missing");
  const path = PATH.exec(http.path.split("?")[0] ?? "");
  const model = decodeSegment(path?.[1] ?? "");
  const inference = asObject(body["inferenceConfig"]) ?? {};
  const fields = modelFields(model, body, asNumber(inference["maxTokens"]));
  const temperature = asNumber(inference["temperature"]);
  const topP = asNumber(inference["topP"]);
  const stop = asArray(inference["stopSequences"]).filter((each) => typeof each === "string");
  const tier = decodeServiceTier(body);
  const metadata = asObject(body["requestMetadata"]);
  const format = formatOf(body);
  const request: ChatRequest = {
    ...(model === "" ? {} : { model }),
    messages: [...decodeSystem(body["system"]), ...decodeMessages(body["messages"], originsOf(model))],
    ...toolsOf(asObject(body["toolConfig"])),
    ...(format === undefined ? {} : { responseFormat: format }),
    ...fields.request,
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(stop.length === 0 ? {} : { stop }),
    ...(tier === undefined ? {} : { serviceTier: tier }),
    ...(metadata === undefined ? {} : { metadata: metadata as { [key: string]: string } }),
    ...extensionsOf(body, fields.left),
  };
  return { request, mode: path?.[2] === "converse-stream" ? "stream" : "unary", body };
}

/** A body does not say who sent the state of a request. */
function originsOf(model: string): OriginFacts {
  const family = reasoningFamilyOf(model);
  return {
    own: (data) => ({ family: BEDROCK_FAMILY, data }),
    reasoning: (data) => ({ family, data }),
  };
}

interface DecodedFields {
  readonly request: Pick<ChatRequest, "maxTokens" | "reasoning" | "topK">;
  /** Fields that become extensions, as they are in the body. */
  readonly left: JsonObject;
}

/** Fields that each vendor's models name differently: the inverse of the client half's `model-fields.ts`. */
function modelFields(model: string, body: JsonObject, maxTokens: number | undefined): DecodedFields {
  const additional = asObject(body["additionalModelRequestFields"]) ?? {};
  const effort = asString(asObject(body["outputConfig"])?.["effort"]);
  const limit = maxTokens === undefined ? {} : { maxTokens };
  const leftEffort: JsonObject = effort === undefined ? {} : { outputConfig: { effort } };
  const left = (rest: JsonObject, outputConfig: JsonObject = leftEffort): JsonObject =>
    Object.keys(rest).length === 0 ? outputConfig : { ...outputConfig, additionalModelRequestFields: rest };
  switch (kindByFields(model, additional, effort)) {
    case "claude": {
      // Both names are Anthropic's: https://docs.aws.amazon.com/bedrock/latest/userguide/inference-reasoning.html
      const {
        reasoning_config: older,
        thinking = older,
        top_k: k,
        output_config: config,
        ...others
      } = additional;
      // Anthropic's own place of an effort and of a format, which `formatOf` reads.
      const { effort: ownEffort, format, ...moreConfig } = asObject(config) ?? {};
      const known = effort ?? asString(ownEffort);
      const unreadFormat = format === undefined || isSchemaFormat(format) ? {} : { format };
      const leftConfig = { ...moreConfig, ...unreadFormat };
      const rest = Object.keys(leftConfig).length === 0 ? others : { ...others, output_config: leftConfig };
      const said = { thinking, ...(known === undefined ? {} : { output_config: { effort: known } }) };
      const { reasoning, maxTokens: answer, left: unsaid } = decodeThinking(said, maxTokens);
      const { output_config: outputConfig, ...more } = unsaid;
      const topK = asNumber(k);
      return {
        request: {
          ...(answer === undefined ? {} : { maxTokens: answer }),
          ...(reasoning === undefined ? {} : { reasoning }),
          ...(topK === undefined ? {} : { topK }),
        },
        left: left({ ...rest, ...more }, isObject(outputConfig) ? { outputConfig } : {}),
      };
    }
    case "nova":
    case "nova-2": {
      const { inferenceConfig, reasoningConfig, ...rest } = additional;
      const { topK: k, ...inference } = asObject(inferenceConfig) ?? {};
      const topK = asNumber(k);
      const reasoning = kindOf(model) === "nova" ? undefined : novaReasoning(reasoningConfig);
      const unread: MutableJson = { ...rest };
      if (Object.keys(inference).length > 0) unread["inferenceConfig"] = inference;
      if (reasoning === undefined && reasoningConfig !== undefined)
        unread["reasoningConfig"] = reasoningConfig;
      return {
        request: {
          ...limit,
          ...(topK === undefined ? {} : { topK }),
          ...(reasoning === undefined ? {} : { reasoning }),
        },
        left: left(unread),
      };
    }
    case "gpt-oss":
      return decodeEffortField("reasoning_effort", additional, limit, left);
    case "qwen3":
      return decodeEffortField("reasoning_config", additional, limit, left);
    case "other":
      return { request: limit, left: left(additional) };
  }
}

/**
 * The kind of model that a request's fields are of. A server may serve models under any name, so the fields count
 * where the name says nothing.
 */
function kindByFields(
  model: string,
  additional: JsonObject,
  effort: string | undefined,
): ReturnType<typeof kindOf> {
  const kind = kindOf(model);
  if (kind !== "other") return kind;
  if (
    additional["thinking"] !== undefined ||
    isObject(additional["reasoning_config"]) ||
    additional["output_config"] !== undefined ||
    effort !== undefined
  )
    return "claude";
  if (additional["reasoningConfig"] !== undefined) return "nova-2";
  if (additional["reasoning_effort"] !== undefined) return "gpt-oss";
  return additional["reasoning_config"] === undefined ? kind : "qwen3";
}

function decodeEffortField(
  field: string,
  additional: JsonObject,
  limit: Pick<ChatRequest, "maxTokens">,
  left: (rest: JsonObject) => JsonObject,
): DecodedFields {
  const { [field]: value, ...rest } = additional;
  const effort = effortOf(value);
  return effort === undefined
    ? { request: limit, left: left(additional) }
    : { request: { ...limit, reasoning: { effort } }, left: left(rest) };
}

function novaReasoning(config: unknown): ChatRequest["reasoning"] {
  if (!isObject(config)) return undefined;
  if (config["type"] === "disabled") return { effort: "none" };
  const effort = effortOf(config["maxReasoningEffort"]);
  return effort === undefined ? undefined : { effort };
}

function effortOf(value: unknown): "low" | "medium" | "high" | undefined {
  return value === "low" || value === "medium" || value === "high" ? value : undefined;
}

function isSchemaFormat(format: unknown): format is JsonObject & { schema: JsonObject } {
  return isObject(format) && format["type"] === "json_schema" && isObject(format["schema"]);
}

function formatOf(body: JsonObject): ResponseFormat | undefined {
  const additional = asObject(asObject(body["additionalModelRequestFields"])?.["output_config"]);
  const own = additional?.["format"];
  if (isSchemaFormat(own)) return { type: "json-schema", schema: own.schema };
  const text = asObject(asObject(body["outputConfig"])?.["textFormat"]);
  const definition = asObject(asObject(text?.["structure"])?.["jsonSchema"]);
  const schema = tryParse(asString(definition?.["schema"]) ?? "");
  if (definition === undefined || !isObject(schema)) return undefined;
  const name = asString(definition["name"]);
  const description = asString(definition["description"]);
  return {
    type: "json-schema",
    schema,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}

function toolsOf(config: JsonObject | undefined): Pick<ChatRequest, "tools" | "toolChoice"> {
  const tools: Tool[] = [];
  for (const entry of asArray(config?.["tools"])) {
    if (!isObject(entry)) continue;
    const point = asObject(entry["cachePoint"]);
    const last = tools.at(-1);
    if (point !== undefined && last !== undefined) {
      const ttl = asString(point["ttl"]);
      tools[tools.length - 1] = { ...last, cache: ttl === undefined ? {} : { ttl } };
    }
    const tool = toolOf(entry);
    if (tool !== undefined) tools.push(tool);
  }
  const choice = choiceOf(asObject(config?.["toolChoice"]));
  return {
    ...(tools.length === 0 ? {} : { tools }),
    ...(choice === undefined ? {} : { toolChoice: choice }),
  };
}

function toolOf(entry: JsonObject): Tool | undefined {
  const system = asObject(entry["systemTool"]);
  if (system !== undefined) {
    const { name, ...options } = system;
    return {
      type: "provider",
      id: `${BEDROCK_FAMILY}/${asString(name) ?? ""}`,
      ...(Object.keys(options).length === 0 ? {} : { options }),
    };
  }
  const spec = asObject(entry["toolSpec"]);
  if (spec === undefined) return undefined;
  const { name, description, inputSchema, strict, ...more } = spec;
  const { toolSpec: _spec, ...beside } = entry;
  const fields: JsonObject = Object.keys(more).length === 0 ? beside : { ...beside, toolSpec: more };
  return {
    type: "function",
    name: asString(name) ?? "",
    ...(typeof description === "string" ? { description } : {}),
    parameters: asObject(asObject(inputSchema)?.["json"]) ?? {},
    ...(typeof strict === "boolean" ? { strict } : {}),
    ...(Object.keys(fields).length === 0 ? {} : { extensions: { "bedrock-converse": fields } }),
  };
}

function choiceOf(choice: JsonObject | undefined): ToolChoice | undefined {
  if (choice === undefined) return undefined;
  const name = asString(asObject(choice["tool"])?.["name"]);
  if (name !== undefined) return { name };
  return "any" in choice ? "required" : "auto" in choice ? "auto" : undefined;
}

function extensionsOf(body: JsonObject, left: JsonObject): Pick<ChatRequest, "extensions"> {
  const { effort: _effort, textFormat: _format, ...output } = asObject(body["outputConfig"]) ?? {};
  let fields: JsonObject = { ...unknownFields(body, KNOWN), ...tierLeft(body) };
  if (Object.keys(output).length > 0) fields = mergeDeep(fields, { outputConfig: output });
  fields = mergeDeep(fields, left);
  return Object.keys(fields).length === 0 ? {} : { extensions: { "bedrock-converse": fields } };
}
