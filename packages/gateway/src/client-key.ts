import type { RequestHead } from "ai-lib/serve";

/** Headers in which SDKs send a key: those of Anthropic, Google and Azure. */
const KEY_HEADERS = ["x-api-key", "x-goog-api-key", "api-key"];

/** Characters that a key may have at most: a longer one is none, and is not hashed. */
const MAX_LENGTH = 1_024;

/** The key that a request carries, wherever its client puts it. The SDKs of Google may put it into the query. */
export function keyOf({ headers, query }: Pick<RequestHead, "headers" | "query">): string | undefined {
  const bearer = headers["authorization"];
  const given =
    bearer !== undefined && /^bearer /i.test(bearer)
      ? bearer.slice("bearer ".length).trim()
      : (KEY_HEADERS.map((name) => headers[name]).find((value) => value !== undefined) ?? query?.["key"]);
  return given === undefined || given === "" || given.length > MAX_LENGTH ? undefined : given;
}
