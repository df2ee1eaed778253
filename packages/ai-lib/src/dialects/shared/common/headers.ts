import type { HeaderFields } from "../../../core/contract/transport.js";

/** The headers of a request with a JSON body; the same object for every request, as {@link HeaderFields} explains. */
export const JSON_BODY: HeaderFields = Object.freeze({ "content-type": "application/json" });

const JSON_FOR_JSON: HeaderFields = Object.freeze({ ...JSON_BODY, accept: "application/json" });
const JSON_FOR_SSE: HeaderFields = Object.freeze({ ...JSON_BODY, accept: "text/event-stream" });

/** {@link JSON_BODY} with the expected type of the reply: JSON, or a stream of server-sent events. */
export function jsonFor(mode: "unary" | "stream"): HeaderFields {
  return mode === "stream" ? JSON_FOR_SSE : JSON_FOR_JSON;
}
