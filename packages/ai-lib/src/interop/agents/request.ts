import { AiLibError } from "../../core/errors/error.js";
import type { ChatRequest, Reasoning } from "../../core/values/chat-request.js";
import { asObject, isObject, type JsonObject } from "../../core/values/json.js";
import type { ProviderTool, Tool, ToolChoice } from "../../core/values/tool.js";
import { OWN, readItems } from "./read-items.js";
import type { AgentHandoff, AgentModelRequest, AgentModelSettings, AgentTool } from "./spec.js";

/**
 * The request of a call of the SDK. `modelSettings.providerData["ai-lib"]` has fields of a request as ai-lib names them,
 * and all else in `providerData` is a field of OpenAI's.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for tools and prompts that only OpenAI has.
 */
export function readRequest(model: string | undefined, asked: AgentModelRequest): ChatRequest {
  const { input, systemInstructions, tools, handoffs, outputType, previousResponseId, conversationId } =
    asked;
  if (asked.prompt !== undefined) throw unsupported("prompts that OpenAI stores");
  const { [OWN]: own, ...providerData } = asked.modelSettings.providerData ?? {};
  const { truncation } = asked.modelSettings;
  const openai: Record<string, unknown> = {
    ...providerData,
    ...(truncation !== undefined && { truncation }),
    ...(conversationId !== undefined && { conversation: conversationId }),
  };
  const all = [...tools.map(readTool), ...handoffs.map(readHandoff)];
  return {
    ...settings(asked.modelSettings),
    ...(all.length > 0 && { tools: all }),
    ...(typeof outputType === "object" && {
      responseFormat: {
        type: "json-schema",
        name: outputType.name,
        strict: outputType.strict,
        schema: outputType.schema as JsonObject,
      },
    }),
    ...(previousResponseId !== undefined && { continues: { provider: "openai", id: previousResponseId } }),
    ...(Object.keys(openai).length > 0 && { extensions: { openai: openai as JsonObject } }),
    ...(asObject(own) as Partial<ChatRequest> | undefined),
    ...(model !== undefined && { model }),
    messages: readItems(input, systemInstructions),
  };
}

function unsupported(what: string): AiLibError {
  return new AiLibError({ code: "UNSUPPORTED_FEATURE", message: `ai-lib has no ${what}`, local: true });
}

function settings(given: AgentModelSettings): Partial<ChatRequest> {
  const { temperature, topP, frequencyPenalty, presencePenalty, parallelToolCalls, maxTokens, store } = given;
  const { toolChoice, reasoning, text, promptCacheOptions, contextManagement } = given;
  const compaction = contextManagement?.find(({ type }) => type === "compaction");
  const compactAt = compaction?.["compactThreshold"] ?? compaction?.["compact_threshold"];
  const set = Object.entries({
    temperature,
    topP,
    frequencyPenalty,
    presencePenalty,
    parallelToolCalls,
    maxTokens,
    store,
    verbosity: text?.verbosity ?? undefined,
  }).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(set) as Partial<ChatRequest>),
    ...(toolChoice !== undefined && { toolChoice: readChoice(toolChoice) }),
    ...(reasoning !== undefined && { reasoning: readReasoning(reasoning) }),
    ...(promptCacheOptions !== undefined && {
      promptCache: {
        mode: promptCacheOptions.mode === "explicit" ? "marks" : "auto",
        ...(promptCacheOptions.ttl !== undefined && { ttl: promptCacheOptions.ttl }),
      },
    }),
    ...(typeof compactAt === "number" && { contextManagement: { compactAt } }),
  };
}

function readReasoning({ effort, summary }: NonNullable<AgentModelSettings["reasoning"]>): Reasoning {
  return {
    ...(effort != null && { effort: effort as "low" }),
    ...(summary != null && { summary: summary as "auto" }),
  };
}

function readChoice(choice: string): ToolChoice {
  return choice === "auto" || choice === "none" || choice === "required" ? choice : { name: choice };
}

function readTool(tool: AgentTool): Tool {
  const { type, name, description, parameters, strict, deferLoading, outputSchema, providerData } = tool;
  if (type === "hosted_tool") {
    const { type: hosted = name, ...options } = providerData ?? {};
    const id: ProviderTool["id"] = name.includes("/")
      ? (name as ProviderTool["id"])
      : `openai/${String(hosted)}`;
    return { type: "provider", id, options: options as JsonObject };
  }
  if (type !== "function") throw unsupported(`tools of the type "${type}"`);
  return {
    type: "function",
    name,
    parameters: isObject(parameters) ? parameters : { type: "object", properties: {} },
    ...(description !== undefined && { description }),
    ...(strict !== undefined && { strict }),
    ...(deferLoading !== undefined && { deferLoading }),
    ...(isObject(outputSchema) && { outputSchema }),
  };
}

function readHandoff({ toolName, toolDescription, inputJsonSchema, strictJsonSchema }: AgentHandoff): Tool {
  return {
    type: "function",
    name: toolName,
    description: toolDescription,
    parameters: isObject(inputJsonSchema) ? inputJsonSchema : { type: "object", properties: {} },
    strict: strictJsonSchema,
  };
}
