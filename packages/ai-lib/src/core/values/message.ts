import type { JsonObject } from "./json.js";

/**
 * Vendor fields for which the contract has no name, by provider id or dialect id, so that the fields of one vendor
 * never reach another: `{ "anthropic": { "top_k": 3 } }`. Objects merge deeply into the body, arrays and scalars
 * replace.
 */
export interface Extensions {
  readonly [providerOrDialect: string]: JsonObject;
}

/** Marks the end of a prefix that the provider should cache. */
export interface CacheMark {
  /** How long to keep it, in the provider's words (Anthropic: `"5m"` or `"1h"`). Default: the provider's. */
  readonly ttl?: string | undefined;
}

/**
 * Opaque state that a provider sent with a part (a signature, encrypted reasoning, an item id). It is sent back to
 * targets of the same `family` (and `account`, if set), and left out for others with a warning.
 */
export interface Origin {
  /**
   * The family of targets that can read the state: `"anthropic"`, `"openai"`, `"google"`... A dialect or a quirk names
   * it.
   */
  readonly family: string;
  /** The provider id that sent it. */
  readonly provider?: string;
  /** The model that produced it. */
  readonly model?: string;
  /** The account that the state is bound to, if the provider binds it. */
  readonly account?: string;
  /** The state itself, in the form of the dialect. */
  readonly data: JsonObject;
}

/** Fields that every part can have. */
export interface PartBase {
  /** Ask the provider to cache the prompt up to and including this part. */
  readonly cache?: CacheMark | undefined;
  /** Vendor fields for this part alone. */
  readonly extensions?: Extensions | undefined;
  /** State to send back; decoders set it. */
  readonly origin?: Origin | undefined;
}

/** One token of an answer with its log probability. */
export interface TokenLogprob {
  readonly token: string;
  /** Natural logarithm of the probability. */
  readonly logprob: number;
  /** The most likely tokens at this place, where asked for. */
  readonly top?: readonly { readonly token: string; readonly logprob: number }[];
}

/** Text. */
export interface TextPart extends PartBase {
  readonly type: "text";
  readonly text: string;
  /** Log probabilities of an answer's tokens, where asked for. */
  readonly logprobs?: readonly TokenLogprob[];
  /** In an answer: a comment on the way, or the final answer, if the provider distinguishes them. */
  readonly phase?: "commentary" | "final-answer";
}

/** A file in a provider's store; `client.uploadFile` returns it. */
export interface UploadedFile {
  /** The id of the provider that stores it. Other providers cannot read it. */
  readonly provider: string;
  /** The provider's id (OpenAI, Anthropic) of the file. */
  readonly id: string;
  /** The provider's URI of the file, where it has one (Gemini). */
  readonly uri?: string;
}

/** The source of a part's bytes: exactly one of `url`, `data` and `uploaded`. */
export interface MediaPart extends PartBase {
  /** A URL that the provider fetches. */
  readonly url?: string | undefined;
  /** The bytes, base64. */
  readonly data?: string | undefined;
  /** A file in the provider's own store. */
  readonly uploaded?: UploadedFile | undefined;
  /** IANA media type; needed with `data`. */
  readonly mediaType?: string | undefined;
}

/** A picture. */
export interface ImagePart extends MediaPart {
  readonly type: "image";
  /** How closely the model should look; `original`: without scaling the picture down. Default: the provider's. */
  readonly detail?: "low" | "high" | "original" | "auto" | undefined;
}

/** Sound, in or out. */
export interface AudioPart extends MediaPart {
  readonly type: "audio";
  /** The spoken text, if the provider reports it. */
  readonly transcript?: string | undefined;
}

/** The section of a video that the model sees. */
export interface VideoClip {
  /** Pictures a second. Default: the provider's. */
  readonly fps?: number | undefined;
  /** Seconds from the beginning. Default: 0. */
  readonly start?: number | undefined;
  /** Seconds from the beginning. Default: the end of the video. */
  readonly end?: number | undefined;
}

/** A document, a video or any other file. */
export interface FilePart extends MediaPart {
  readonly type: "file";
  /** The name shown to the model: the title of a document. */
  readonly name?: string | undefined;
  /** Information about a document for the model. It is not cited. */
  readonly context?: string | undefined;
  /** Whether the answer cites the places of a document that it relies on. Default: the provider's. */
  readonly citations?: boolean | undefined;
  readonly clip?: VideoClip | undefined;
}

/** The model's thinking, or a summary of it. */
export interface ReasoningPart extends PartBase {
  readonly type: "reasoning";
  /** The readable text; `""` if there is only opaque state. */
  readonly text: string;
  /** The provider withheld the text; `origin` has the state to send back. */
  readonly redacted?: boolean | undefined;
}

/**
 * The provider replaced the conversation up to here by a summary; see `contextManagement.compactAt`. When it is sent
 * back, it replaces everything before it, which the history may still contain. Only its provider can read it; other
 * providers get the history.
 */
export interface CompactionPart extends PartBase {
  readonly type: "compaction";
  /** The summary, where it can be read. */
  readonly text?: string;
}

/** The model declined, and the provider says so in a separate field. */
export interface RefusalPart extends PartBase {
  readonly type: "refusal";
  readonly text: string;
}

/** A tool call of the model. */
export interface ToolCallPart extends PartBase {
  readonly type: "tool-call";
  /** Pairs the call with its result. */
  readonly id: string;
  readonly name: string;
  /** The parsed arguments. Absent if they are not a JSON object: then `argumentsText` has the text of the model. */
  readonly arguments?: JsonObject;
  /** The text that a text tool is called with; such a call has no `arguments`. */
  readonly input?: string;
  /**
   * The raw text of arguments that are not a JSON object, or of an incomplete input: the token limit cut it, or the
   * model wrote malformed JSON, which causes a warning. Never run such a call; answer it with an error, so that the
   * model can correct it.
   */
  readonly argumentsText?: string;
  /** `"provider"`: the provider ran it (web search, code interpreter); the caller need not run it. */
  readonly executedBy?: "provider";
}

/** Parts that the result of a tool can contain. */
export type ToolResultContent = TextPart | ImagePart | AudioPart | FilePart;

/** The result of a tool call. */
export interface ToolResultPart extends PartBase {
  readonly type: "tool-result";
  /** The `id` of the call that it answers. */
  readonly id: string;
  /** The tool's name; Gemini needs it. Default: the name of the call in the history. */
  readonly name?: string | undefined;
  /** Text or parts; any other value of the tool becomes JSON text. */
  readonly content: string | readonly ToolResultContent[];
  /** The tool failed; the content says how. */
  readonly isError?: boolean | undefined;
  /** `"provider"`: the provider ran the tool, and this is its result. */
  readonly executedBy?: "provider";
}

/** The source of a statement. */
export interface SourcePart extends PartBase {
  readonly type: "source";
  readonly url?: string;
  /** A document of the request, by the provider's id or its position. */
  readonly documentId?: string;
  readonly title?: string;
  /** The words quoted from the source. */
  readonly quote?: string;
  /** Which text it supports: the index of the part, and characters `start` to `end` (exclusive) in it. */
  readonly cites?: { readonly index: number; readonly start?: number; readonly end?: number };
}

/** A part that a user may send. */
export type UserPart = TextPart | ImagePart | AudioPart | FilePart;

/** A part that a model may answer with. */
export type ContentPart =
  | TextPart
  | ImagePart
  | AudioPart
  | FilePart
  | ReasoningPart
  | CompactionPart
  | RefusalPart
  | ToolCallPart
  | ToolResultPart
  | SourcePart;

/** Fields that every message can have. */
export interface MessageBase {
  /** Ask the provider to cache the prompt up to and including this message. */
  readonly cache?: CacheMark | undefined;
  /** Vendor fields for this message alone. */
  readonly extensions?: Extensions | undefined;
}

/** Instructions before the conversation. */
export interface SystemMessage extends MessageBase {
  readonly role: "system";
  readonly content: string | readonly TextPart[];
}

/** A message of the user. */
export interface UserMessage extends MessageBase {
  readonly role: "user";
  readonly content: string | readonly UserPart[];
  /** Tells users apart, where the provider can. */
  readonly name?: string | undefined;
}

/** A message of the model. Append `response.message` to the history. */
export interface AssistantMessage extends MessageBase {
  readonly role: "assistant";
  readonly content: string | readonly ContentPart[];
  /** Set on the message of a call that failed or was aborted midway: such a turn is not sent again. */
  readonly incomplete?: boolean | undefined;
}

/** Results of tools that the caller ran. */
export interface ToolMessage extends MessageBase {
  readonly role: "tool";
  readonly content: readonly ToolResultPart[];
}

/** One turn of a conversation. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

/** A message's content as parts: a string is one text part, and an empty string is none. */
export function partsOf(message: Message): readonly ContentPart[] {
  if (typeof message.content !== "string") return message.content;
  return message.content === "" ? [] : [{ type: "text", text: message.content }];
}

/** All text of some content, joined without separator. */
export function textOf(content: string | readonly ContentPart[]): string {
  if (typeof content === "string") return content;
  let text = "";
  for (const part of content) if (part.type === "text") text += part.text;
  return text;
}
