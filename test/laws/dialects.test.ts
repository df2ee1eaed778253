import { readdirSync } from "node:fs";
import type { ClientHalf, ServerHalf } from "../../src/core/dialect.js";
import type { ContentPart } from "../../src/core/message.js";
import { describeLaws } from "./describe-laws.js";

/** Dialects whose rooms are still being built: held by the laws of their own room until they pass these. */
const YOUNG: ReadonlySet<string> = new Set(["bedrock-converse"]);

/** Every dialect that has both halves, found by its folder: a new one is held to the laws without being listed. */
const folder = new URL("../../src/dialects/", import.meta.url);
const ids = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((id) => {
    const files = readdirSync(new URL(id, folder));
    return !YOUNG.has(id) && files.includes("client.ts") && files.includes("server.ts");
  });

/**
 * What a dialect still loses without a word: the encoder should say it, or the decoder should read it. Nothing may be
 * added here for a new dialect.
 */
const SILENT: Readonly<Record<string, readonly string[]>> = {
  "anthropic-messages": [
    ".extensions",
    ".cache",
    ".argumentsText",
    ".arguments",
    ".origin",
    ".logprobs",
    "reasoning.summary",
    "reasoning.budgetTokens",
    "responseFormat.strict",
    ".detail",
  ],
  "cohere-chat": [
    ".extensions",
    ".arguments",
    ".logprobs",
    "reasoning.text",
    "function.strict",
    "reasoning.budgetTokens",
    ".cites",
  ],
  gemini: [
    ".extensions",
    ".arguments",
    ".url",
    ".detail",
    ".redacted",
    "function.strict",
    "reasoning.summary",
    "responseFormat.strict",
  ],
  "mistral-chat": [".extensions", ".arguments", ".logprobs", "reasoning.text", ".transcript"],
  "ollama-chat": [
    ".extensions",
    ".arguments",
    ".redacted",
    "function.strict",
    "reasoning.summary",
    "responseFormat.strict",
  ],
  "openai-chat": [".extensions", ".arguments", ".logprobs", ".cache", ".transcript"],
  "openai-responses": [".extensions", ".arguments", ".cache", ".origin"],
};

/** A source that does not follow a text is lost in a stream of OpenAI's responses, where it is kept in a whole reply. */
const TAME: Readonly<Record<string, (content: readonly ContentPart[]) => readonly ContentPart[]>> = {
  "openai-responses": (content) =>
    content.filter((part, i) => part.type !== "source" || content[i - 1]?.type === "text"),
};

for (const id of ids) {
  const { client } = (await import(`../../src/dialects/${id}/client.ts`)) as { client: ClientHalf };
  const { server } = (await import(`../../src/dialects/${id}/server.ts`)) as { server: ServerHalf };
  const { cannot } = (await import(`../../src/dialects/${id}/cannot.ts`)) as {
    cannot: Readonly<Record<string, string>>;
  };
  describeLaws(id, client, server, cannot, SILENT[id] ?? [], TAME[id]);
}
