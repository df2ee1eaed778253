import type { Warning } from "./answer.js";
import type { ChatResponse } from "./chat-response.js";
import type { ContentPart, Origin, TokenLogprob } from "./message.js";
import type { Usage } from "./usage.js";

/** The facts of a part that are known when it begins. */
export type PartHead =
  | { readonly type: "text"; readonly phase?: "commentary" | "final-answer" }
  | { readonly type: "reasoning"; readonly redacted?: boolean }
  | { readonly type: "refusal" }
  | {
      readonly type: "tool-call";
      readonly id: string;
      readonly name: string;
      /** The deltas are the input of a text tool. Default: the JSON text of arguments. */
      readonly inputEncoding?: "text";
      readonly executedBy?: "provider";
    }
  | { readonly type: "audio"; readonly mediaType?: string }
  | { readonly type: "image"; readonly mediaType: string };

/** Fields that every event can have. */
export interface EventBase {
  /**
   * The position of the event in the provider's stream, where the provider numbers its events (OpenAI's responses); the
   * events that are made of one have the same. A stored response can be read again from behind it.
   */
  readonly cursor?: number;
}

/** The answer begins. The caller receives exactly one, before all other events. */
export interface StartEvent extends EventBase {
  readonly type: "start";
  /** The provider's id of the response, where known already. */
  readonly id?: string;
  readonly model?: string;
  /** The provider id that answers. */
  readonly provider?: string;
  /** What is known of the usage already; it may also come as a `usage` event. */
  readonly usage?: Usage;
}

/**
 * What is known of the usage before the end: often the tokens of the prompt alone. A later one replaces it, and the
 * response has the final usage. Providers that count at the end alone send none.
 */
export interface UsageEvent extends EventBase {
  readonly type: "usage";
  readonly usage: Usage;
}

/** A part begins; its deltas follow. `index` is its position in `response.content`. */
export interface PartStartEvent extends EventBase {
  readonly type: "part-start";
  readonly index: number;
  readonly part: PartHead;
  /** State that is known already, so that a relay can name the part as its source did; the end has all of it. */
  readonly origin?: Origin;
}

/**
 * More text of the part at `index`. For a tool call it is raw JSON text, never to be parsed before the end, or the input
 * of a text tool.
 */
export interface DeltaEvent extends EventBase {
  readonly type: "text-delta" | "reasoning-delta" | "refusal-delta" | "tool-call-delta";
  readonly index: number;
  readonly text: string;
  readonly logprobs?: readonly TokenLogprob[];
}

/** More of an audio or image part. */
export interface MediaDeltaEvent extends EventBase {
  readonly type: "media-delta";
  readonly index: number;
  /** Base64 of a piece; pieces are decoded one by one, their bytes joined. */
  readonly data?: string;
  /** More of what is said. */
  readonly transcript?: string;
}

/** A part has ended. */
export interface PartEndEvent extends EventBase {
  readonly type: "part-end";
  readonly index: number;
  /** State to send back, if the provider sent some. */
  readonly origin?: Origin;
  /** The input of a text tool is incomplete, so the call must not run. */
  readonly cut?: true;
}

/** A part that arrived complete: a source, a picture, the result of a provider's tool. */
export interface PartEvent extends EventBase {
  readonly type: "part";
  readonly index: number;
  readonly part: ContentPart;
}

/** See {@link Warning}. */
export interface WarningEvent extends EventBase {
  readonly type: "warning";
  readonly warning: Warning;
}

/** Discard the content so far: the answer starts again. Only with `midStream: "restart"`. */
export interface RestartEvent {
  readonly type: "restart";
  /** The provider that answers now. */
  readonly id?: string;
  readonly model?: string;
  readonly provider?: string;
}

/** The answer is whole. Always the last event. */
export interface FinishEvent {
  readonly type: "finish";
  readonly response: ChatResponse;
}

/**
 * The provider sent something that causes no other event, such as a ping or a comment: it is alive. Only with the call
 * option `pings`; anywhere in a stream, also before its start. A slow reader does not receive it.
 */
export interface PingEvent {
  readonly type: "ping";
}

/** The events that layers pass on; the ending is a method of the sink, not an event. */
export type ChatEvent =
  | StartEvent
  | PartStartEvent
  | DeltaEvent
  | MediaDeltaEvent
  | PartEndEvent
  | PartEvent
  | UsageEvent
  | WarningEvent
  | RestartEvent;

/** The events of a caller's `for await`. */
export type StreamEvent = ChatEvent | FinishEvent | PingEvent;

/**
 * Whether an event is content, after which a retry would be visible to the reader: a non-empty delta (reasoning
 * counts), a tool call's start, or a whole part. Starts, usage, warnings and empty deltas are preamble.
 */
export function isContent(event: ChatEvent): boolean {
  switch (event.type) {
    case "text-delta":
    case "reasoning-delta":
    case "refusal-delta":
    case "tool-call-delta":
      return event.text !== "";
    case "media-delta":
      return (event.data ?? "") !== "" || (event.transcript ?? "") !== "";
    case "part-start":
      return event.part.type === "tool-call";
    case "part":
      return true;
    case "start":
    case "part-end":
    case "usage":
    case "warning":
    case "restart":
      return false;
    default: {
      const never: never = event;
      throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
    }
  }
}
