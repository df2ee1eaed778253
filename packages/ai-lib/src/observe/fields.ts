import type { ContentPart, Message } from "../core/values/message.js";

/** Fields of requests that are observed; a kind may lack any of them. */
export interface RequestFields {
  readonly messages?: readonly Message[];
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly seed?: number;
  readonly stop?: readonly string[];
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly reasoning?: { readonly effort?: string };
  readonly output?: { readonly modalities?: readonly string[] };
  readonly responseFormat?: { readonly type: string };
  readonly dimensions?: number;
  readonly format?: string;
}

/** Fields of responses that are observed; a kind may lack any of them. */
export interface ResponseFields {
  readonly content?: readonly ContentPart[];
  readonly message?: Message;
  readonly finishReason?: string;
  readonly rawFinishReason?: string;
}

/** A request of any kind by its observed fields. */
export function requestFields(request: object): RequestFields {
  return request;
}

/** A response of any kind by its observed fields. */
export function responseFields(response: object): ResponseFields {
  return response;
}
