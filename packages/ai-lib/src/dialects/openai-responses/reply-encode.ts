import type { ServerFacts } from "../../core/dialect.js";
import type { HttpReply } from "../../core/http.js";
import type { ChatResponse } from "../../core/response.js";
import { ResponseWriter } from "./stream-encode.js";

/** Writes a whole reply (https://platform.openai.com/docs/api-reference/responses/object): what its stream ends with. */
export function encodeReply(response: ChatResponse, facts: ServerFacts): HttpReply {
  const writer = new ResponseWriter(undefined, facts);
  writer.finish(response);
  return {
    status: 200,
    headers: { "content-type": "application/json", "x-request-id": facts.id },
    body: JSON.stringify(writer.response),
  };
}
