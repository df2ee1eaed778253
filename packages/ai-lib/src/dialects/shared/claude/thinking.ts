import type { ChatRequest, Reasoning } from "../../../core/values/chat-request.js";
import {
  asNumber,
  asObject,
  asString,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import { forcesCall } from "../../../core/values/tool.js";
import { defined } from "../common/body-fields.js";
import {
  asEffort,
  closestEffort,
  type EffortWord,
  effortOfBudget,
  turnsThinkingOff,
} from "../common/efforts.js";
import type { EncodeWarnings } from "../common/encode-warnings.js";
import type { ClaudeFacts } from "./model.js";

/** The smallest budget that the API accepts. */
const MIN_BUDGET = 1_024;

/** The budget, in tokens, for an effort on models that accept no effort. */
const BUDGETS: Readonly<Record<Exclude<EffortWord, "none">, number>> = {
  minimal: 1_024,
  low: 2_048,
  medium: 8_192,
  high: 16_384,
  xhigh: 20_480,
  max: 24_576,
};

/** A request's settings of thinking, in the form of Claude's APIs. */
export interface ClaudeThinking {
  /** The `thinking` field. */
  readonly thinking?: MutableJson;
  /** The `output_config.effort` field. */
  readonly effort?: EffortWord | undefined;
  /** Tokens of thinking. They count within `max_tokens`, so they are added to what the answer may have. */
  readonly budget: number;
  /** The model will think, which restricts sampling. */
  readonly on: boolean;
}

const OFF: ClaudeThinking = { budget: 0, on: false };

/**
 * Reasoning in the form that the model accepts: adaptive with an effort from Claude 4.6 on, a budget before.
 * https://platform.claude.com/docs/en/build-with-claude/thinking#configuring-thinking
 * @param unthought the conversation ends in results of calls that the model made without thinking, or that another
 *   model made. Unless thinking is adaptive, the API then answers 400: "When thinking is enabled, a final assistant
 *   message must start with a thinking block".
 */
export function encodeThinking(
  request: ChatRequest,
  facts: ClaudeFacts,
  warnings: EncodeWarnings,
  unthought: boolean,
): ClaudeThinking {
  const { reasoning } = request;
  if (reasoning === undefined) return OFF;
  if (facts.thinking === "none") {
    if (reasoning.effort !== "none") warnings.unsupported("reasoning", "this model cannot think");
    return OFF;
  }
  if (turnsThinkingOff(reasoning)) {
    for (const field of ["budgetTokens", "summary", "when"] as const)
      if (reasoning[field] !== undefined)
        warnings.unsupported(`reasoning.${field}`, { reason: 'the effort "none" turns thinking off' });
    return { ...OFF, thinking: { type: "disabled" } };
  }
  if (forcesCall(request.toolChoice)) {
    warnings.unsupported("reasoning", "a forced tool call excludes thinking");
    return OFF;
  }
  if (reasoning.when === "between-tools") {
    for (const field of ["budgetTokens", "summary"] as const)
      if (reasoning[field] !== undefined)
        warnings.unsupported(`reasoning.${field}`, {
          reason: "thinking between calls of tools has no such setting",
        });
    return {
      thinking: { type: "between_tools" },
      effort: encodeEffort({ effort: reasoning.effort }, facts, warnings),
      budget: 0,
      on: true,
    };
  }
  const display = encodeDisplay(reasoning, warnings);
  if (facts.thinking === "adaptive" || (facts.thinking === "both" && reasoning.budgetTokens === undefined))
    return {
      thinking: { type: "adaptive", display },
      effort: encodeEffort(reasoning, facts, warnings),
      budget: 0,
      on: true,
    };
  if (unthought) {
    warnings.unsupported("reasoning", "the calls of this turn were made without thinking");
    return OFF;
  }
  const budget = encodeBudget(reasoning, facts, warnings);
  return {
    thinking: { type: "enabled", budget_tokens: budget, display },
    effort: facts.thinking === "both" ? encodeEffort(reasoning, facts, warnings) : undefined,
    budget,
    on: true,
  };
}

function encodeDisplay({ summary }: Reasoning, warnings: EncodeWarnings): string | undefined {
  if (summary === undefined) return undefined;
  if (summary === "none") return "omitted";
  if (summary !== "auto") warnings.changed("reasoning.summary", `"${summary}" became "auto"`);
  return "summarized";
}

function encodeEffort(
  { effort, budgetTokens }: Reasoning,
  facts: ClaudeFacts,
  warnings: EncodeWarnings,
): EffortWord | undefined {
  if (budgetTokens !== undefined && facts.thinking === "adaptive") {
    const nearest = effort ?? closestEffort(effortOfBudget(budgetTokens), ACCEPTED);
    warnings.changed("reasoning.budgetTokens", `it became the effort "${nearest}"`);
    if (effort === undefined) return nearest;
  }
  if (effort === undefined) return undefined;
  const sent = closestEffort(effort, facts.efforts);
  if (sent !== effort) warnings.changed("reasoning.effort", `"${effort}" became "${sent}"`);
  return sent;
}

function encodeBudget(
  { effort, budgetTokens }: Reasoning,
  facts: ClaudeFacts,
  warnings: EncodeWarnings,
): number {
  if (budgetTokens !== undefined) {
    if (effort !== undefined && facts.thinking === "budget")
      warnings.changed("reasoning.effort", "only the budget is sent");
    if (budgetTokens >= MIN_BUDGET) return budgetTokens;
    warnings.changed("reasoning.budgetTokens", `${budgetTokens} became ${MIN_BUDGET}`);
    return MIN_BUDGET;
  }
  if (effort === undefined || effort === "none") return BUDGETS.medium;
  warnings.changed("reasoning.effort", `"${effort}" became a budget of ${BUDGETS[effort]} tokens`);
  return BUDGETS[effort];
}

/** The most tokens that {@link encodeThinking} adds for a request to the limit of its answer. */
export function addedThinking({ reasoning }: ChatRequest, { thinking }: ClaudeFacts): number {
  if (reasoning === undefined || turnsThinkingOff(reasoning)) return 0;
  const { effort, budgetTokens } = reasoning;
  if (budgetTokens !== undefined) return Math.max(MIN_BUDGET, budgetTokens);
  if (thinking !== "budget") return 0;
  return effort === undefined || effort === "none" ? BUDGETS.medium : BUDGETS[effort];
}

/** The efforts that a budget of tokens may become. */
const ACCEPTED: readonly EffortWord[] = ["low", "medium", "high"];

/** What `thinking`, `output_config.effort` and the limit of a body mean. */
export interface DecodedThinking {
  readonly reasoning?: Reasoning;
  readonly maxTokens?: number | undefined;
  /** Fields that the contract has no name for; they become extensions. */
  readonly left: JsonObject;
}

/**
 * The inverse of {@link encodeThinking}.
 * @param total the body's limit of generated tokens, thinking included.
 */
export function decodeThinking(body: JsonObject, total: number | undefined): DecodedThinking {
  const thinking = asObject(body["thinking"]);
  const effort = asString(asObject(body["output_config"])?.["effort"]);
  const word = asEffort(effort);
  // Only Claude's own words: the field `thinking` turns thinking off.
  const known = word === "none" || word === "minimal" ? undefined : word;
  const leftEffort = effort === undefined ? undefined : { effort };
  const unknownEffort = known === undefined ? leftEffort : undefined;
  const { type, budget_tokens: tokens, display, ...fields } = thinking ?? {};
  const summary = display === "summarized" ? "auto" : display === "omitted" ? "none" : undefined;
  const rest = display === undefined || summary !== undefined ? fields : { ...fields, display };
  const leftFields = Object.keys(rest).length === 0 ? undefined : rest;
  const maxTokens = total;
  const budget = asNumber(tokens);
  switch (type) {
    case "adaptive":
      return {
        reasoning: defined({ effort: known, summary } as const),
        ...defined({ maxTokens }),
        left: defined({ output_config: unknownEffort, thinking: leftFields }),
      };
    case "between_tools":
      return {
        reasoning: defined({ effort: known, when: "between-tools" } as const),
        ...defined({ maxTokens }),
        left: defined({
          output_config: unknownEffort,
          thinking: display === undefined ? leftFields : { ...fields, display },
        }),
      };
    case "disabled":
      return {
        reasoning: { effort: "none" },
        ...defined({ maxTokens }),
        left: defined({ output_config: leftEffort, thinking: leftFields }),
      };
    case "enabled":
      // The API demands a budget, which some clients leave to the server.
      if (tokens === undefined)
        return {
          reasoning: defined({ effort: known, summary } as const),
          ...defined({ maxTokens }),
          left: defined({ output_config: unknownEffort, thinking: leftFields }),
        };
      // With interleaved thinking the budget may exceed the limit, which the contract cannot express.
      if (budget === undefined || budget < MIN_BUDGET || (total ?? Number.POSITIVE_INFINITY) <= budget) break;
      return {
        reasoning: { budgetTokens: budget, ...defined({ effort: known, summary } as const) },
        ...defined({ maxTokens: total === undefined ? undefined : total - budget }),
        left: defined({ output_config: unknownEffort, thinking: leftFields }),
      };
  }
  return { ...defined({ maxTokens }), left: defined({ output_config: leftEffort, thinking }) };
}
