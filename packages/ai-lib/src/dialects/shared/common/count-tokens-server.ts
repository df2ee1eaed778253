import type { ServerKindCodec } from "../../../core/contract/dialect.js";
import type { HttpRequest } from "../../../core/contract/transport.js";
import { countTokensLaws } from "../../../core/kinds/count-tokens.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import type { CountTokensResponse } from "../../../core/values/count-tokens.js";
import type { JsonObject } from "../../../core/values/json.js";

/** How a server half reads a request for a count. */
export interface ServedCounting {
  /** The end of the path. */
  readonly path: RegExp;
  /** Reads the chat that is counted. */
  decode(http: HttpRequest): ChatRequest;
  reply(response: CountTokensResponse): JsonObject;
}

/** Answers requests for counts. */
export function countingServer({ path, decode, reply }: ServedCounting): ServerKindCodec<"countTokens"> {
  return {
    laws: countTokensLaws,
    matches: (http) => http.method === "POST" && path.test(http.path),
    decode,
    encode: (response) => ({
      status: 200,
      headers: { "content-type": "application/json" },
      // No vendor has a word for an estimate; clients skip fields that they do not know.
      body: JSON.stringify({ ...reply(response), ...(response.estimated && { estimated: true }) }),
    }),
  };
}
