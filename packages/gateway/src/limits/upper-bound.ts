import type { ChatRequest } from "ai-lib";
import type { BoundFacts, CallBound } from "./call-bound.js";
import { chatBound } from "./chat-bound.js";
import { vendorLengths } from "./vendor-lengths.js";

/** Characters that rules of thumb take for a token. */
const CHARACTERS_PER_TOKEN = 4;

/** How far a rule of thumb for sound and pictures may be off: sound of 16 kbit/s, pictures of the highest quality. */
const OTHER_FACTOR = 8;

/**
 * The most that one attempt uses: every byte of text is a token at most, and media have bounds of their own. What tools
 * that a vendor runs add to a prompt is not known before; it is counted with the usage.
 */
export function callBound(facts: BoundFacts): CallBound {
  const { kind, bodyBytes, estimate } = facts;
  const { inputTokens, outputTokens, units = {} } = estimate;
  switch (kind) {
    case "chat":
      return chatBound(facts, facts.request as ChatRequest);
    case "countTokens":
      return { input: 0, output: 0, media: false, units };
    case "embed":
    case "rerank":
    case "moderate":
      // The query of a ranking is read with each document.
      return {
        input: Math.max(bodyBytes, inputTokens * CHARACTERS_PER_TOKEN),
        output: 0,
        media: true,
        units,
      };
    default: {
      const { answers } = vendorLengths(extensionsOf(facts.request));
      const { seconds, images, characters = 0 } = units;
      return {
        input: inputTokens * OTHER_FACTOR,
        // Speech has about two tokens for each character: https://ai.google.dev/gemini-api/docs/tokens
        output: Math.max(outputTokens, characters) * OTHER_FACTOR * answers,
        media: true,
        units: {
          ...units,
          ...(seconds !== undefined && { seconds: seconds * OTHER_FACTOR }),
          ...(images !== undefined && { images: images * answers }),
        },
      };
    }
  }
}

function extensionsOf(request: object): object | undefined {
  return (request as { readonly extensions?: object }).extensions;
}
