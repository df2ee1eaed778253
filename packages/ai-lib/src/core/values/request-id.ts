/**
 * The provider's id of a request, for its support; undefined where its reply names none. The first header that is
 * present counts. Names as the vendors document them: OpenAI and most others, Anthropic, Mistral, Cohere, Azure (two),
 * AWS, Google, and Cloudflare's id where an endpoint has no other.
 * @param headers lower-case names.
 */
export function requestIdOf(headers: Readonly<Record<string, string>>): string | undefined {
  // Written out: each access then finds its header faster than in a loop over names.
  return (
    idIn(headers["x-request-id"]) ??
    idIn(headers["request-id"]) ??
    idIn(headers["mistral-correlation-id"]) ??
    idIn(headers["x-debug-trace-id"]) ??
    idIn(headers["apim-request-id"]) ??
    idIn(headers["x-ms-request-id"]) ??
    idIn(headers["x-amzn-requestid"]) ??
    idIn(headers["x-goog-request-id"]) ??
    idIn(headers["cf-ray"])
  );
}

function idIn(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
