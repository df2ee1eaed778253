import { invalidRequest } from "../../errors/error.js";
import type { ChatRequest, ContextManagement, PromptCache, Reasoning } from "../../values/chat-request.js";
import { isObject, type JsonObject } from "../../values/json.js";
import { nearest } from "../../values/nearest.js";
import type { FunctionTool, ProviderTool, TextTool, Tool } from "../../values/tool.js";

/** The fields of an object of the contract, and the replacements of vendors' names. */
interface KnownFields {
  readonly fields: readonly string[];
  readonly near?: Readonly<Record<string, string>>;
}

type Output = NonNullable<ChatRequest["output"]>;

/** The objects of a request whose fields are all known, by their paths. */
const OBJECTS = {
  reasoning: {
    fields: ["effort", "budgetTokens", "summary", "keep", "when"] satisfies (keyof Reasoning)[],
    near: {
      max_tokens: "`budgetTokens`",
      maxTokens: "`budgetTokens`",
      budget_tokens: "`budgetTokens`",
      thinkingBudget: "`budgetTokens`",
      thinkingLevel: "`effort`",
      level: "`effort`",
      enabled: '`effort`, which is "none" for no thinking',
      type: '`effort`, which is "none" for no thinking',
      exclude: '`summary`: "none"',
      display: '`summary`, which is "none" to hide thinking',
      includeThoughts: '`summary`, which is "none" to hide thinking',
      context: "`keep`",
    },
  },
  promptCache: {
    fields: ["mode", "ttl", "compareWith", "prewarm"] satisfies (keyof PromptCache)[],
    near: { key: "`cacheKey` of the request", type: "`mode`", comparison_response_id: "`compareWith`" },
  },
  contextManagement: {
    fields: ["compactAt", "clearToolResults"] satisfies (keyof ContextManagement)[],
    near: { compact_threshold: "`compactAt`", edits: "`compactAt` and `clearToolResults`" },
  },
  output: {
    fields: ["modalities", "audio"] satisfies (keyof Output)[],
    near: { voice: "`audio`: { voice }", format: "`audio`: { format }" },
  },
  "output.audio": { fields: ["voice", "format"] satisfies (keyof NonNullable<Output["audio"]>)[] },
} satisfies Readonly<Record<string, KnownFields>>;

/** Vendors' names for fields of tools. */
const TOOL_NEAR: Readonly<Record<string, string>> = {
  execute: "`client.runTools`, which takes tools with code",
  defer_loading: "`deferLoading`",
  input_examples: "`examples`",
  output_schema: "`outputSchema`",
  allowed_callers: "`callers`",
  eager_input_streaming: "`eager`",
  cache_control: "`cache`",
  cacheControl: "`cache`",
  providerOptions: "`extensions`",
  inputExamples: "`examples`",
};

const CALLED = [
  "type",
  "name",
  "description",
  "deferLoading",
  "callers",
  "async",
  "cache",
  "extensions",
] as const;

const TOOLS: Readonly<Record<Tool["type"], KnownFields>> = {
  function: {
    fields: [
      ...CALLED,
      "parameters",
      "strict",
      "outputSchema",
      "examples",
      "eager",
    ] satisfies (keyof FunctionTool)[],
    near: TOOL_NEAR,
  },
  "text-tool": {
    fields: [...CALLED, "grammar"] satisfies (keyof TextTool)[],
    near: { ...TOOL_NEAR, format: "`grammar`" },
  },
  provider: {
    fields: ["type", "id", "options", "cache"] satisfies (keyof ProviderTool)[],
    near: { ...TOOL_NEAR, name: "`id`: a family and a tool" },
  },
};

/**
 * Refuses fields that the object does not have, since they would have no effect.
 * @throws {AiLibError} `INVALID_REQUEST` that names what to write.
 */
export function checkKnownFields(request: ChatRequest): void {
  const { reasoning, promptCache, contextManagement, output } = request;
  if (isObject(reasoning)) refuseOthers(reasoning, "reasoning", OBJECTS.reasoning);
  if (isObject(promptCache)) refuseOthers(promptCache, "promptCache", OBJECTS.promptCache);
  if (isObject(contextManagement))
    refuseOthers(contextManagement, "contextManagement", OBJECTS.contextManagement);
  if (!isObject(output)) return;
  refuseOthers(output, "output", OBJECTS.output);
  const audio: unknown = output["audio"];
  if (isObject(audio)) refuseOthers(audio, "output.audio", OBJECTS["output.audio"]);
}

/** @throws {AiLibError} `INVALID_REQUEST` for a field that a tool of its type does not have. */
export function checkToolFields(tool: JsonObject, type: Tool["type"], at: string): void {
  refuseOthers(tool, at, TOOLS[type]);
}

/** A tool with the fields that its type has: one with code may have others for that code, such as the name of its server. */
export function onlyToolFields(tool: object, type: Tool["type"]): Record<string, unknown> {
  const { fields } = TOOLS[type];
  return Object.fromEntries(Object.entries(tool).filter(([name]) => fields.includes(name)));
}

function refuseOthers(object: JsonObject, at: string, { fields, near = {} }: KnownFields): void {
  for (const field in object) {
    if (object[field] === undefined || fields.includes(field)) continue;
    const [similar] = nearest(field, fields, 1);
    const instead = Object.hasOwn(near, field)
      ? near[field]
      : similar === undefined
        ? undefined
        : `\`${similar}\``;
    throw invalidRequest(
      instead === undefined
        ? `\`${at}.${field}\` is unknown; known are: ${fields.join(", ")}. Vendor fields go into \`extensions\``
        : `\`${at}.${field}\` is unknown: use ${instead}`,
    );
  }
}

/** Vendors' names for fields of parts. */
const PART_NEAR: Readonly<Record<string, string>> = {
  mimeType: "`mediaType`",
  mime_type: "`mediaType`",
  media_type: "`mediaType`",
  filename: "`name`",
  file_name: "`name`",
  title: "`name`",
  file_id: "`uploaded`: { provider, id }",
  fileId: "`uploaded`: { provider, id }",
  file_data: "`data`",
  image: "`url`, or `data` with `mediaType`",
  image_url: "`url`",
  imageUrl: "`url`",
  source: "`url`, or `data` with `mediaType`",
  input_audio: "`data` with `mediaType`",
  inlineData: "`data` with `mediaType`",
  fileData: "`url` or `uploaded`",
  cache_control: "`cache`",
  cacheControl: "`cache`",
  providerOptions: "`extensions`",
  toolCallId: "`id`",
  tool_call_id: "`id`",
  tool_use_id: "`id`",
  toolName: "`name`",
  args: "`arguments`",
  output: "`content`",
  result: "`content`",
  is_error: "`isError`",
};

/**
 * @param kind the type of the part: a source may have a `title`, and a call the `input` of a text tool.
 * @throws {AiLibError} `INVALID_REQUEST` for a field that a vendor has and no part: it would be lost.
 */
export function checkPartFields(part: JsonObject, kind: string, at: string): void {
  for (const field in part) {
    if (part[field] === undefined || !Object.hasOwn(PART_NEAR, field)) continue;
    if (field === "title" && kind === "source") continue;
    throw invalidRequest(`\`${at}.${field}\` is unknown: use ${PART_NEAR[field]}`);
  }
}
