import { randomId, systemClock, systemRandom } from "../core/contract/clock.js";
import { invalidRequest } from "../core/errors/error.js";
import { type HandoffOptions, handoff as plainHistory } from "../core/kinds/chat/handoff.js";
import { repairHistory } from "../core/kinds/chat/repair-history.js";
import { checkMessages } from "../core/kinds/chat/validate-messages.js";
import { snapshotRequest } from "../core/run/snapshot.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import { isObject, type JsonObject } from "../core/values/json.js";
import type { Message } from "../core/values/message.js";
import type { ToolRunResult } from "../core/values/tool-run.js";
import { safeCut } from "./turns.js";

/**
 * A conversation to store: plain JSON of a versioned format. It is a value; every function returns a new one. You can
 * send its `messages` unchanged: `client.chat({ messages: conversation.messages })`.
 */
export interface Conversation {
  readonly type: "conversation";
  readonly version: 1;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly messages: readonly Message[];
  /** The position of the message with the summary of {@link summarize}. */
  readonly summaryAt?: number;
  /** Where {@link fork} took it from. */
  readonly forkOf?: { readonly id: string; readonly messages: number };
  /** Whatever the application stores with it. */
  readonly metadata?: JsonObject;
}

/** What a conversation begins with. */
export interface ConversationInit {
  /** Default: a random one. */
  readonly id?: string | undefined;
  /** Epoch milliseconds. Default: now. */
  readonly createdAt?: number | undefined;
  /** Instructions before all messages. */
  readonly system?: string | undefined;
  readonly messages?: readonly Message[] | undefined;
  readonly metadata?: JsonObject | undefined;
}

/** A value to append: a text of the user, a message, an answer, or a run of tools that continued the conversation. */
export type Appended = string | Message | ChatResponse | ToolRunResult;

/**
 * Begins a conversation.
 *
 * @example
 * let conversation = append(startConversation({ system: "Be brief." }), "Why is the sky blue?");
 * conversation = append(conversation, await client.chat({ messages: conversation.messages }));
 */
export function startConversation(init: ConversationInit = {}): Conversation {
  const {
    id = randomId(systemRandom),
    createdAt = systemClock.now(),
    system,
    messages = [],
    metadata,
  } = init;
  const first: Message[] = system === undefined ? [] : [{ role: "system", content: system }];
  return {
    type: "conversation",
    version: 1,
    id,
    createdAt,
    messages: checked([...first, ...messages]),
    ...(metadata === undefined ? {} : { metadata: snapshotRequest(metadata) }),
  };
}

/**
 * The conversation with more messages at its end.
 * @throws {AiLibError} `INVALID_REQUEST` for a value that is not a message, and for a run of tools that did not
 *   continue this conversation.
 */
export function append(conversation: Conversation, ...added: readonly Appended[]): Conversation {
  let { messages } = conversation;
  for (const one of added) messages = [...messages, ...messagesOf(one, messages)];
  return { ...conversation, messages: checked(messages) };
}

function messagesOf(added: Appended, before: readonly Message[]): readonly Message[] {
  if (typeof added === "string") return [{ role: "user", content: added }];
  if ("role" in added) return [added];
  if (!("outcome" in added)) return [added.message];
  const { messages } = added;
  if (
    messages.length < before.length ||
    JSON.stringify(messages.slice(0, before.length)) !== JSON.stringify(before)
  )
    throw invalidRequest(
      "The run of tools did not go on from this conversation, so that it cannot be appended",
    );
  return messages.slice(before.length);
}

/** How {@link fork} copies a conversation. */
export interface ForkOptions {
  /**
   * How many of its messages the copy has. A cut between a call and its result moves to before the call. Default: all.
   */
  readonly at?: number | undefined;
  /** Default: a random one. */
  readonly id?: string | undefined;
}

/** An independent copy, from its end or from an earlier message. */
export function fork(conversation: Conversation, options: ForkOptions = {}): Conversation {
  const { summaryAt, messages, ...rest } = conversation;
  const { at = messages.length, id = randomId(systemRandom) } = options;
  if (!Number.isInteger(at) || at < 0 || at > messages.length)
    throw invalidRequest(`\`at\` must be a number of messages from 0 to ${messages.length}, not ${at}`);
  const cut = safeCut(messages, at);
  return {
    ...rest,
    id,
    createdAt: systemClock.now(),
    messages: messages.slice(0, cut),
    forkOf: { id: conversation.id, messages: cut },
    ...(summaryAt === undefined || summaryAt >= cut ? {} : { summaryAt }),
  };
}

/**
 * The conversation for a model of another vendor: without opaque state and redacted thinking, and with a history that
 * every vendor takes. See `handoff`, which does the same for a list of messages.
 */
export function handOver(conversation: Conversation, options: HandoffOptions = {}): Conversation {
  const { summaryAt, ...rest } = conversation;
  const summary = summaryAt === undefined ? undefined : conversation.messages[summaryAt];
  const messages = plainHistory(conversation.messages, options);
  const at = summary === undefined ? -1 : messages.indexOf(summary);
  return { ...rest, messages, ...(at < 0 ? {} : { summaryAt: at }) };
}

/** Readers of each version that was ever written. */
const READERS: Readonly<Record<number, (stored: JsonObject) => Conversation>> = { 1: readVersion1 };

/**
 * A conversation from JSON: of this format in any version, of a file of the command line, or a bare list of messages. A
 * history with gaps, such as a call without a result, is repaired.
 * @throws {AiLibError} `INVALID_REQUEST` for anything else, and for a later version.
 */
export function readConversation(stored: unknown): Conversation {
  const copy = snapshotRequest(stored);
  if (Array.isArray(copy)) return withHistory({}, copy);
  if (!isObject(copy)) throw invalidRequest("A conversation is an object or a list of messages");
  const { type, version, messages } = copy;
  if (type === undefined && version === 1 && Array.isArray(messages)) return withHistory({}, messages);
  if (type !== "conversation") throw invalidRequest('A conversation has the type "conversation"');
  const read = typeof version === "number" && Object.hasOwn(READERS, version) ? READERS[version] : undefined;
  if (read === undefined)
    throw invalidRequest(
      `The conversation has the version ${JSON.stringify(version)}; this version of ai-lib reads ${Object.keys(READERS).join(", ")}`,
    );
  return read(copy);
}

function readVersion1(stored: JsonObject): Conversation {
  const { id, createdAt, messages, summaryAt, forkOf, metadata } = stored;
  if (typeof id !== "string" || typeof createdAt !== "number" || !Array.isArray(messages))
    throw invalidRequest("The conversation is damaged: it needs `id`, `createdAt` and `messages`");
  const isFork =
    isObject(forkOf) && typeof forkOf["id"] === "string" && typeof forkOf["messages"] === "number";
  const repaired = withHistory({ id, createdAt }, messages);
  const same = repaired.messages.length === messages.length;
  return {
    ...repaired,
    ...(same && typeof summaryAt === "number" && messages[summaryAt] !== undefined ? { summaryAt } : {}),
    ...(isFork ? { forkOf: forkOf as unknown as NonNullable<Conversation["forkOf"]> } : {}),
    ...(isObject(metadata) ? { metadata } : {}),
  };
}

function withHistory(init: ConversationInit, messages: readonly unknown[]): Conversation {
  return startConversation({ ...init, messages: repairHistory(checked(messages)) });
}

const NEXT: Message = { role: "user", content: "?" };

/** @throws {AiLibError} `INVALID_REQUEST` for what is no message. */
function checked(messages: readonly unknown[]): readonly Message[] {
  // A conversation may have no message of the user yet, which a request must have.
  checkMessages([...messages, NEXT], false);
  return messages as readonly Message[];
}
