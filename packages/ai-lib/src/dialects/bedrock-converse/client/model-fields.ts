import type { ChatRequest, Reasoning } from "../../../core/values/chat-request.js";
import type { JsonObject } from "../../../core/values/json.js";
import { claudeFacts } from "../../shared/claude/claude.js";
import { claudeSampling, type Sampling } from "../../shared/claude/sampling.js";
import { encodeThinking } from "../../shared/claude/thinking.js";
import type { EncodeContext } from "./context.js";
import type { EncodedMessages } from "./messages.js";

/** What a request says in a way that depends on whose model answers. */
export interface ModelFields {
  /** For `additionalModelRequestFields`. */
  readonly additional: JsonObject;
  /** For `outputConfig.effort`. */
  readonly effort?: string;
  readonly maxTokens: number | undefined;
  readonly temperature: number | undefined;
  readonly topP: number | undefined;
}

/** Reasoning, sampling and length as the model's vendor calls them. */
export function modelFields(
  request: ChatRequest,
  messages: EncodedMessages,
  context: EncodeContext,
): ModelFields {
  if (context.kind === "claude") return claudeFields(request, isUnthought(messages), context);
  const { maxTokens, temperature, topP, topK } = request;
  const plain = { maxTokens, temperature, topP };
  if (topK !== undefined && context.kind !== "nova" && context.kind !== "nova-2")
    context.losses.unsupported("topK", "this model's name for it is not known; use extensions");
  const nova: JsonObject = topK === undefined ? {} : { inferenceConfig: { topK } };
  switch (context.kind) {
    case "nova":
      dropReasoning(request, context);
      return { ...plain, additional: nova };
    // https://docs.aws.amazon.com/nova/latest/nova2-userguide/using-converse-api.html
    case "nova-2":
      return { ...plain, additional: { ...nova, ...novaReasoning(request, context) } };
    case "gpt-oss":
      return { ...plain, additional: effortField("reasoning_effort", request, context) };
    // Recording bedrock.bedrock-converse.json.test-bedrock-thinking-high-qwen-variant.
    case "qwen3":
      return { ...plain, additional: effortField("reasoning_config", request, context) };
    case "other":
      // Whether a model that is not known thinks is not known either, so that "none" is a wish as well.
      if (request.reasoning !== undefined)
        context.losses.unsupported(
          "reasoning",
          "this model's way to ask for it is not known; use extensions",
        );
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

function claudeFields(request: ChatRequest, unthought: boolean, context: EncodeContext): ModelFields {
  const facts = claudeFacts(context.model);
  const { thinking, effort, budget, on } = encodeThinking(request, facts, context.losses, unthought);
  const { temperature, topP, topK }: Sampling = claudeSampling(request, on, facts, context.losses);
  return {
    additional: {
      ...(thinking === undefined ? {} : { thinking }),
      ...(topK === undefined ? {} : { top_k: topK }),
    },
    ...(effort === undefined ? {} : { effort }),
    maxTokens: request.maxTokens === undefined ? undefined : request.maxTokens + budget,
    temperature,
    topP,
  };
}

function dropReasoning({ reasoning }: ChatRequest, { losses }: EncodeContext): void {
  if (reasoning !== undefined && reasoning.effort !== "none")
    losses.unsupported("reasoning", "this model takes no wishes about thinking; use extensions");
}

function novaReasoning(request: ChatRequest, context: EncodeContext): JsonObject {
  if (request.reasoning?.effort === "none") return { reasoningConfig: { type: "disabled" } };
  const effort = nearestEffort(request.reasoning, context);
  return effort === undefined ? {} : { reasoningConfig: { type: "enabled", maxReasoningEffort: effort } };
}

function effortField(name: string, request: ChatRequest, context: EncodeContext): JsonObject {
  if (request.reasoning?.effort === "none") {
    context.losses.unsupported("reasoning.effort", "this model always thinks");
    return {};
  }
  const effort = nearestEffort(request.reasoning, context);
  return effort === undefined ? {} : { [name]: effort };
}

/** An effort in the three words that these models know. */
function nearestEffort(
  reasoning: Reasoning | undefined,
  { losses }: EncodeContext,
): "low" | "medium" | "high" | undefined {
  if (reasoning === undefined) return undefined;
  const { effort, budgetTokens, summary } = reasoning;
  if (budgetTokens !== undefined)
    losses.unsupported("reasoning.budgetTokens", "this model takes an effort and no budget");
  if (summary !== undefined)
    losses.unsupported("reasoning.summary", "this model shows its thinking as it is");
  switch (effort) {
    case "low":
    case "medium":
    case "high":
      return effort;
    case "minimal":
      losses.changed("reasoning.effort", 'the least effort is "low"');
      return "low";
    case "max":
      losses.changed("reasoning.effort", 'the highest effort is "high"');
      return "high";
    case undefined:
    case "none":
      return undefined;
    default: {
      const never: never = effort;
      throw new TypeError(`Unknown effort ${String(never)}`);
    }
  }
}
