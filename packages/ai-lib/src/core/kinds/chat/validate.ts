import { invalidRequest } from "../../errors/error.js";
import type { ChatRequest } from "../../values/chat-request.js";
import { isObject, type JsonObject } from "../../values/json.js";
import { checkModelName } from "../model-name.js";
import { checkKnownFields, checkToolFields } from "./known-fields.js";
import { nearField, SEVERAL_ANSWERS } from "./near-names.js";
import { checkNumbers, NUMBERS } from "./plain-request.js";
import { checkMessages } from "./validate-messages.js";

const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  "model",
  "messages",
  "tools",
  "toolChoice",
  "parallelToolCalls",
  "maxToolCalls",
  "responseFormat",
  "maxTokens",
  "temperature",
  "topP",
  "topK",
  "stop",
  "seed",
  "presencePenalty",
  "frequencyPenalty",
  "logprobs",
  "logitBias",
  "prediction",
  "verbosity",
  "reasoning",
  "output",
  "serviceTier",
  "cacheKey",
  "promptCache",
  "contextManagement",
  "store",
  "continues",
  "user",
  "metadata",
  "extensions",
] satisfies (keyof ChatRequest)[]);

/**
 * Refuses a request that no provider could take, before anything is sent.
 * @throws {AiLibError} `INVALID_REQUEST` that names the field and what to do.
 */
export function checkRequest(request: ChatRequest): void {
  if (!isObject(request))
    throw invalidRequest("A request is an object with `messages`; a client also takes a string");
  let others = false;
  for (const field of Object.keys(request)) {
    if (!REQUEST_FIELDS.has(field)) refuseField(field);
    if (field !== "model" && field !== "messages" && !NUMBERS.has(field)) others = true;
  }
  checkModelName(request.model);
  if (!Array.isArray(request.messages) || request.messages.length === 0)
    throw invalidRequest("`messages` is empty: a request needs at least one user message");
  checkMessages(request.messages, request.continues !== undefined);
  // Many requests have no other field, or only numbers.
  if (others) checkFields(request);
  else checkNumbers(request);
}

function checkFields(request: ChatRequest): void {
  checkTools(request);
  checkChoice(request);
  checkFormat(request.responseFormat);
  checkNumbers(request);
  const stop: unknown = request.stop;
  if (stop !== undefined && !(Array.isArray(stop) && stop.every((each) => typeof each === "string")))
    throw invalidRequest('`stop` must be a list of texts, such as ["END"]');
  checkKnownFields(request);
  checkParameters(request);
  for (const [name, fields] of Object.entries(objectOf("extensions", request.extensions)))
    objectOf(`extensions.${name}`, fields);
}

const EFFORTS: ReadonlySet<unknown> = new Set(["none", "minimal", "low", "medium", "high", "xhigh", "max"]);

function checkParameters(request: ChatRequest): void {
  const {
    verbosity,
    prediction,
    store,
    logitBias,
    promptCache,
  }: { readonly [K in keyof ChatRequest]: unknown } = request;
  if (verbosity !== undefined && verbosity !== "low" && verbosity !== "medium" && verbosity !== "high")
    throw invalidRequest("`verbosity` must be one of low, medium, high");
  if (prediction !== undefined && typeof prediction !== "string")
    throw invalidRequest("`prediction` must be the expected text");
  if (store !== undefined && typeof store !== "boolean")
    throw invalidRequest("`store` must be true or false");
  if (!Object.values(objectOf("logitBias", logitBias)).every((bias) => typeof bias === "number"))
    throw invalidRequest("`logitBias` must have a number for each token id");
  const { effort } = objectOf("reasoning", request.reasoning) as { readonly effort?: unknown };
  if (effort !== undefined && !EFFORTS.has(effort))
    throw invalidRequest(`\`reasoning.effort\` must be one of ${[...EFFORTS].join(", ")}`);
  const { mode } = objectOf("promptCache", promptCache) as { readonly mode?: unknown };
  if (mode !== undefined && mode !== "auto" && mode !== "marks")
    throw invalidRequest("`promptCache.mode` must be auto or marks");
  objectOf("contextManagement", request.contextManagement);
}

/** A field that is an object or absent; extensions are keyed by a provider or a dialect. */
function objectOf(field: string, value: unknown): object {
  if (value === undefined) return {};
  if (isObject(value)) return value;
  throw invalidRequest(`\`${field}\` must be an object, keyed as the vendor's own fields are`);
}

function checkFormat(format: unknown): void {
  if (format === undefined) return;
  const type = isObject(format) ? format["type"] : undefined;
  if (type === "json_object") throw invalidRequest('`responseFormat.type` "json_object" is "json" here');
  if (type === "json_schema")
    throw invalidRequest(
      '`responseFormat.type` is "json-schema" here, with a dash, and `schema` and `name` stand directly on the format',
    );
  if (type !== "text" && type !== "json" && type !== "json-schema")
    throw invalidRequest("`responseFormat.type` must be one of text, json, json-schema");
  if (type === "json-schema" && isObject(format) && !isObject(format["schema"]))
    throw invalidRequest(
      "`responseFormat.schema` must be a JSON Schema, an object; client.object() takes those of schema libraries",
    );
}

function refuseField(field: string): never {
  if (SEVERAL_ANSWERS.has(field))
    throw invalidRequest(`"${field}": one request has one answer; use \`batch\` to ask several times`);
  const near = nearField(field, [...REQUEST_FIELDS]);
  if (near !== undefined) throw invalidRequest(`Unknown request field "${field}": use ${near}`);
  throw invalidRequest(
    `Unknown request field "${field}"; known are: ${[...REQUEST_FIELDS].join(", ")}. Vendor fields go into \`extensions\``,
  );
}

function checkTools({ tools }: ChatRequest): void {
  if (tools === undefined) return;
  if (!Array.isArray(tools)) throw invalidRequest("`tools` must be a list");
  const names = new Set<string>();
  tools.forEach((tool: unknown, i) => {
    const at = `tools.${i}`;
    if (!isObject(tool)) throw invalidRequest(`\`${at}\` must be an object`);
    refuseForeignTool(tool, at);
    const { type } = tool;
    if (type === "provider") checkProviderTool(tool["id"], at);
    else if (type === "function") checkFunction(tool, at, names);
    else if (type === "text-tool") checkTextTool(tool, at, names);
    else
      throw invalidRequest(
        `\`${at}.type\` must be "function" for a tool that you run, "text-tool" for one that takes plain text, or "provider" for one that the provider runs`,
      );
    checkToolFields(tool, type, at);
  });
}

/** Refuses tools in the form of a vendor or another library, and names the form of ai-lib. */
function refuseForeignTool(tool: JsonObject, at: string): void {
  const form = '{ type: "function", name, description, parameters }';
  if (isObject(tool["function"]))
    throw invalidRequest(`\`${at}.function\`: its fields stand directly on the tool here: ${form}`);
  for (const field of ["input_schema", "inputSchema", "parametersJsonSchema"])
    if (tool[field] !== undefined) throw invalidRequest(`\`${at}.${field}\` is \`parameters\` here: ${form}`);
  if (Array.isArray(tool["functionDeclarations"]))
    throw invalidRequest(`\`${at}.functionDeclarations\`: each function is a separate tool here: ${form}`);
}

function checkProviderTool(id: unknown, at: string): void {
  if (typeof id !== "string" || !/^[^/]+\/./.test(id))
    throw invalidRequest(`\`${at}.id\` must be a family and a tool, such as "openai/web_search"`);
}

/** Checks the fields that all tools of the caller have. */
function checkCalled({ name, callers, async }: JsonObject, at: string, names: Set<string>): void {
  if (typeof name !== "string" || name === "") throw invalidRequest(`\`${at}.name\` is missing`);
  if (names.has(name)) throw invalidRequest(`\`${at}.name\` "${name}" is there twice`);
  names.add(name);
  const known = (one: unknown): boolean => one === "model" || one === "code";
  if (callers !== undefined && !(Array.isArray(callers) && callers.length > 0 && callers.every(known)))
    throw invalidRequest(`\`${at}.callers\` must be a list of "model" and "code"`);
  if (async !== undefined && typeof async !== "boolean")
    throw invalidRequest(`\`${at}.async\` must be true or false`);
}

function checkTextTool(tool: JsonObject, at: string, names: Set<string>): void {
  checkCalled(tool, at, names);
  const { name, grammar } = tool;
  if (grammar === undefined) return;
  const { syntax, definition }: JsonObject = isObject(grammar) ? grammar : {};
  if ((syntax !== "lark" && syntax !== "regex") || typeof definition !== "string")
    throw invalidRequest(
      `\`${at}.grammar\` of "${String(name)}" must be { syntax, definition }, where \`syntax\` is lark or regex`,
    );
}

function checkFunction(tool: JsonObject, at: string, names: Set<string>): void {
  checkCalled(tool, at, names);
  const { name, parameters } = tool;
  const type = isObject(parameters) ? parameters["type"] : undefined;
  if (!isObject(parameters) || (type !== undefined && type !== "object"))
    throw invalidRequest(
      `\`${at}.parameters\` of "${String(name)}" must be a JSON Schema whose root is an object: { "type": "object", "properties": {...} }`,
    );
}

function checkChoice({ toolChoice: choice, tools = [] }: ChatRequest): void {
  if (choice === undefined || choice === "auto" || choice === "none") return;
  if (choice === "required") {
    if (tools.length === 0) throw invalidRequest('`toolChoice` is "required" and the request has no tools');
    return;
  }
  if (isObject(choice) && isObject((choice as JsonObject)["function"]))
    throw invalidRequest("`toolChoice.function` is not needed here: name the tool as { name }");
  if ((choice as unknown) === "any") throw invalidRequest('`toolChoice` "any" is "required" here');
  const {
    name,
    names = [name],
    mode,
  }: { name?: unknown; names?: unknown; mode?: unknown } = isObject(choice) ? choice : {};
  if (!Array.isArray(names) || names.length === 0 || !names.every((one) => typeof one === "string"))
    throw invalidRequest(
      "`toolChoice` must be one of auto, none, required, or { name } of a tool that you run or { names } of several",
    );
  if (mode !== undefined && mode !== "auto" && mode !== "required")
    throw invalidRequest("`toolChoice.mode` must be auto or required");
  for (const one of names)
    if (!tools.some((tool) => tool.type !== "provider" && tool.name === one))
      throw invalidRequest(`\`toolChoice\` names "${one}", which is no tool of the request that you run`);
}
