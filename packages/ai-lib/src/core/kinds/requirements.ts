import type { ModelFacts } from "../values/model.js";
import type { Requirements } from "./laws.js";

/** The requirements of a kind that accepts only text: none that a model could lack. */
export const TEXT_ONLY: Requirements = {
  input: new Set(["text"]),
  output: new Set(["text"]),
  tools: false,
  structuredOutput: false,
  reasoning: false,
};

/**
 * Why a model cannot take a request, as a phrase for the attempt log; undefined where it can, or where too little is
 * known. Reasoning does not count: a model without it still answers, with a warning.
 * @param inputTokens the estimated tokens of the prompt
 */
export function unmet(
  wanted: Requirements,
  facts: ModelFacts,
  inputTokens: () => number,
): string | undefined {
  for (const modality of wanted.input) {
    if (facts.input !== undefined && !facts.input.includes(modality)) return `takes no ${modality} input`;
  }
  for (const modality of wanted.output) {
    if (facts.output !== undefined && !facts.output.includes(modality)) return `gives no ${modality} output`;
  }
  if (wanted.tools && facts.tools === false) return "takes no tools";
  if (wanted.structuredOutput && facts.structuredOutput === false) return "has no structured output";
  if (facts.contextWindow !== undefined) {
    const tokens = inputTokens();
    if (tokens > facts.contextWindow)
      return `its context window of ${facts.contextWindow} tokens is too small for about ${tokens}`;
  }
  return undefined;
}
