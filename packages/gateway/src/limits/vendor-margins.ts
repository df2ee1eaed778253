import type { DialectId } from "ai-lib";
import { type Answerer, type Endpoint, endpointsOf } from "./endpoints.js";

/** Tokens that a vendor counts beyond what a request shows. */
export interface Margins {
  /** Of the prompt: instructions that the vendor adds. */
  readonly input: number;
  /** Of the answer: those that it generates beyond the limit. */
  readonly output: number;
}

const NONE: Margins = { input: 0, output: 0 };
const JSON_PROMPT: Margins = { input: 256, output: 0 };

/** A prompt of a vendor's own. The longest one in the recordings of this repository has 1,575 tokens. */
const PROMPT = 2_048;

const OWN_PROMPT: Margins = { input: PROMPT, output: 0 };

/**
 * By vendor. Cohere counts its own prompt in `usage.tokens` (https://docs.cohere.com/reference/chat), Venice has one
 * (https://docs.venice.ai/api-reference/api-spec), and so do Grok and endpoints behind OpenRouter, which also raises
 * small limits to the 16 tokens that OpenAI demands. Models of OpenAI that think stop up to 64 tokens late, and Ollama
 * adds instructions for JSON.
 */
const VENDORS: Readonly<Record<string, Margins>> = {
  azure: { input: 0, output: 64 },
  cohere: OWN_PROMPT,
  ollama: JSON_PROMPT,
  openai: { input: 0, output: 64 },
  openrouter: { input: PROMPT, output: 64 },
  venice: OWN_PROMPT,
  "x-ai": OWN_PROMPT,
};

/** Of endpoints of a dialect that one vendor has. */
const DIALECTS: Partial<Readonly<Record<DialectId, Margins>>> = {
  "cohere-chat": OWN_PROMPT,
  "ollama-chat": JSON_PROMPT,
};

/** The largest margins of the endpoints that may answer. */
export function marginsOf(choice: Answerer | undefined): Margins {
  let [input, output] = [0, 0];
  for (const endpoint of choice === undefined ? [] : endpointsOf(choice.provider)) {
    const margins = marginsAt(endpoint);
    input = Math.max(input, margins.input);
    output = Math.max(output, margins.output);
  }
  return { input, output };
}

function marginsAt({ vendor, dialect }: Endpoint): Margins {
  const found = Object.hasOwn(VENDORS, vendor) ? VENDORS[vendor] : undefined;
  return found ?? DIALECTS[dialect] ?? NONE;
}
