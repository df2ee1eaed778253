import type { ClientHalf, DialectTarget, Encoded } from "../../src/core/contract/dialect.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import type { JsonObject } from "../../src/core/values/json.js";

/** What a client half makes of a request. */
export interface EncodedRequest extends Encoded {
  readonly body: JsonObject;
  /** The warnings, each as its code and field: `"unsupported topK"`. */
  readonly fields: readonly string[];
}

/** Encodes a unary request with a client half. A request without messages gets one that says `Hello`. */
export function encodedBy(
  client: ClientHalf,
  request: Partial<ChatRequest>,
  target: Pick<DialectTarget, "provider" | "model"> & Partial<DialectTarget>,
): EncodedRequest {
  const messages = request.messages ?? [{ role: "user", content: "Hello" }];
  const encoded = client.encode({ ...request, messages }, "unary", { quirks: {}, now: 0, ...target });
  return {
    ...encoded,
    body: JSON.parse(String(encoded.http.body)) as JsonObject,
    fields: encoded.warnings.map(({ code, field }) => `${code} ${field}`),
  };
}
