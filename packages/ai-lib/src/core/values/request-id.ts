/**
 * Headers that hold the provider's id of a request, for its support. The first that is present counts. Names as the
 * vendors document them: OpenAI and most others, Anthropic, Mistral, Cohere, Azure (two), AWS, Google, and
 * Cloudflare's id where an endpoint has no other.
 */
const REQUEST_ID_HEADERS = [
  "x-request-id",
  "request-id",
  "mistral-correlation-id",
  "x-debug-trace-id",
  "apim-request-id",
  "x-ms-request-id",
  "x-amzn-requestid",
  "x-goog-request-id",
  "cf-ray",
] as const;

/**
 * The provider's id of a request; undefined where its reply names none.
 * @param headers lower-case names.
 */
export function requestIdOf(headers: Readonly<Record<string, string>>): string | undefined {
  for (const name of REQUEST_ID_HEADERS) {
    const id = headers[name];
    if (id !== undefined && id !== "") return id;
  }
  return undefined;
}
