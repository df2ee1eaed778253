import { readdirSync } from "node:fs";
import type { ClientHalf, ServerHalf } from "../../src/core/dialect.js";
import type { ContentPart } from "../../src/core/message.js";
import { describeLaws, type Honoured } from "./describe-laws.js";

/** Every dialect that has both halves, found by its folder: a new one is held to the laws without being listed. */
const folder = new URL("../../src/dialects/", import.meta.url);
const ids = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((id) => {
    const files = readdirSync(new URL(id, folder));
    return files.includes("client.ts") && files.includes("server.ts");
  });

/**
 * What needs no field, since every request means it: a schema that is always followed is followed strictly, a tool
 * is not held to its schema where none is, and thinking that is always shown is shown if its summary is asked for.
 */
const HONOURED: Readonly<Record<string, Honoured>> = {
  "anthropic-messages": { "responseFormat.strict": ["true"] },
  "bedrock-converse": { "responseFormat.strict": ["true"] },
  "cohere-chat": { "responseFormat.strict": ["true"] },
  gemini: {
    "responseFormat.strict": ["true"],
    "tools.function.strict": ["false"],
    "reasoning.summary": ['"auto"'],
  },
  "ollama-chat": {
    "responseFormat.strict": ["true"],
    "tools.function.strict": ["false"],
    "reasoning.summary": ['"auto"'],
  },
};

/**
 * A source that does not follow a text is lost in a stream of OpenAI's responses, and sound in a stream of
 * Bedrock's, where they are kept in a whole reply.
 */
const TAME: Readonly<Record<string, (content: readonly ContentPart[]) => readonly ContentPart[]>> = {
  "openai-responses": (content) =>
    content.filter((part, i) => part.type !== "source" || content[i - 1]?.type === "text"),
  // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlockDelta.html: no delta for sound.
  "bedrock-converse": (content) => content.filter((part) => part.type !== "audio"),
};

for (const id of ids) {
  const { client } = (await import(`../../src/dialects/${id}/client.ts`)) as { client: ClientHalf };
  const { server } = (await import(`../../src/dialects/${id}/server.ts`)) as { server: ServerHalf };
  const { cannot } = (await import(`../../src/dialects/${id}/cannot.ts`)) as {
    cannot: Readonly<Record<string, string>>;
  };
  describeLaws(id, client, server, cannot, HONOURED[id] ?? {}, TAME[id]);
}
