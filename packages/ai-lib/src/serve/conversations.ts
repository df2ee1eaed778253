import { type Clock, systemClock } from "../core/contract/clock.js";
import type { DecodedRequest, ServerFacts } from "../core/contract/dialect.js";
import { cellFor, type StateOptions } from "../core/contract/state.js";
import type { HttpRequest } from "../core/contract/transport.js";
import { configError } from "../core/errors/error.js";
import { refuseUnknown } from "../core/errors/options.js";
import type { ChatRequest } from "../core/values/chat-request.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import { asArray, isObject, type Json } from "../core/values/json.js";
import { type AssistantMessage, type ContentPart, type Message, partsOf } from "../core/values/message.js";
import { answerNames } from "../dialects/shared/common/answer-names.js";
import { KeptAnswers } from "./kept-answers.js";

/** Options of {@link conversations}. */
export interface ConversationOptions extends StateOptions {
  /**
   * Identifies the caller of a request; stored state is returned only to the caller that it belongs to. Default: a hash
   * of the key in its headers (`authorization`, `x-api-key`, `x-goog-api-key`, `api-key`), of the access key in a
   * signature of AWS, or of `key` in the query. Requests without a key are one caller.
   */
  readonly caller?: ((request: HttpRequest) => string | Promise<string>) | undefined;
  /**
   * The most characters of stored JSON, of all callers together. The least recently used entries are removed first.
   * Default 64 Mi.
   */
  readonly maxSize?: number | undefined;
  /** Milliseconds that an answer is stored after its last use. Default one day. */
  readonly maxAgeMs?: number | undefined;
  /** Default: the machine's. */
  readonly clock?: Clock | undefined;
}

const NAMES: ReadonlySet<string> = new Set([
  "state",
  "stateKey",
  "caller",
  "maxSize",
  "maxAgeMs",
  "clock",
] satisfies (keyof ConversationOptions)[]);

const DAY_MS = 86_400_000;
const DEFAULT_SIZE = 64 * 1024 * 1024;

/**
 * Stores state that clients need again and do not send: for the option `conversations` of a server.
 *
 * - Opaque state of an answer with calls, such as Gemini's signatures and Claude's signed thinking. Most clients drop
 *   it, and some vendors refuse the next turn without it. It is found by the ids of the calls.
 * - Whole conversations that a client continues by an id: `previous_response_id` and `item_reference` of OpenAI's
 *   responses, `thread` of Anthropic's messages.
 *
 * State is never returned to another caller than the one that it was stored for.
 *
 * @example
 * const halves = await serverHalves();
 * const models = provider("groq");
 * serve({ halves, conversations: conversations(), handle: (call) => relay(call, models) });
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option, and for a limit that is not above 0.
 */
export function conversations(options: ConversationOptions = {}): Conversations {
  return new Conversations(options);
}

/** See {@link conversations}. */
export class Conversations {
  private readonly kept: KeptAnswers;
  private readonly clock: Clock;

  constructor(private readonly options: ConversationOptions) {
    refuseUnknown("option of conversations", options, NAMES);
    const { maxSize = DEFAULT_SIZE, maxAgeMs = DAY_MS, clock = systemClock } = options;
    for (const [name, value] of Object.entries({ maxSize, maxAgeMs }))
      if (!(value > 0)) throw configError(`${name} of conversations must be above 0`);
    this.clock = clock;
    this.kept = cellFor(
      options,
      "conversations",
      "default",
      (link) => new KeptAnswers({ maxSize, maxAgeMs }, link),
    );
  }

  /** The name of a request's caller. */
  callerOf(http: HttpRequest): string | Promise<string> {
    return this.options.caller === undefined ? keyHash(http) : this.options.caller(http);
  }

  /** A request with its stored state: the conversation that it continues, and the state of its calls. */
  recall(caller: string, decoded: DecodedRequest): DecodedRequest {
    let { request } = decoded;
    const before =
      request.continues === undefined ? undefined : this.find(caller, "answer", request.continues.id);
    if (before !== undefined) {
      const { continues: _continues, ...rest } = request;
      request = {
        ...rest,
        messages: joined(asArray(before) as unknown as readonly Message[], request.messages),
      };
    }
    if (request.messages.some(({ role }) => role === "assistant")) {
      const messages = request.messages.map((message) =>
        message.role === "assistant" ? this.restored(caller, message) : message,
      );
      const changed = messages.some((message, i) => message !== request.messages[i]);
      if (changed) request = { ...request, messages };
    }
    return request === decoded.request ? decoded : { ...decoded, request };
  }

  /**
   * Stores the state that the client of an answer may need. @param facts those of the answer, asked for where they are
   * needed
   */
  remember(caller: string, decoded: DecodedRequest, facts: () => ServerFacts, response: ChatResponse): void {
    const { content } = response;
    if (decoded.stored === true) {
      const { id } = answerNames(response, facts());
      const answer: AssistantMessage = { role: "assistant", content };
      const { messages: asked } = decoded.request;
      // Instructions of one request of OpenAI's responses are not those of the next.
      const own = typeof decoded.echo?.["instructions"] === "string" ? asked.slice(1) : asked;
      const messages = [...own, answer] as unknown as Json;
      this.keep(caller, "answer", id, messages);
      // References to items name the answer, or have the id that the vendor gave to the item.
      this.keep(caller, "turn", plainId(id), content as unknown as Json);
      for (const part of content) {
        const item = part.origin?.data["id"];
        if (typeof item === "string") this.keep(caller, "turn", item, content as unknown as Json);
      }
    }
    if (!content.some(({ origin }) => origin !== undefined)) return;
    for (const part of content) {
      if (part.type === "tool-call" && part.executedBy === undefined)
        this.keep(caller, "call", part.id, content as unknown as Json);
    }
  }

  /** A turn with the items that it refers to, and with the state of its calls. */
  private restored(caller: string, message: AssistantMessage): AssistantMessage {
    const parts = partsOf(message) as readonly ContentPart[];
    const whole = this.resolved(caller, parts);
    const first = whole.find((part) => part.type === "tool-call" && part.executedBy === undefined);
    if (first?.type !== "tool-call") return whole === parts ? message : { ...message, content: whole };
    const kept = this.find(caller, "call", first.id);
    const content = kept === undefined ? whole : withState(whole, asArray(kept) as unknown as ContentPart[]);
    return content === parts ? message : { ...message, content };
  }

  /** Parts in which references to items of a stored answer are replaced by that answer's parts, once each. */
  private resolved(caller: string, parts: readonly ContentPart[]): readonly ContentPart[] {
    if (!parts.some((part) => referenceOf(part) !== undefined)) return parts;
    const seen = new Set<string>();
    return parts.flatMap((part): readonly ContentPart[] => {
      const reference = referenceOf(part);
      if (reference === undefined) return [part];
      // Ids of items that were made here: `fc_<answer>_<position>`.
      const made = /^[a-z]+_(.+)_\d+$/.exec(reference)?.[1];
      const turn =
        this.find(caller, "turn", reference) ??
        (made === undefined ? undefined : this.find(caller, "turn", made));
      if (turn === undefined) return [part];
      const text = JSON.stringify(turn);
      if (seen.has(text)) return [];
      seen.add(text);
      return asArray(turn) as unknown as ContentPart[];
    });
  }

  private find(caller: string, kind: string, id: string): Json | undefined {
    return this.kept.get(keyOf(caller, kind, id), this.clock.now());
  }

  private keep(caller: string, kind: string, id: string, value: Json): void {
    this.kept.put(keyOf(caller, kind, id), value, this.clock.now());
  }
}

/**
 * Whether a request contains its whole conversation, so that only opaque state is added to it. Its bytes may then be
 * passed to a provider of its dialect, which gets what it would get from the client itself.
 */
export function saysAll({ messages, continues }: ChatRequest): boolean {
  return (
    continues === undefined &&
    messages.every(
      (message) =>
        message.role !== "assistant" ||
        (partsOf(message) as readonly ContentPart[]).every((part) => referenceOf(part) === undefined),
    )
  );
}

/** A continued conversation. Its instructions are those of the new request, if that has any. */
function joined(earlier: readonly Message[], later: readonly Message[]): readonly Message[] {
  const instructions = later.findIndex(({ role }) => role !== "system");
  if (instructions <= 0) return [...earlier, ...later];
  return [
    ...later.slice(0, instructions),
    ...earlier.filter(({ role }) => role !== "system"),
    ...later.slice(instructions),
  ];
}

function keyOf(caller: string, kind: string, id: string): string {
  return JSON.stringify([caller, kind, id]);
}

/** The id of an answer as it is in the ids of its items. */
function plainId(id: string): string {
  return id.replace(/^resp_/, "");
}

/** The id of the item that a part refers to, as OpenAI's responses do. */
function referenceOf(part: ContentPart): string | undefined {
  const data = part.type === "reasoning" ? part.origin?.data : undefined;
  const id = data?.["type"] === "item_reference" ? data["id"] : undefined;
  return typeof id === "string" ? id : undefined;
}

/**
 * A turn with the state that it had: that of its calls, and the signed thinking before them. State that the client sent
 * back does not change, nor does a turn that lacks none. A call with another name than before was invented by the
 * client and gets none.
 */
function withState(parts: readonly ContentPart[], kept: readonly ContentPart[]): readonly ContentPart[] {
  const states = new Map<string, ContentPart>();
  for (const part of kept) if (isObject(part) && part.type === "tool-call") states.set(part.id, part);
  const content = parts.map((part) => {
    const known = part.type === "tool-call" ? states.get(part.id) : undefined;
    if (known?.type !== "tool-call" || known.origin === undefined) return part;
    // A client's own ids of items are state, too, which the vendor of the call cannot read.
    const renamed = part.type === "tool-call" && part.name !== known.name;
    return renamed || part.origin?.family === known.origin.family ? part : { ...part, origin: known.origin };
  });
  const thinking = kept.filter((part) => part.type === "reasoning" && part.origin !== undefined);
  const families = new Set(thinking.map(({ origin }) => origin?.family));
  const sent = parts.some(({ type, origin }) => type === "reasoning" && families.has(origin?.family ?? ""));
  // A turn that has all of its state is the same one, whose bytes may be passed on.
  if (thinking.length === 0 || sent) return content.every((part, i) => part === parts[i]) ? parts : content;
  return [...thinking, ...content.filter(({ type }) => type !== "reasoning")];
}

const KEY_HEADERS = ["authorization", "x-api-key", "x-goog-api-key", "api-key"];

/** The access key in a signature of AWS, which itself is another one for each request. */
const ACCESS_KEY = /^AWS4-HMAC-SHA256 Credential=([^/,\s]{1,128})/;

/** A hash of the key of a request, so that no snapshot contains the key itself. */
async function keyHash({ headers, query }: HttpRequest): Promise<string> {
  const sent = KEY_HEADERS.map((name) => headers[name]).find((value) => value !== undefined);
  // Clients of Gemini may send their key in the query.
  const key = sent === undefined ? query?.["key"] : (ACCESS_KEY.exec(sent)?.[1] ?? sent);
  if (key === undefined) return "";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
