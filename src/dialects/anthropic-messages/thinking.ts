import { asNumber, asObject, asString, type JsonObject, type MutableJson } from "../../core/json.js";
import type { ChatRequest, Reasoning } from "../../core/request.js";
import type { EncodeContext } from "./encode-context.js";

type Effort = NonNullable<Reasoning["effort"]>;

/** The least budget that the API takes. */
const LEAST_BUDGET = 1_024;

/** Tokens for the answer itself where a budget and no limit is asked for. */
const ANSWER_TOKENS = 4_096;

/** Tokens of thinking that stand for an effort on models that count them. */
const BUDGETS: Readonly<Record<Exclude<Effort, "none">, number>> = {
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  max: 24_576,
};

/** What the request says about thinking and length. */
export interface EncodedThinking {
  readonly thinking?: MutableJson;
  readonly effort?: string;
  readonly maxTokens: number;
  /** The model will think, which restricts sampling. */
  readonly on: boolean;
}

/**
 * Reasoning in the form that the model takes: adaptive with an effort from Claude 4.6 on, a budget before. A budget
 * counts within `max_tokens`, so it comes on top of what the answer may have.
 * https://platform.claude.com/docs/en/build-with-claude/thinking#configuring-thinking
 */
export function encodeThinking(request: ChatRequest, context: EncodeContext): EncodedThinking {
  const { reasoning } = request;
  const { facts, losses } = context;
  const maxTokens = request.maxTokens ?? facts.maxTokens;
  const off = { maxTokens, on: false };
  if (reasoning === undefined) return off;
  if (facts.thinking === "none") {
    if (reasoning.effort !== "none") losses.unsupported("reasoning", "this model cannot think");
    return off;
  }
  if (reasoning.effort === "none") return { ...off, thinking: { type: "disabled" } };
  if (request.toolChoice === "required" || typeof request.toolChoice === "object") {
    losses.unsupported("reasoning", "a forced tool call excludes thinking");
    return off;
  }
  const display = displayOf(reasoning, context);
  if (facts.thinking === "adaptive" || (facts.thinking === "both" && reasoning.budgetTokens === undefined)) {
    const effort = adaptiveEffort(reasoning, context);
    return {
      thinking: { type: "adaptive", ...display },
      ...(effort === undefined ? {} : { effort }),
      maxTokens,
      on: true,
    };
  }
  const budget = budgetOf(reasoning, context);
  const total =
    request.maxTokens === undefined
      ? Math.max(facts.maxTokens, budget + ANSWER_TOKENS)
      : request.maxTokens + budget;
  const effort = facts.thinking === "both" ? adaptiveEffort(reasoning, context) : undefined;
  return {
    thinking: { type: "enabled", budget_tokens: budget, ...display },
    ...(effort === undefined ? {} : { effort }),
    maxTokens: total,
    on: true,
  };
}

function displayOf({ summary }: Reasoning, { losses }: EncodeContext): MutableJson {
  if (summary === undefined) return {};
  if (summary !== "auto")
    losses.changed("reasoning.summary", `Anthropic has one kind of summary, not "${summary}"`);
  return { display: "summarized" };
}

function adaptiveEffort(
  { effort, budgetTokens }: Reasoning,
  { facts, losses }: EncodeContext,
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

function budgetOf({ effort, budgetTokens }: Reasoning, { facts, losses }: EncodeContext): number {
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

/** What `thinking`, `output_config.effort` and `max_tokens` of a body say. */
export interface DecodedThinking {
  readonly reasoning?: Reasoning;
  readonly maxTokens?: number;
  /** Fields that the contract has no word for, to be kept as extensions. */
  readonly left: JsonObject;
}

/** The inverse of {@link encodeThinking}, as far as a body tells. */
export function decodeThinking(body: JsonObject): DecodedThinking {
  const thinking = asObject(body["thinking"]);
  const effort = asString(asObject(body["output_config"])?.["effort"]);
  const total = asNumber(body["max_tokens"]);
  const limit = total === undefined ? {} : { maxTokens: total };
  const keptEffort: JsonObject = effort === undefined ? {} : { output_config: { effort } };
  const known = effort !== undefined && EFFORTS.has(effort) ? { effort: effort as Effort } : {};
  const keptUnknown = effort === undefined || EFFORTS.has(effort) ? {} : keptEffort;
  const shown: Reasoning = thinking?.["display"] === "summarized" ? { summary: "auto" } : {};
  const { type: _type, budget_tokens: _budget, ...fields } = thinking ?? {};
  const rest = shown.summary === undefined ? fields : withoutDisplay(fields);
  const keptFields: JsonObject = Object.keys(rest).length === 0 ? {} : { thinking: rest };
  const budget = asNumber(thinking?.["budget_tokens"]);
  switch (thinking?.["type"]) {
    case "adaptive":
      return { reasoning: { ...known, ...shown }, ...limit, left: { ...keptUnknown, ...keptFields } };
    case "disabled":
      return { reasoning: { effort: "none" }, ...limit, left: { ...keptEffort, ...keptFields } };
    case "enabled":
      if (budget === undefined || budget < LEAST_BUDGET || total === undefined || total <= budget) break;
      return {
        reasoning: { budgetTokens: budget, ...known, ...shown },
        maxTokens: total - budget,
        left: { ...keptUnknown, ...keptFields },
      };
  }
  return { ...limit, left: { ...keptEffort, ...(thinking === undefined ? {} : { thinking }) } };
}

function withoutDisplay(fields: JsonObject): JsonObject {
  const { display: _display, ...rest } = fields;
  return rest;
}
