import type { CallOptions } from "../core/contract/call.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { AiLibError } from "../core/errors/error.js";
import { wholeAtLeast } from "../core/errors/options.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import { jsonLength } from "../core/values/json.js";
import { type ContentPart, type Message, partsOf } from "../core/values/message.js";
import type { Conversation } from "./conversation.js";

/** How {@link summarize} works. */
export interface SummarizeOptions {
  /** The number of latest turns of the user that do not change. Default 2. */
  readonly keepTurns?: number | undefined;
  /** The instructions for the provider. Default: to summarize for the model that continues. */
  readonly instructions?: string | undefined;
  /** Model of the summary. Default: the provider's. */
  readonly model?: string | undefined;
  /** Most tokens of the summary. Default: the provider's. */
  readonly maxTokens?: number | undefined;
  /** Options of the call. */
  readonly call?: CallOptions | undefined;
}

/** A conversation that became shorter. */
export interface Summarized {
  readonly conversation: Conversation;
  /** The answer with the summary, its usage and its cost; undefined if there was nothing to summarize. */
  readonly response: ChatResponse | undefined;
}

const INSTRUCTIONS =
  "Summarize the conversation for the assistant that continues it. Keep names, numbers, decisions, open questions, and what the tools found. Answer with the summary alone.";
const TITLE = "Summary of the conversation so far:";

/**
 * Replaces the older turns of a conversation with a summary that a provider writes. An earlier summary becomes part of the
 * new one. System messages stay.
 * @throws {AiLibError} as the call does; `INVALID_RESPONSE` for an empty summary.
 *
 * @example
 * const conversation = readConversation([{ role: "user", content: "Hello" }]);
 * const { conversation: shorter } = await summarize(conversation, provider("groq/openai/gpt-oss-20b"));
 */
export async function summarize(
  conversation: Conversation,
  provider: ChatProvider,
  options: SummarizeOptions = {},
): Promise<Summarized> {
  const { keepTurns = 2, instructions = INSTRUCTIONS, model, maxTokens, call } = options;
  wholeAtLeast("keepTurns", keepTurns, 0);
  const { summaryAt, messages, ...rest } = conversation;
  const earlier = summaryAt === undefined ? undefined : messages[summaryAt];
  const system = messages.filter((message) => message.role === "system" && message !== earlier);
  const talk = messages.filter(({ role }) => role !== "system");
  const starts = talk.flatMap(({ role }, i) => (role === "user" && talk[i - 1]?.role !== "user" ? [i] : []));
  const cut = keepTurns === 0 ? talk.length : (starts.at(-keepTurns) ?? 0);
  if (starts.length <= keepTurns || cut === 0) return { conversation, response: undefined };
  const text = [...(earlier === undefined ? [] : [earlier]), ...talk.slice(0, cut)]
    .map(transcript)
    .join("\n\n");
  const response = await provider.chat(
    {
      ...(model === undefined ? {} : { model }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
      messages: [
        { role: "system", content: instructions },
        { role: "user", content: text },
      ],
    },
    call,
  );
  if (response.text.trim() === "")
    throw new AiLibError({ code: "INVALID_RESPONSE", message: "The summary is empty", partial: response });
  const summary: Message = { role: "system", content: `${TITLE}\n${response.text}` };
  return {
    conversation: {
      ...rest,
      messages: [...system, summary, ...talk.slice(cut)],
      summaryAt: system.length,
    },
    response,
  };
}

/** A message as text: a model that summarizes needs no calls and no opaque state of another. */
function transcript(message: Message): string {
  return `${message.role}: ${partsOf(message).map(described).join("\n")}`;
}

function described(part: ContentPart): string {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text;
    case "compaction":
      return part.text ?? "";
    case "reasoning":
    case "source":
      return "";
    case "tool-call":
      return `(calls ${part.name}: ${part.input ?? part.argumentsText ?? JSON.stringify(part.arguments ?? {})})`;
    case "tool-result":
      return `(result of ${part.name ?? part.id}: ${typeof part.content === "string" ? part.content : part.content.map(described).join("\n")})`;
    case "image":
    case "audio":
    case "file":
      return `(${part.type}, ${part.mediaType ?? "of an unknown type"}, ${jsonLength(part)} characters)`;
    default:
      return part satisfies never;
  }
}
