import { readdirSync } from "node:fs";
import type { ClientHalf, ServerHalf } from "../../src/core/contract/dialect.js";
import type { ContentPart } from "../../src/core/values/message.js";
import { describeLaws, type Honoured } from "./describe-laws.js";
import { describeStreams } from "./describe-streams.js";

/** Every dialect that has both halves, found by its folder: a new one is held to the laws without being listed. */
const folder = new URL("../../src/dialects/", import.meta.url);
const ids = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .filter((id) => {
    const sides = readdirSync(new URL(id, folder));
    return sides.includes("client") && sides.includes("server");
  });

/**
 * What needs no field, since every request means it: a schema that is always followed is followed strictly, a tool
 * is not held to its schema where none is, and thinking that is always shown is shown if its summary is asked for.
 */
const HONOURED: Readonly<Record<string, Honoured>> = {
  "anthropic-messages": { "responseFormat.strict": is(true) },
  "bedrock-converse": { "responseFormat.strict": is(true) },
  "cohere-chat": { "responseFormat.strict": is(true) },
  gemini: {
    "responseFormat.strict": is(true),
    // A forced call is held to its schema: https://ai.google.dev/gemini-api/docs/function-calling#function_calling_modes
    "tools.function.strict": (value, { toolChoice }) =>
      value === false || toolChoice === "required" || typeof toolChoice === "object",
    "reasoning.summary": is("auto"),
  },
  "ollama-chat": {
    "responseFormat.strict": is(true),
    "tools.function.strict": is(false),
    "reasoning.summary": is("auto"),
  },
};

function is(honoured: unknown): (value: unknown) => boolean {
  return (value) => value === honoured;
}

/** Sound is kept in a whole reply of Bedrock's, and lost in a stream. */
const TAME: Readonly<Record<string, (content: readonly ContentPart[]) => readonly ContentPart[]>> = {
  // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlockDelta.html: no delta for sound.
  "bedrock-converse": (content) => content.filter((part) => part.type !== "audio"),
};

for (const id of ids) {
  const { client } = (await import(`../../src/dialects/${id}/client/index.ts`)) as { client: ClientHalf };
  const { server } = (await import(`../../src/dialects/${id}/server/index.ts`)) as { server: ServerHalf };
  const { cannot } = (await import(`../../src/dialects/${id}/shared/cannot.ts`)) as {
    cannot: Readonly<Record<string, string>>;
  };
  describeLaws(id, client, server, cannot, HONOURED[id] ?? {}, TAME[id]);
  describeStreams(id, client, server, cannot);
}
