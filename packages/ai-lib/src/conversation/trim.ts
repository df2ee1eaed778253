import { AiLibError } from "../core/errors/error.js";
import { wholeAtLeast } from "../core/errors/options.js";
import { estimateChat } from "../core/kinds/chat/estimate.js";
import type { Message } from "../core/values/message.js";
import type { Conversation } from "./conversation.js";
import { shorterHistories } from "./turns.js";

/** How {@link trim} counts. */
export interface TrimOptions {
  /** The tokens that the messages may have. */
  readonly maxTokens: number;
  /**
   * Counts the tokens of some messages, such as `async (messages) => (await client.countTokens({ messages
   * })).inputTokens`. It is called about ten times for a thousand messages. Default: an estimate of four characters a
   * token.
   */
  readonly count?: ((messages: readonly Message[]) => number | Promise<number>) | undefined;
}

/**
 * The conversation without its oldest turns, so that it has at most some tokens. System messages, the last message of
 * the user and the summary stay, and no call is separated from its result.
 * @throws {AiLibError} `CONTEXT_TOO_LONG` if the messages that must stay are longer.
 *
 * @example
 * const conversation = readConversation([{ role: "user", content: "Hello" }]);
 * const shorter = await trim(conversation, { maxTokens: 100_000 });
 */
export async function trim(conversation: Conversation, options: TrimOptions): Promise<Conversation> {
  const { count = estimate } = options;
  const maxTokens = wholeAtLeast("maxTokens", options.maxTokens, 1);
  const { summaryAt, messages, ...rest } = conversation;
  if ((await count(messages)) <= maxTokens) return conversation;
  const steps = shorterHistories(messages);
  // The first step that is short enough: each later one is shorter.
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((await count(steps[middle] ?? [])) <= maxTokens) high = middle;
    else low = middle + 1;
  }
  const kept = steps[low];
  if (kept === undefined)
    throw new AiLibError({
      code: "CONTEXT_TOO_LONG",
      message: `The instructions and the last message of the user have more than ${maxTokens} tokens`,
      local: true,
    });
  const summary = summaryAt === undefined ? undefined : messages[summaryAt];
  const at = summary === undefined ? -1 : kept.indexOf(summary);
  return { ...rest, messages: kept, ...(at < 0 ? {} : { summaryAt: at }) };
}

function estimate(messages: readonly Message[]): number {
  return estimateChat({ messages }).inputTokens;
}
