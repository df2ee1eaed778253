import type { RequestHead } from "ai-lib/serve";

/** Headers in which SDKs send a key: those of Anthropic, Google and Azure. */
const KEY_HEADERS = ["x-api-key", "x-goog-api-key", "api-key"];

/** The most characters of a key; a longer one is refused without hashing. */
const MAX_LENGTH = 1_024;

/** The key of a request, in any place where clients put it. The SDKs of Google may put it into the query. */
export function keyOf({ headers, query }: Pick<RequestHead, "headers" | "query">): string | undefined {
  const bearer = headers["authorization"];
  const given =
    bearer !== undefined && /^bearer /i.test(bearer)
      ? bearer.slice("bearer ".length).trim()
      : (KEY_HEADERS.map((name) => headers[name]).find((value) => value !== undefined) ?? query?.["key"]);
  return given === undefined || given === "" || given.length > MAX_LENGTH ? undefined : given;
}
