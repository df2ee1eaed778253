import type { EncodeWarnings } from "../../../core/contract/dialect.js";
import type { ChatRequest, Reasoning } from "../../../core/values/chat-request.js";
import {
  asNumber,
  asObject,
  asString,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type { ClaudeFacts } from "./claude.js";

type Effort = NonNullable<Reasoning["effort"]>;

/** The least budget that the API takes. */
const LEAST_BUDGET = 1_024;

/** Tokens of thinking that stand for an effort on models that count them. */
const BUDGETS: Readonly<Record<Exclude<Effort, "none">, number>> = {
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  max: 24_576,
};

/** What a request says about thinking, in Claude's words. */
export interface ClaudeThinking {
  /** The `thinking` field. */
  readonly thinking?: MutableJson;
  /** The `output_config.effort` field. */
  readonly effort?: string;
  /** Tokens of thinking, which count within `max_tokens` and so come on top of what the answer may have. */
  readonly budget: number;
  /** The model will think, which restricts sampling. */
  readonly on: boolean;
}

/**
 * Reasoning in the form that the model takes: adaptive with an effort from Claude 4.6 on, a budget before.
 * https://platform.claude.com/docs/en/build-with-claude/thinking#configuring-thinking
 * @param unthought the conversation ends in results of calls that were made without thinking, as another model's
 *   were: "When thinking is enabled, a final assistant message must start with a thinking block" is a 400 then,
 *   unless thinking is adaptive.
 */
export function encodeThinking(
  request: ChatRequest,
  facts: ClaudeFacts,
  losses: EncodeWarnings,
  unthought: boolean,
): ClaudeThinking {
  const { reasoning } = request;
  const off = { budget: 0, on: false };
  if (reasoning === undefined) return off;
  if (facts.thinking === "none") {
    if (reasoning.effort !== "none") losses.unsupported("reasoning", "this model cannot think");
    return off;
  }
  if (reasoning.effort === "none") {
    for (const field of ["budgetTokens", "summary"] as const)
      if (reasoning[field] !== undefined)
        losses.unsupported(`reasoning.${field}`, 'an effort of "none" turns thinking off');
    return { ...off, thinking: { type: "disabled" } };
  }
  if (request.toolChoice === "required" || typeof request.toolChoice === "object") {
    losses.unsupported("reasoning", "a forced tool call excludes thinking");
    return off;
  }
  const display = displayOf(reasoning, losses);
  if (facts.thinking === "adaptive" || (facts.thinking === "both" && reasoning.budgetTokens === undefined)) {
    const effort = adaptiveEffort(reasoning, facts, losses);
    return {
      thinking: { type: "adaptive", ...display },
      ...(effort === undefined ? {} : { effort }),
      budget: 0,
      on: true,
    };
  }
  if (unthought) {
    losses.unsupported("reasoning", "a turn whose calls were made without thinking cannot go on with it");
    return off;
  }
  const budget = budgetOf(reasoning, facts, losses);
  const effort = facts.thinking === "both" ? adaptiveEffort(reasoning, facts, losses) : undefined;
  return {
    thinking: { type: "enabled", budget_tokens: budget, ...display },
    ...(effort === undefined ? {} : { effort }),
    budget,
    on: true,
  };
}

function displayOf({ summary }: Reasoning, losses: EncodeWarnings): MutableJson {
  if (summary === undefined) return {};
  if (summary !== "auto")
    losses.changed("reasoning.summary", `Anthropic has one kind of summary, not "${summary}"`);
  return { display: "summarized" };
}

function adaptiveEffort(
  { effort, budgetTokens }: Reasoning,
  facts: ClaudeFacts,
  losses: EncodeWarnings,
): string | undefined {
  if (budgetTokens !== undefined && facts.thinking === "adaptive") {
    const nearest = effort ?? (budgetTokens < 4_096 ? "low" : budgetTokens < 16_384 ? "medium" : "high");
    losses.changed("reasoning.budgetTokens", `this model takes an effort ("${nearest}") and no budget`);
    if (effort === undefined) return nearest;
  }
  if (effort !== "minimal") return effort;
  losses.changed("reasoning.effort", 'the least effort is "low", not "minimal"');
  return "low";
}

function budgetOf({ effort, budgetTokens }: Reasoning, facts: ClaudeFacts, losses: EncodeWarnings): number {
  if (budgetTokens !== undefined) {
    if (effort !== undefined && facts.thinking === "budget")
      losses.changed("reasoning.effort", "this model takes the budget alone");
    if (budgetTokens >= LEAST_BUDGET) return budgetTokens;
    losses.changed("reasoning.budgetTokens", `the least budget is ${LEAST_BUDGET}`);
    return LEAST_BUDGET;
  }
  if (effort === undefined || effort === "none") return BUDGETS.medium;
  losses.changed("reasoning.effort", `this model takes a budget: ${BUDGETS[effort]} tokens for "${effort}"`);
  return BUDGETS[effort];
}

const EFFORTS: ReadonlySet<string> = new Set(["low", "medium", "high", "max"]);

/** What `thinking`, `output_config.effort` and the limit of a body say. */
export interface DecodedThinking {
  readonly reasoning?: Reasoning;
  readonly maxTokens?: number;
  /** Fields that the contract has no word for, to be kept as extensions. */
  readonly left: JsonObject;
}

/**
 * The inverse of {@link encodeThinking}, as far as a body tells.
 * @param total the body's limit of generated tokens, thinking included.
 */
export function decodeThinking(body: JsonObject, total: number | undefined): DecodedThinking {
  const thinking = asObject(body["thinking"]);
  const effort = asString(asObject(body["output_config"])?.["effort"]);
  const limit = total === undefined ? {} : { maxTokens: total };
  const keptEffort: JsonObject = effort === undefined ? {} : { output_config: { effort } };
  const known = effort !== undefined && EFFORTS.has(effort) ? { effort: effort as Effort } : {};
  const keptUnknown = effort === undefined || EFFORTS.has(effort) ? {} : keptEffort;
  const { type, budget_tokens: tokens, display, ...fields } = thinking ?? {};
  const shown: Reasoning = display === "summarized" ? { summary: "auto" } : {};
  const rest = display === undefined || display === "summarized" ? fields : { ...fields, display };
  const keptFields: JsonObject = Object.keys(rest).length === 0 ? {} : { thinking: rest };
  const budget = asNumber(tokens);
  switch (type) {
    case "adaptive":
      return { reasoning: { ...known, ...shown }, ...limit, left: { ...keptUnknown, ...keptFields } };
    case "disabled":
      return { reasoning: { effort: "none" }, ...limit, left: { ...keptEffort, ...keptFields } };
    case "enabled":
      // Interleaved thinking may have a budget beyond the limit: nothing here says that.
      if (budget === undefined || budget < LEAST_BUDGET || (total ?? Number.POSITIVE_INFINITY) <= budget)
        break;
      return {
        reasoning: { budgetTokens: budget, ...known, ...shown },
        ...(total === undefined ? {} : { maxTokens: total - budget }),
        left: { ...keptUnknown, ...keptFields },
      };
  }
  return { ...limit, left: { ...keptEffort, ...(thinking === undefined ? {} : { thinking }) } };
}
