import { AiLibError } from "../../core/errors/error.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import { partsOf, textOf } from "../../core/values/message.js";
import { type SimulatedAnswer, simulatedAnswer } from "../answer.js";
import { COLOUR, COUNT, NOTHING, RECALL, SECRET_WORD, SIGNATURE_RULE, UNKNOWN_MODEL } from "./prompts.js";

/** Characters of a conversation that the actor takes: about 25,000 tokens. */
const MOST_CHARACTERS = 100_000;

/**
 * A simulator's answers that do what the cases of the kit ask a model for: it remembers, follows instructions, sees
 * the picture, says nothing when asked to, and refuses what a real endpoint would refuse.
 *
 * @example
 * const simulator = await startSimulator({ answer: conformingAnswer });
 */
export function conformingAnswer(request: ChatRequest): SimulatedAnswer {
  if (request.model === UNKNOWN_MODEL)
    throw new AiLibError({
      code: "MODEL_NOT_FOUND",
      message: `The model ${UNKNOWN_MODEL} does not exist`,
    });
  const all = request.messages.map((message) => textOf(message.content));
  if (all.reduce((sum, text) => sum + text.length, 0) > MOST_CHARACTERS)
    throw new AiLibError({ code: "CONTEXT_TOO_LONG", message: "The prompt is too long" });
  const plain = simulatedAnswer(request);
  const last = request.messages.at(-1);
  const question = last === undefined ? "" : textOf(last.content);
  if (question === NOTHING) return { ...plain, content: [] };
  const said = answerTo(question, request, all);
  if (said === undefined) return plain;
  return {
    ...plain,
    content: [...plain.content.filter(({ type }) => type === "reasoning"), { type: "text", text: said }],
  };
}

function answerTo(question: string, request: ChatRequest, all: readonly string[]): string | undefined {
  if (question === COUNT) return Array.from({ length: 2_000 }, (_, i) => String(i + 1)).join(" ");
  if (question === RECALL)
    return all.slice(0, -1).some((text) => text.includes(SECRET_WORD)) ? SECRET_WORD : "I do not know.";
  if (question === COLOUR)
    return request.messages.some((message) => partsOf(message).some(({ type }) => type === "image"))
      ? "Red"
      : "I see no picture.";
  if (all.slice(0, -1).some((text) => text.includes(SIGNATURE_RULE))) return "Hello. ROGER";
  return undefined;
}
