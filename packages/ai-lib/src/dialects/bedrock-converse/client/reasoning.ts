import type { ChatRequest, Reasoning } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import { claudeFacts } from "../../shared/claude/model.js";
import { encodeSampling } from "../../shared/claude/sampling.js";
import { encodeThinking } from "../../shared/claude/thinking.js";
import { closestEffort, type EffortWord, effortOf, turnsThinkingOff } from "../../shared/common/efforts.js";
import type { BedrockContext } from "./context.js";
import type { EncodedMessages } from "./messages.js";

/** The fields of a request whose form depends on the model's vendor. */
export interface ModelFields {
  /** For `additionalModelRequestFields`. */
  readonly additional: JsonObject;
  /** For `outputConfig.effort`. */
  readonly effort?: string | undefined;
  readonly maxTokens: number | undefined;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
}

/** Reasoning, sampling and the token limit in the form of the model's vendor. */
export function encodeModelFields(
  request: ChatRequest,
  messages: EncodedMessages,
  context: BedrockContext,
): ModelFields {
  if (context.kind === "claude") return encodeClaudeFields(request, isUnthought(messages), context);
  const { maxTokens, temperature, topP, topK } = request;
  const plain = { maxTokens, temperature, topP };
  if (topK !== undefined && context.kind !== "nova" && context.kind !== "nova-2")
    context.unsupported("topK", "use extensions");
  const nova: JsonObject = topK === undefined ? {} : { inferenceConfig: { topK } };
  switch (context.kind) {
    case "nova":
      if (request.reasoning !== undefined && request.reasoning.effort !== "none")
        context.unsupported("reasoning", "use extensions");
      return { ...plain, additional: nova };
    // https://docs.aws.amazon.com/nova/latest/nova2-userguide/using-converse-api.html
    case "nova-2":
      return { ...plain, additional: { ...nova, ...encodeNovaReasoning(request, context) } };
    case "gpt-oss":
      return { ...plain, additional: encodeEffortField("reasoning_effort", request, context) };
    // Recording bedrock.bedrock-converse.json.test-bedrock-thinking-high-qwen-variant.
    case "qwen3":
      return { ...plain, additional: encodeEffortField("reasoning_config", request, context) };
    case "other":
      // An unknown model may think, so leaving out "none" needs a warning, too.
      if (request.reasoning !== undefined) context.unsupported("reasoning", "use extensions");
      return { ...plain, additional: {} };
    default: {
      const never: never = context.kind;
      throw new TypeError(`Unknown kind ${String(never)}`);
    }
  }
}

/** Whether the last turns are calls of a model that did not think first, and their results. */
function isUnthought({ turns }: EncodedMessages): boolean {
  const [result] = turns.at(-1)?.content ?? [];
  const [first] = turns.at(-2)?.content ?? [];
  return (
    result !== undefined && "toolResult" in result.block && !("reasoningContent" in (first?.block ?? {}))
  );
}

function encodeClaudeFields(request: ChatRequest, unthought: boolean, context: BedrockContext): ModelFields {
  const facts = claudeFacts(context.model);
  const { thinking, effort, budget, on } = encodeThinking(request, facts, context, unthought);
  const { temperature, topP, topK } = encodeSampling(request, on, facts, context);
  return {
    additional: { thinking, top_k: topK },
    effort,
    maxTokens: request.maxTokens === undefined ? undefined : request.maxTokens + budget,
    temperature,
    topP,
  };
}

function encodeNovaReasoning(request: ChatRequest, context: BedrockContext): JsonObject {
  if (request.reasoning !== undefined && turnsThinkingOff(request.reasoning))
    return { reasoningConfig: { type: "disabled" } };
  const effort = encodeEffort(request.reasoning, context);
  return effort === undefined ? {} : { reasoningConfig: { type: "enabled", maxReasoningEffort: effort } };
}

function encodeEffortField(name: string, request: ChatRequest, context: BedrockContext): JsonObject {
  if (request.reasoning !== undefined && turnsThinkingOff(request.reasoning)) {
    context.unsupported("reasoning.effort", { reason: "this model always thinks" });
    return {};
  }
  const effort = encodeEffort(request.reasoning, context);
  return effort === undefined ? {} : { [name]: effort };
}

/** The words of effort that these models know. */
const ACCEPTED: readonly EffortWord[] = ["low", "medium", "high"];

/** An effort in the words that these models know; undefined if the request asks for no thinking. */
function encodeEffort(reasoning: Reasoning | undefined, context: BedrockContext): EffortWord | undefined {
  if (reasoning === undefined) return undefined;
  if (reasoning.summary !== undefined) context.unsupported("reasoning.summary");
  const effort = effortOf(reasoning, context);
  const sent = closestEffort(effort, ACCEPTED);
  if (sent !== effort) context.changed("reasoning.effort", `"${effort}" became "${sent}"`);
  return sent;
}
