import type { ServerFacts } from "../../../core/contract/dialect.js";
import { headerValue } from "../../../core/contract/places.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import { OpenAIResponsesStreamEncoder } from "./stream.js";

/** Writes a whole reply (https://platform.openai.com/docs/api-reference/responses/object): the object that its stream ends with. */
export function encodeReply(response: ChatResponse, facts: ServerFacts): HttpReply {
  const encoder = new OpenAIResponsesStreamEncoder(undefined, facts);
  encoder.finish(response);
  return {
    status: 200,
    headers: { "content-type": "application/json", "x-request-id": headerValue(facts.id) },
    body: JSON.stringify(encoder.response),
  };
}
