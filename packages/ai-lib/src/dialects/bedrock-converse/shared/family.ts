import type { DialectTarget } from "../../../core/contract/dialect.js";
import { quirksOf } from "./quirks.js";

/** The vendor's models that a request must be encoded differently for. */
export type ModelKind = "claude" | "nova" | "nova-2" | "gpt-oss" | "qwen3" | "other";

/** Ids are `[region.]vendor.model-version`; ARNs of inference profiles end in one. No other place reads them. */
const KINDS: readonly (readonly [RegExp, ModelKind])[] = [
  [/anthropic\.|claude/i, "claude"],
  [/nova-2/i, "nova-2"],
  [/amazon\.nova/i, "nova"],
  [/gpt-oss/i, "gpt-oss"],
  [/qwen/i, "qwen3"],
];

/** The kind of a model id. */
export function kindOf(model: string): ModelKind {
  return KINDS.find(([id]) => id.test(model))?.[1] ?? "other";
}

/** The model that a target's id represents. */
export function baseModelOf(target: DialectTarget): string {
  return quirksOf(target.quirks).baseModel ?? target.model;
}

/** The family of state that only Bedrock reads: citations, tools that it runs, reasoning of most models. */
export const BEDROCK_FAMILY = "bedrock";

/**
 * The family of a model's signed reasoning. Claude's is valid wherever Claude is served
 * (https://platform.claude.com/docs/en/build-with-claude/extended-thinking), that of other models only here.
 */
export function reasoningFamilyOf(model: string): string {
  return kindOf(model) === "claude" ? "anthropic" : BEDROCK_FAMILY;
}
