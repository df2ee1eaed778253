import type { ChatRequest } from "../../values/chat-request.js";
import { jsonLength } from "../../values/json.js";
import type { ContentPart } from "../../values/message.js";
import { tokensOf } from "../../values/usage.js";
import type { TokenEstimate } from "../laws.js";

/** Tokens assumed for a picture, a sound or a document: about what vendors charge for a medium one. */
const TOKENS_PER_MEDIUM = 1_000;

/** Answer tokens assumed for an estimate where the request sets no limit. */
const ASSUMED_OUTPUT_TOKENS = 500;

/** Tokens that a chat will use, by rule of thumb: four characters a token, a flat sum for media. */
export function estimateChat(request: ChatRequest): TokenEstimate {
  let characters = 0;
  let media = 0;
  for (const message of request.messages) {
    characters += 16;
    if (typeof message.content === "string") characters += message.content.length;
    else {
      for (const part of message.content) {
        const size = sizeOf(part);
        if (size === undefined) media++;
        else characters += size;
      }
    }
  }
  for (const tool of request.tools ?? []) characters += jsonLength(tool);
  return {
    inputTokens: tokensOf(characters) + media * TOKENS_PER_MEDIUM,
    outputTokens: request.maxTokens ?? ASSUMED_OUTPUT_TOKENS,
  };
}

function sizeOf(part: ContentPart): number | undefined {
  switch (part.type) {
    case "text":
    case "reasoning":
    case "refusal":
      return part.text.length;
    case "compaction":
      return (part.text ?? "").length;
    case "tool-call":
      return part.input?.length ?? part.argumentsText?.length ?? jsonLength(part.arguments ?? {});
    case "tool-result":
      return typeof part.content === "string"
        ? part.content.length
        : part.content.reduce((sum, piece) => sum + (sizeOf(piece) ?? TOKENS_PER_MEDIUM), 0);
    case "source":
      return (part.quote ?? "").length;
    case "image":
    case "audio":
    case "file":
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}
