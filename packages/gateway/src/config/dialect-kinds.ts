import type { DialectId, Kind } from "ai-lib";

/** The kinds of call, besides chat and the counting of its tokens, that endpoints of each dialect may answer. */
export const DIALECT_KINDS: Readonly<Record<DialectId, readonly Kind[]>> = {
  "openai-chat": ["embed", "moderate", "transcribe", "speak", "image", "decide"],
  "openai-responses": ["embed", "moderate", "transcribe", "speak", "image", "decide"],
  "anthropic-messages": [],
  gemini: ["embed", "transcribe", "speak", "image"],
  "mistral-chat": ["embed", "moderate", "transcribe", "speak", "ocr"],
  "cohere-chat": ["embed", "rerank"],
  "bedrock-converse": ["embed", "rerank"],
  "ollama-chat": ["embed"],
};

/** A kind of a list that a dialect does not have. */
export function missingKind(dialect: DialectId, kinds: readonly Kind[]): Kind | undefined {
  return kinds.find(
    (kind) => kind !== "chat" && kind !== "countTokens" && !DIALECT_KINDS[dialect].includes(kind),
  );
}
