import type { DecodedRequest } from "../../../core/contract/dialect.js";
import type { HttpRequest } from "../../../core/contract/transport.js";
import { invalidRequest } from "../../../core/errors/error.js";
import type { ChatRequest, Reasoning, ResponseFormat } from "../../../core/values/chat-request.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
  mergeDeep,
  tryParse,
} from "../../../core/values/json.js";
import type { Tool, ToolChoice } from "../../../core/values/tool.js";
import { refuseSeveralAnswers } from "../../shared/common/one-answer.js";
import { decodeSegment } from "../../shared/common/path-segment.js";
import {
  camelCase,
  FAMILY,
  field,
  objectField,
  objectsField,
  restOf,
  stringField,
} from "../shared/family.js";
import { fromOpenApiSchema } from "../shared/schema.js";
import { ContentsDecoder, instructionOf } from "./messages.js";

const METHOD = /\/((?:models|tunedModels)\/[^/:]+|[^/:]+):(generateContent|streamGenerateContent)$/;

/** Whether a path is one of the two chat methods. */
export function isChatPath(path: string): boolean {
  return METHOD.test(path);
}

const TOP_FIELDS: ReadonlySet<string> = new Set([
  "model",
  "contents",
  "systemInstruction",
  "tools",
  "toolConfig",
  "generationConfig",
  "serviceTier",
]);
const CONFIG_FIELDS: ReadonlySet<string> = new Set([
  "maxOutputTokens",
  "temperature",
  "topP",
  "topK",
  "stopSequences",
  "seed",
  "presencePenalty",
  "frequencyPenalty",
  "responseLogprobs",
  "logprobs",
  "responseMimeType",
  "responseSchema",
  "responseJsonSchema",
  "responseModalities",
  "speechConfig",
  "thinkingConfig",
  "candidateCount",
]);
const DECLARATION_FIELDS: ReadonlySet<string> = new Set([
  "name",
  "description",
  "parameters",
  "parametersJsonSchema",
  "response",
  "responseJsonSchema",
]);

/**
 * Refuses an object with a field in camel and in snake case, since it is not defined which one counts.
 * @throws {AiLibError} `INVALID_REQUEST`
 */
function refuseTwice(object: JsonObject): void {
  for (const name of Object.keys(object)) {
    if (!name.includes("_")) continue;
    const other = camelCase(name);
    if (object[name] != null && other !== name && object[other] != null)
      throw invalidRequest(`\`${other}\` and \`${name}\` are the same field`);
  }
}

/** Extensions, collected while a request is decoded. */
type Extras = { body: JsonObject };

/**
 * Reads a request. Fields may be in camel or snake case, as Google's reader takes both.
 * @throws {AiLibError} `INVALID_REQUEST` for a request that is not of this dialect.
 */
export function decodeRequest(http: HttpRequest): DecodedRequest {
  const match = METHOD.exec(http.path);
  if (match === null)
    throw invalidRequest(`${http.path} is neither generateContent nor streamGenerateContent`);
  const body = asObject(tryParse(http.body ?? ""));
  if (body === undefined) throw invalidRequest("The body is not a JSON object");
  const contents = field(body, "contents");
  if (!isObject(contents) && !Array.isArray(contents)) throw invalidRequest("`contents` is missing");

  refuseTwice(body);
  const extras: Extras = { body: restOf(body, TOP_FIELDS) ?? {} };
  const decoder = new ContentsDecoder();
  decoder.system(instructionOf(field(body, "systemInstruction")));
  objectsField(body, "contents").forEach((content, position) => {
    decoder.add(content, position);
  });
  const model = decodeSegment(match[1] ?? "").replace(/^models\//, "");
  const serviceTier = stringField(body, "serviceTier");
  // Google's reader takes the number of an enum's value as well: https://protobuf.dev/programming-guides/json/
  if (serviceTier === undefined && field(body, "serviceTier") !== undefined)
    throw invalidRequest("`serviceTier` must be a text");
  const request: ChatRequest = {
    model,
    messages: decoder.messages,
    ...decodeTools(body, extras),
    ...decodeGeneration(objectField(body, "generationConfig"), extras),
    ...(serviceTier === undefined ? {} : { serviceTier }),
  };
  const extensions = Object.keys(extras.body).length === 0 ? {} : { extensions: { gemini: extras.body } };
  return {
    request: { ...request, ...extensions },
    mode: match[2] === "streamGenerateContent" ? "stream" : "unary",
    body,
    // https://ai.google.dev/api/generate-content: without alt=sse a stream is one JSON array.
    ...(match[2] === "streamGenerateContent" && http.query?.["alt"] !== "sse" && { framing: "json-array" }),
  };
}

function decodeTools(body: JsonObject, extras: Extras): Partial<ChatRequest> {
  const config = objectField(body, "toolConfig");
  const calling = objectField(config, "functionCallingConfig");
  const mode = stringField(calling, "mode")?.toUpperCase();
  const found: Tool[] = [];
  let own = false;
  for (const group of objectsField(body, "tools")) {
    for (const name of Object.keys(group)) {
      const value = group[name];
      if (value === null || value === undefined) continue;
      if (camelCase(name) !== "functionDeclarations") {
        own = true;
        const options = asObject(value);
        found.push({
          type: "provider",
          id: `${FAMILY}/${camelCase(name)}`,
          ...(options === undefined || Object.keys(options).length === 0 ? {} : { options }),
        });
      } else
        for (const one of asArray(value))
          if (isObject(one)) found.push(functionTool(one, mode === "VALIDATED"));
    }
  }
  const allowed = asArray(field(calling, "allowedFunctionNames")).filter((name) => typeof name === "string");
  const choice = toolChoice(mode, allowed);
  const toolConfig: { [key: string]: JsonObject[string] } = {
    ...restOf(config ?? {}, new Set(["functionCallingConfig"])),
  };
  if (
    own &&
    found.some((tool) => tool.type === "function") &&
    toolConfig["includeServerSideToolInvocations"] === true
  )
    delete toolConfig["includeServerSideToolInvocations"];
  const callingRest = restOf(calling ?? {}, new Set(["mode", "allowedFunctionNames"]));
  const functionCallingConfig = {
    ...callingRest,
    ...(allowed.length > 1 && mode !== "ANY" ? { allowedFunctionNames: allowed } : {}),
  };
  if (Object.keys(functionCallingConfig).length > 0)
    toolConfig["functionCallingConfig"] = functionCallingConfig;
  if (Object.keys(toolConfig).length > 0) extras.body = mergeDeep(extras.body, { toolConfig });
  return {
    ...(found.length === 0 ? {} : { tools: found }),
    ...(choice === undefined ? {} : { toolChoice: choice }),
  };
}

function functionTool(declaration: JsonObject, strict: boolean): Tool {
  const openApi = objectField(declaration, "parameters");
  const description = stringField(declaration, "description");
  const rest = restOf(declaration, DECLARATION_FIELDS);
  const openApiResult = objectField(declaration, "response");
  const result =
    objectField(declaration, "responseJsonSchema") ??
    (openApiResult === undefined ? undefined : fromOpenApiSchema(openApiResult));
  return {
    type: "function",
    name: stringField(declaration, "name") ?? "",
    ...(description === undefined ? {} : { description }),
    parameters:
      objectField(declaration, "parametersJsonSchema") ??
      (openApi === undefined ? { type: "object", properties: {} } : fromOpenApiSchema(openApi)),
    ...(strict ? { strict } : {}),
    ...(result === undefined ? {} : { outputSchema: result }),
    ...(rest === undefined ? {} : { extensions: { gemini: rest } }),
  };
}

function toolChoice(mode: string | undefined, allowed: readonly string[]): ToolChoice | undefined {
  const [name, ...others] = allowed;
  switch (mode) {
    case "ANY":
      if (name === undefined) return "required";
      return others.length === 0 ? { name } : { names: allowed, mode: "required" };
    case "NONE":
      return "none";
    case "AUTO":
      return "auto";
    default:
      return undefined;
  }
}

function decodeGeneration(config: JsonObject | undefined, extras: Extras): Partial<ChatRequest> {
  if (config === undefined) return {};
  refuseTwice(config);
  const found: { -readonly [K in keyof ChatRequest]?: ChatRequest[K] } = {};
  const number = (
    wire: string,
    name: "maxTokens" | "temperature" | "topP" | "topK" | "seed" | "presencePenalty" | "frequencyPenalty",
  ): void => {
    const value = asNumber(field(config, wire));
    if (value !== undefined) found[name] = value;
  };
  number("maxOutputTokens", "maxTokens");
  number("temperature", "temperature");
  number("topP", "topP");
  number("topK", "topK");
  number("seed", "seed");
  number("presencePenalty", "presencePenalty");
  number("frequencyPenalty", "frequencyPenalty");
  const stop = field(config, "stopSequences");
  if (Array.isArray(stop)) found.stop = stop.filter((one) => typeof one === "string");
  if (field(config, "responseLogprobs") === true)
    found.logprobs = asNumber(field(config, "logprobs")) ?? true;
  const format = responseFormat(config);
  if (format !== undefined) found.responseFormat = format;
  const output = outputOf(config);
  if (output !== undefined) found.output = output;
  const rest: { [key: string]: JsonObject[string] } = { ...restOf(config, CONFIG_FIELDS) };
  const mime = stringField(config, "responseMimeType");
  if (mime !== undefined && mime !== "application/json") rest["responseMimeType"] = mime;
  const speech = objectField(config, "speechConfig");
  if (speech !== undefined && output?.audio === undefined) rest["speechConfig"] = speech;
  refuseSeveralAnswers(field(config, "candidateCount"), "generationConfig", "candidateCount");
  const thinking = objectField(config, "thinkingConfig");
  if (thinking !== undefined) {
    const { reasoning, left } = reasoningOf(thinking);
    if (reasoning !== undefined) found.reasoning = reasoning;
    if (left !== undefined) rest["thinkingConfig"] = left;
  }
  if (Object.keys(rest).length > 0) extras.body = mergeDeep(extras.body, { generationConfig: rest });
  return found;
}

function responseFormat(config: JsonObject): ResponseFormat | undefined {
  const schema = objectField(config, "responseJsonSchema");
  if (schema !== undefined) return { type: "json-schema", schema };
  const openApi = objectField(config, "responseSchema");
  if (openApi !== undefined) return { type: "json-schema", schema: fromOpenApiSchema(openApi) };
  return stringField(config, "responseMimeType") === "application/json" ? { type: "json" } : undefined;
}

function outputOf(config: JsonObject): ChatRequest["output"] {
  const named = asArray(field(config, "responseModalities")).map((one) => asString(one)?.toLowerCase());
  const modalities = named.filter((one) => one === "text" || one === "image" || one === "audio");
  const speech = objectField(config, "speechConfig");
  const voice = stringField(
    objectField(objectField(speech, "voiceConfig"), "prebuiltVoiceConfig"),
    "voiceName",
  );
  const simple = voice !== undefined && Object.keys(speech ?? {}).length === 1;
  if (modalities.length === 0 && !simple) return undefined;
  return { ...(modalities.length === 0 ? {} : { modalities }), ...(simple ? { audio: { voice } } : {}) };
}

const EFFORTS: ReadonlySet<string> = new Set(["minimal", "low", "medium", "high"]);

/** The thinking that a request asks for, and the fields that the contract has no name for. */
function reasoningOf(thinking: JsonObject): { reasoning?: Reasoning; left?: JsonObject } {
  const level = stringField(thinking, "thinkingLevel")?.toLowerCase();
  const budget = asNumber(field(thinking, "thinkingBudget"));
  const shown = field(thinking, "includeThoughts") === true;
  if (budget === 0) return { reasoning: { effort: "none" } };
  const hidden = shown ? {} : ({ summary: "none" } as const);
  if (level !== undefined && EFFORTS.has(level))
    return { reasoning: { effort: level as "minimal" | "low" | "medium" | "high", ...hidden } };
  if (budget !== undefined && budget > 0) return { reasoning: { budgetTokens: budget, ...hidden } };
  // -1 lets the model decide.
  if (budget !== undefined)
    return { reasoning: {}, left: { includeThoughts: shown, thinkingBudget: budget } };
  return { reasoning: hidden };
}
