import type { DialectId, Kind } from "ai-lib";
import { expect, it } from "vitest";
import { ProviderDialects } from "./provider-dialects.js";

const dialects = new ProviderDialects(
  new Map<string, DialectId>([
    ["local", "ollama-chat"],
    ["groq", "anthropic-messages"],
  ]),
);

it.each<readonly [string, Kind, string | undefined]>([
  ["anthropic", "chat", "anthropic-messages"],
  ["openai", "chat", "openai-chat"],
  ["openai-responses", "chat", "openai-responses"],
  ["cohere", "rerank", "cohere-chat"],
  ["deepgram", "speak", "deepgram-speak"],
  ["local", "chat", "ollama-chat"],
  ["groq", "chat", "anthropic-messages"],
  ["mine", "chat", undefined],
  ["__proto__", "chat", undefined],
])("the dialect of %s for %s is %s", (provider, kind, dialect) => {
  expect(dialects.of(provider, kind)).toBe(dialect);
});
