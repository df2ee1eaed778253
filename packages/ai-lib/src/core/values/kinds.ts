import type { ChatEvent } from "./chat-event.js";
import type { ChatRequest } from "./chat-request.js";
import type { ChatResponse, EndFacts, Reply } from "./chat-response.js";
import type { CountTokensReply, CountTokensRequest, CountTokensResponse } from "./count-tokens.js";
import type { DecideReply, DecideRequest, DecideResponse } from "./decision.js";
import type { EmbedReply, EmbedRequest, EmbedResponse } from "./embedding.js";
import type { ImageEnd, ImageEvent, ImageReply, ImageRequest, ImageResponse } from "./image.js";
import type { ModerateReply, ModerateRequest, ModerateResponse } from "./moderation.js";
import type { OcrReply, OcrRequest, OcrResponse } from "./ocr.js";
import type { RerankReply, RerankRequest, RerankResponse } from "./rerank.js";
import type { SpeakEnd, SpeakEvent, SpeakReply, SpeakRequest, SpeakResponse } from "./speech.js";
import type {
  TranscribeEnd,
  TranscribeEvent,
  TranscribeReply,
  TranscribeRequest,
  TranscribeResponse,
} from "./transcription.js";

export type * from "./count-tokens.js";
export type * from "./decision.js";
export type * from "./embedding.js";
export type * from "./image.js";
export type * from "./moderation.js";
export type * from "./ocr.js";
export type * from "./rerank.js";
export type * from "./speech.js";
export type * from "./transcription.js";

/**
 * Every kind of call, by name. `request` and `response` are plain JSON, and `event` is what a stream of the kind
 * yields (`never` for a kind that does not stream). `reply` is what a provider's code returns before the facts of
 * the call are added, and `end` is how a stream's decoder ends; both may be left out.
 *
 * Add a kind of your own by declaration merging:
 *
 * @example
 * interface TranslateRequest {
 *   readonly model?: string | undefined;
 *   readonly text: string;
 * }
 * interface TranslateResponse extends AnswerFacts {
 *   readonly translation: string;
 * }
 * declare module "ai-lib/kit" {
 *   interface Kinds {
 *     translate: { request: TranslateRequest; response: TranslateResponse; event: never };
 *   }
 * }
 */
export interface Kinds {
  chat: { request: ChatRequest; response: ChatResponse; event: ChatEvent; reply: Reply; end: EndFacts };
  rerank: { request: RerankRequest; response: RerankResponse; event: never; reply: RerankReply };
  transcribe: {
    request: TranscribeRequest;
    response: TranscribeResponse;
    event: TranscribeEvent;
    reply: TranscribeReply;
    end: TranscribeEnd;
  };
  speak: {
    request: SpeakRequest;
    response: SpeakResponse;
    event: SpeakEvent;
    reply: SpeakReply;
    end: SpeakEnd;
  };
  image: {
    request: ImageRequest;
    response: ImageResponse;
    event: ImageEvent;
    reply: ImageReply;
    end: ImageEnd;
  };
  countTokens: {
    request: CountTokensRequest;
    response: CountTokensResponse;
    event: never;
    reply: CountTokensReply;
  };
  embed: { request: EmbedRequest; response: EmbedResponse; event: never; reply: EmbedReply };
  moderate: { request: ModerateRequest; response: ModerateResponse; event: never; reply: ModerateReply };
  ocr: { request: OcrRequest; response: OcrResponse; event: never; reply: OcrReply };
  decide: { request: DecideRequest; response: DecideResponse; event: never; reply: DecideReply };
}

/** The name of a kind of call. */
export type Kind = keyof Kinds & string;

/** The request of a kind; of any kind, where none is named. */
export type RequestOf<K extends Kind = Kind> = Kinds[K]["request"];

/** The response of a kind; of any kind, where none is named. */
export type ResponseOf<K extends Kind = Kind> = Kinds[K]["response"];

/** The events of a kind's streams; of any kind, where none is named. */
export type EventOf<K extends Kind = Kind> = Kinds[K]["event"];

/** What a provider's code returns for a kind, before the facts of the call are added. */
export type ReplyOf<K extends Kind = Kind> = {
  [P in K]: Kinds[P] extends { reply: infer R } ? R : Kinds[P]["response"];
}[K];

/** How a stream's decoder ends a call of a kind. */
export type EndOf<K extends Kind = Kind> = {
  [P in K]: Kinds[P] extends { end: infer E } ? E : never;
}[K];
