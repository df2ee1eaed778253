import type { ChatRequest, RerankRequest } from "ai-lib";
import type { BoundFacts, CallBound } from "./call-bound.js";
import { chatBound } from "./chat-bound.js";
import { PICTURE_TOKENS } from "./media.js";
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
    case "moderate": {
      const read = bodyBytes + repeatedIn(facts.request) + picturesIn(facts.request) * PICTURE_TOKENS;
      return { input: Math.max(read, inputTokens * CHARACTERS_PER_TOKEN), output: 0, media: true, units };
    }
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

/** Bytes that are read more than once: the query of a ranking is read with each document. */
function repeatedIn(request: object): number {
  const { query, documents } = request as Partial<RerankRequest>;
  if (query === undefined || documents === undefined) return 0;
  return Buffer.byteLength(query) * Math.max(0, documents.length - 1);
}

/** Pictures at addresses; others count by their bytes. */
function picturesIn(request: object): number {
  const { inputs = [] } = request as { readonly inputs?: readonly unknown[] };
  let pictures = 0;
  for (const input of inputs)
    if (Array.isArray(input))
      for (const { type, data } of input as readonly { readonly type: string; readonly data?: string }[])
        if (type === "image" && data === undefined) pictures++;
  return pictures;
}
