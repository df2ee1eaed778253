import { expect, it } from "vitest";
import { client as anthropicMessages } from "../../../ai-lib/src/dialects/anthropic-messages/client/index.js";
import { client as bedrockConverse } from "../../../ai-lib/src/dialects/bedrock-converse/client/index.js";
import { client as cohereChat } from "../../../ai-lib/src/dialects/cohere-chat/client/index.js";
import { client as gemini } from "../../../ai-lib/src/dialects/gemini/client/index.js";
import { client as mistralChat } from "../../../ai-lib/src/dialects/mistral-chat/client/index.js";
import { client as ollamaChat } from "../../../ai-lib/src/dialects/ollama-chat/client/index.js";
import { client as openaiChat } from "../../../ai-lib/src/dialects/openai-chat/client/index.js";
import { client as openaiResponses } from "../../../ai-lib/src/dialects/openai-responses/client/index.js";
import { DIALECT_KINDS } from "./dialect-kinds.js";
import { Kinds } from "./kind-schema.js";

const HALVES = [
  openaiChat,
  openaiResponses,
  anthropicMessages,
  gemini,
  mistralChat,
  cohereChat,
  bedrockConverse,
  ollamaChat,
];

it.each(HALVES.map((half) => [half.id, half] as const))(
  "the kinds of %s are those of its client half",
  (id, { kinds }) => {
    // Tokens of chats can be counted everywhere: they are estimated where a vendor does not count them.
    const known = Object.keys(kinds ?? {}).filter((kind) => kind !== "countTokens");
    expect([...DIALECT_KINDS[id]].sort()).toEqual(known.sort());
  },
);

it("a file may name every kind that a dialect has", () => {
  for (const kinds of Object.values(DIALECT_KINDS))
    expect(Kinds.safeParse(["chat", "countTokens", ...kinds]).success).toBe(true);
  expect(Kinds.safeParse(["chta"]).success).toBe(false);
});
