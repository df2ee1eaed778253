import type { CallOptions } from "../../core/contract/call.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { JsonObject } from "../../core/values/json.js";
import type { CacheMark } from "../../core/values/message.js";
import type { FunctionTool, ProviderTool, Tool, ToolChoice } from "../../core/values/tool.js";
import { ownFields, partFields } from "./own-fields.js";
import { messagesOfPrompt } from "./prompt.js";
import { fieldsOfProviderOptions } from "./provider-options.js";
import type { SpecCallOptions, SpecTool, SpecWarning } from "./spec.js";

/** A call of the AI SDK, read. */
export interface ReadCall {
  readonly request: ChatRequest;
  /** Called with each field that no request can carry. */
  readonly warnings: readonly SpecWarning[];
}

/** The request of a call. @param model the name of the model; undefined for the provider's default. */
export function readCall(model: string | undefined, options: SpecCallOptions): ReadCall {
  const warnings: SpecWarning[] = [];
  const lose = (feature: string, details: string) => {
    warnings.push({ type: "unsupported", feature, details });
  };
  const {
    prompt,
    maxOutputTokens: maxTokens,
    temperature,
    stopSequences: stop,
    topP,
    topK,
    presencePenalty,
    frequencyPenalty,
    seed,
    responseFormat: format,
    tools,
    toolChoice: choice,
    reasoning: effort,
  } = options;
  if (options.includeRawChunks === true)
    lose("includeRawChunks", "Chunks of different vendors have no form in common; none is handed on.");
  const set = Object.entries({ maxTokens, temperature, topP, topK, presencePenalty, frequencyPenalty, seed });
  const request: ChatRequest = {
    ...(Object.fromEntries(set.filter(([, value]) => value !== undefined)) as Partial<ChatRequest>),
    ...(stop !== undefined && stop.length > 0 && { stop }),
    ...(tools !== undefined && tools.length > 0 && { tools: tools.map(readTool) }),
    ...(choice !== undefined && { toolChoice: readChoice(choice) }),
    ...(format?.type === "json" && { responseFormat: readFormat(format) }),
    ...(effort !== undefined && effort !== "provider-default" && { reasoning: { effort } }),
    ...fieldsOfProviderOptions(options.providerOptions, lose),
    messages: messagesOfPrompt(prompt, lose),
    model,
  };
  return { request, warnings };
}

/** The options of a call that the AI SDK makes: those of the adapter, its signal and its headers. */
export function callOptionsOf(
  options: Pick<SpecCallOptions, "abortSignal" | "headers">,
  given: CallOptions | undefined,
): CallOptions {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    // The AI SDK names itself to the vendor; the name of the real client stays.
    if (value !== undefined && name.toLowerCase() !== "user-agent") headers[name] = value;
  }
  const { abortSignal: signal } = options;
  return {
    ...given,
    ...(signal !== undefined && { signal }),
    ...(Object.keys(headers).length > 0 && { headers: { ...given?.headers, ...headers } }),
  };
}

function readTool(tool: SpecTool): Tool {
  if (tool.type !== "function") {
    // `openai.web_search` is `openai/web_search` here.
    const id = tool.id.replace(".", "/") as ProviderTool["id"];
    return { type: "provider", id, options: tool.args as JsonObject };
  }
  const { name, description, inputSchema, inputExamples, strict, providerOptions } = tool;
  const { cache, extensions } = partFields(providerOptions) as { cache?: CacheMark } & FunctionTool;
  return {
    ...(ownFields(providerOptions) as Partial<FunctionTool>),
    type: "function",
    name,
    parameters: inputSchema as JsonObject,
    ...(description !== undefined && { description }),
    ...(strict !== undefined && { strict }),
    ...(inputExamples !== undefined && { examples: inputExamples.map(({ input }) => input as JsonObject) }),
    ...(cache !== undefined && { cache }),
    ...(extensions !== undefined && { extensions }),
  };
}

function readChoice(choice: NonNullable<SpecCallOptions["toolChoice"]>): ToolChoice {
  return choice.type === "tool" ? { name: choice.toolName } : choice.type;
}

function readFormat(
  format: NonNullable<SpecCallOptions["responseFormat"]> & { readonly type: "json" },
): ChatRequest["responseFormat"] {
  const { schema, name, description } = format;
  if (schema === undefined) return { type: "json" };
  return {
    type: "json-schema",
    schema: schema as JsonObject,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
  };
}
