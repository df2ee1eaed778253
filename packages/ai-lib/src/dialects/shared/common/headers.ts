import type { HeaderFields } from "../../../core/contract/transport.js";

/**
 * The headers of a request with a JSON body. They are one and the same object every time: what comes after a dialect
 * (credentials, the list that Node writes) is made once for it, and not for every call.
 */
export const JSON_BODY: HeaderFields = Object.freeze({ "content-type": "application/json" });

const JSON_FOR_JSON: HeaderFields = Object.freeze({ ...JSON_BODY, accept: "application/json" });
const JSON_FOR_SSE: HeaderFields = Object.freeze({ ...JSON_BODY, accept: "text/event-stream" });

/** {@link JSON_BODY} with the reply that is wanted: JSON, or a stream of server-sent events. */
export function jsonFor(mode: "unary" | "stream"): HeaderFields {
  return mode === "stream" ? JSON_FOR_SSE : JSON_FOR_JSON;
}
