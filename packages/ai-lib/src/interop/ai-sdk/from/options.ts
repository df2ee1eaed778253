import { withFunctionTools } from "../../../core/kinds/chat/text-tools.js";
import type { Warning } from "../../../core/values/answer.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { Extensions } from "../../../core/values/message.js";
import { type FunctionTool, forcesCall, type ProviderTool } from "../../../core/values/tool.js";
import type { CustomCall } from "../../../providers/own/adapter.js";
import type { SpecCallOptions, SpecOptions, SpecTool } from "../spec.js";
import type { ForeignLanguageModel, WrittenOptions } from "./models.js";
import { promptOf } from "./prompt.js";

/** Fields of a request that the AI SDK has no place for. */
const UNKNOWN = [
  "parallelToolCalls",
  "maxToolCalls",
  "logprobs",
  "logitBias",
  "prediction",
  "verbosity",
  "output",
  "serviceTier",
  "cacheKey",
  "promptCache",
  "contextManagement",
  "store",
  "continues",
  "user",
  "metadata",
] as const satisfies readonly (keyof ChatRequest)[];

/** A call of a language model of the AI SDK. */
export interface WrittenCall {
  readonly options: WrittenOptions;
  readonly warnings: readonly Warning[];
}

/** The options of a call that a request becomes. */
export function writeCall(given: ChatRequest, model: ForeignLanguageModel, call: CustomCall): WrittenCall {
  const warnings: Warning[] = [];
  const request = withFunctionTools(given);
  const { specificationVersion: version, provider } = model;
  const lose = (field: string, message: string) => {
    warnings.push({ code: "unsupported", field, message });
  };
  const prompt = promptOf(request.messages, {
    version,
    provider,
    lose: (field, message) => {
      warnings.push({
        code: message.startsWith("State of") ? "state-dropped" : "unsupported",
        field,
        message,
      });
    },
  });
  for (const field of UNKNOWN)
    if (request[field] !== undefined)
      lose(
        field,
        `A model of the AI SDK has no "${field}"; set it in extensions, in the words of its provider`,
      );
  given.tools?.forEach((tool, i) => {
    if (tool.type === "text-tool" && tool.grammar !== undefined)
      lose(`tools.${i}.grammar`, "The AI SDK has no grammars; this one became a description of the text");
  });
  const { tools, toolChoice, responseFormat, reasoning, extensions } = request;
  const effort = reasoning?.effort;
  if (reasoning !== undefined && (version !== "v4" || effort === undefined))
    lose("reasoning", "This model of the AI SDK takes reasoning in extensions, in the words of its provider");
  const set = Object.entries({
    maxOutputTokens: request.maxTokens,
    temperature: request.temperature,
    topP: request.topP,
    topK: request.topK,
    presencePenalty: request.presencePenalty,
    frequencyPenalty: request.frequencyPenalty,
    seed: request.seed,
    stopSequences: request.stop,
  }).filter(([, value]) => value !== undefined);
  const options: WrittenOptions = {
    prompt,
    ...Object.fromEntries(set),
    ...(tools !== undefined && tools.length > 0 && { tools: tools.map((tool) => writeTool(tool, version)) }),
    ...(toolChoice !== undefined && { toolChoice: writeChoice(toolChoice, lose) }),
    ...(responseFormat !== undefined && { responseFormat: writeFormat(responseFormat) }),
    ...(version === "v4" && effort !== undefined && { reasoning: effort }),
    ...(extensions !== undefined && { providerOptions: writeExtensions(extensions) }),
    abortSignal: call.signal,
    headers: call.headers,
  };
  return { options, warnings };
}

/** Vendor fields as the AI SDK takes them. */
export function writeExtensions(extensions: Extensions): SpecOptions {
  return extensions as SpecOptions;
}

function writeTool(tool: FunctionTool | ProviderTool, version: string): SpecTool {
  if (tool.type === "provider") {
    const id = tool.id.replace("/", ".") as `${string}.${string}`;
    const name = id.slice(id.indexOf(".") + 1);
    return { type: version === "v2" ? "provider-defined" : "provider", id, name, args: tool.options ?? {} };
  }
  const { name, description, parameters, strict, examples, cache, extensions } = tool;
  const options: SpecOptions = {
    ...(cache !== undefined && {
      anthropic: { cacheControl: { type: "ephemeral", ...(cache.ttl !== undefined && { ttl: cache.ttl }) } },
    }),
    ...(extensions !== undefined && writeExtensions(extensions)),
  };
  return {
    type: "function",
    name,
    inputSchema: parameters,
    ...(description !== undefined && { description }),
    ...(strict !== undefined && version !== "v2" && { strict }),
    ...(examples !== undefined &&
      version !== "v2" && { inputExamples: examples.map((input) => ({ input })) }),
    ...(Object.keys(options).length > 0 && { providerOptions: options }),
  };
}

function writeChoice(
  choice: NonNullable<ChatRequest["toolChoice"]>,
  lose: (field: string, message: string) => void,
): SpecCallOptions["toolChoice"] {
  if (typeof choice === "string") return { type: choice };
  if ("name" in choice) return { type: "tool", toolName: choice.name };
  const [only, ...others] = choice.names;
  if (only !== undefined && others.length === 0 && forcesCall(choice))
    return { type: "tool", toolName: only };
  lose("toolChoice", "A model of the AI SDK takes no choice among several tools; all of them can be called");
  return { type: forcesCall(choice) ? "required" : "auto" };
}

function writeFormat(format: NonNullable<ChatRequest["responseFormat"]>): SpecCallOptions["responseFormat"] {
  if (format.type !== "json-schema") return { type: format.type };
  const { schema, name, description } = format;
  return {
    type: "json",
    schema,
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
  };
}
