import type { RequestHead } from "ai-lib/serve";

/** Characters that a value of a header may have in the ledger and in logs. */
const MAX_LENGTH = 200;

/** Headers in which clients name a session. */
const SESSION_HEADERS = ["x-ai-lib-session", "x-claude-code-session-id", "session_id", "x-session-id"];

/** The session that a client names: it stays on one target where a route allows that. */
export function sessionOf({ headers }: Pick<RequestHead, "headers">): string | undefined {
  return firstOf(headers, SESSION_HEADERS);
}

/** The user that a client names. */
export function userOf({ headers }: Pick<RequestHead, "headers">): string | undefined {
  return firstOf(headers, ["x-ai-lib-user"]);
}

/** The tags that a client puts on a call: a list with commas. */
export function tagsOf({ headers }: Pick<RequestHead, "headers">): readonly string[] {
  const given = headers["x-ai-lib-tags"];
  if (given === undefined) return [];
  return given
    .slice(0, 10 * MAX_LENGTH)
    .split(",")
    .map((tag) => tag.trim().slice(0, MAX_LENGTH))
    .filter((tag) => tag !== "")
    .slice(0, 10);
}

function firstOf(headers: RequestHead["headers"], names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = headers[name]?.trim();
    if (value !== undefined && value !== "") return value.slice(0, MAX_LENGTH);
  }
  return undefined;
}
