import type { EncodeWarnings } from "../../../core/contract/dialect.js";
import type { ChatRequest, Reasoning } from "../../../core/values/chat-request.js";
import { type MutableJson, mergeDeep } from "../../../core/values/json.js";
import type { EffortWord, OpenAiChatQuirks } from "../shared/quirks.js";

/** From the least effort to the most. */
const SCALE: readonly EffortWord[] = ["none", "minimal", "low", "medium", "high", "xhigh", "max"];

const DEFAULT_EFFORTS: readonly EffortWord[] = ["none", "minimal", "low", "medium", "high"];

/** Writes how much to think, in the endpoint's way. */
export function encodeReasoning(
  body: MutableJson,
  request: ChatRequest,
  quirks: OpenAiChatQuirks,
  losses: EncodeWarnings,
): void {
  const { reasoning } = request;
  if (reasoning === undefined) return;
  const style = quirks.reasoningRequest ?? "reasoning_effort";
  if (reasoning.summary !== undefined && style !== "none")
    losses.unsupported(
      "reasoning.summary",
      "chat completions bring readable reasoning by themselves or not at all",
    );
  switch (style) {
    case "reasoning_effort":
      encodeEffort(body, reasoning, quirks, losses);
      break;
    case "reasoning":
      encodeObject(body, reasoning, quirks, losses);
      break;
    case "thinking":
      encodeThinking(body, reasoning, quirks, losses);
      break;
    case "enable_thinking":
      encodeSwitch(body, reasoning, losses, true);
      break;
    case "chat_template_kwargs": {
      const kwargs: MutableJson = {};
      encodeSwitch(kwargs, reasoning, losses, false);
      if (Object.keys(kwargs).length > 0)
        body["chat_template_kwargs"] = mergeDeep({ ...(body["chat_template_kwargs"] as object) }, kwargs);
      break;
    }
    case "none":
      losses.unsupported("reasoning", "this endpoint takes no wishes about thinking");
      break;
    default: {
      const never: never = style;
      throw new TypeError(`Unknown reasoning style ${String(never)}`);
    }
  }
}

function encodeEffort(
  body: MutableJson,
  reasoning: Reasoning,
  quirks: OpenAiChatQuirks,
  losses: EncodeWarnings,
): void {
  if (reasoning.budgetTokens !== undefined)
    losses.unsupported("reasoning.budgetTokens", "this endpoint knows effort in words only");
  if (reasoning.effort !== undefined) body["reasoning_effort"] = effortWord(reasoning.effort, quirks, losses);
}

/** https://openrouter.ai/docs/guides/best-practices/reasoning-tokens : effort or max_tokens, not both. */
function encodeObject(
  body: MutableJson,
  reasoning: Reasoning,
  quirks: OpenAiChatQuirks,
  losses: EncodeWarnings,
): void {
  if (reasoning.budgetTokens !== undefined) {
    if (reasoning.effort !== undefined && reasoning.effort !== "none")
      losses.unsupported("reasoning.effort", "the budget says it already, and only one of both may be sent");
    body["reasoning"] =
      reasoning.effort === "none" ? { effort: "none" } : { max_tokens: reasoning.budgetTokens };
  } else if (reasoning.effort !== undefined)
    body["reasoning"] = { effort: effortWord(reasoning.effort, quirks, losses) };
}

function encodeThinking(
  body: MutableJson,
  reasoning: Reasoning,
  quirks: OpenAiChatQuirks,
  losses: EncodeWarnings,
): void {
  const off = reasoning.effort === "none";
  const thinking: MutableJson = { type: off ? "disabled" : "enabled" };
  if (reasoning.budgetTokens !== undefined && !off) {
    if (quirks.thinkingBudget === true) thinking["budget_tokens"] = reasoning.budgetTokens;
    else losses.unsupported("reasoning.budgetTokens", "this endpoint takes no budget of thinking");
  }
  body["thinking"] = thinking;
  if (reasoning.effort === undefined || off) return;
  if (quirks.thinkingEffort === true) body["reasoning_effort"] = effortWord(reasoning.effort, quirks, losses);
  else if (reasoning.effort !== "medium")
    losses.changed("reasoning.effort", "thinking can only be switched on or off here; it was switched on");
}

function encodeSwitch(
  body: MutableJson,
  reasoning: Reasoning,
  losses: EncodeWarnings,
  budget: boolean,
): void {
  const off = reasoning.effort === "none";
  body["enable_thinking"] = !off;
  if (reasoning.budgetTokens !== undefined && !off) {
    if (budget) body["thinking_budget"] = reasoning.budgetTokens;
    else losses.unsupported("reasoning.budgetTokens", "this endpoint takes no budget of thinking");
  }
  if (reasoning.effort !== undefined && !off && reasoning.effort !== "medium")
    losses.changed("reasoning.effort", "thinking can only be switched on or off here; it was switched on");
}

/** The nearest word of effort that the endpoint knows; the greater where two are as near, as DeepSeek maps `medium`. */
function effortWord(
  effort: NonNullable<Reasoning["effort"]>,
  quirks: OpenAiChatQuirks,
  losses: EncodeWarnings,
): EffortWord {
  const known = quirks.reasoningEfforts ?? DEFAULT_EFFORTS;
  if (known.includes(effort)) return effort;
  const wanted = SCALE.indexOf(effort);
  let best: EffortWord = "medium";
  let distance = Number.POSITIVE_INFINITY;
  for (const word of SCALE) {
    const away = Math.abs(SCALE.indexOf(word) - wanted);
    // Switched off is no degree of effort: nothing else becomes it.
    if (!known.includes(word) || (word === "none" && known.length > 1) || away > distance) continue;
    best = word;
    distance = away;
  }
  losses.changed("reasoning.effort", `"${effort}" is no word of this endpoint; "${best}" is the nearest`);
  return best;
}
