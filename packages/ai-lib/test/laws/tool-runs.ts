import fc from "fast-check";
import { expect } from "vitest";
import { prepareSchema } from "../../src/client/schema.js";
import { client as anthropicMessages } from "../../src/dialects/anthropic-messages/client/index.js";
import { client as bedrockConverse } from "../../src/dialects/bedrock-converse/client/index.js";
import { client as cohereChat } from "../../src/dialects/cohere-chat/client/index.js";
import { client as gemini } from "../../src/dialects/gemini/client/index.js";
import { client as mistralChat } from "../../src/dialects/mistral-chat/client/index.js";
import { client as ollamaChat } from "../../src/dialects/ollama-chat/client/index.js";
import { client as openaiChat } from "../../src/dialects/openai-chat/client/index.js";
import { client as openaiResponses } from "../../src/dialects/openai-responses/client/index.js";
import { playRun, scenario } from "../support/tool-run-law.js";

const halves = [
  ...[anthropicMessages, bedrockConverse, cohereChat, gemini],
  ...[mistralChat, ollamaChat, openaiChat, openaiResponses],
];

/** Plays random runs of tools: each ends once, with a history that every vendor takes, and goes on from its state. */
export async function holdToolRuns(numRuns: number): Promise<void> {
  let unhandled: unknown;
  const note = (error: unknown) => {
    unhandled = error;
  };
  // Loads the validator, which takes turns of the machine and not of a clock.
  await prepareSchema({ type: "object" });
  process.on("unhandledRejection", note);
  await fc.assert(
    fc.asyncProperty(scenario, (given) => playRun(given, halves)),
    { numRuns },
  );
  process.off("unhandledRejection", note);
  expect(unhandled).toBeUndefined();
}
