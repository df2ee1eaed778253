import type { RequestHead } from "ai-lib/serve";

/**
 * Headers in which SDKs send a key: those of Anthropic, Google, Azure and ElevenLabs
 * (https://elevenlabs.io/docs/api-reference/authentication).
 */
const KEY_HEADERS = ["x-api-key", "x-goog-api-key", "api-key", "xi-api-key"];

/** Deepgram's SDKs send `Token` (https://developers.deepgram.com/docs/authenticating). */
const SCHEME = /^(?:bearer|token) /i;

/** The most characters of a key; a longer one is refused without hashing. */
const MAX_LENGTH = 1_024;

/** The key of a request, in any place where clients put it. The SDKs of Google may put it into the query. */
export function keyOf({ headers, query }: Pick<RequestHead, "headers" | "query">): string | undefined {
  const authorization = headers["authorization"];
  const scheme = authorization === undefined ? undefined : SCHEME.exec(authorization)?.[0];
  const given =
    authorization !== undefined && scheme !== undefined
      ? authorization.slice(scheme.length).trim()
      : (KEY_HEADERS.map((name) => headers[name]).find((value) => value !== undefined) ?? query?.["key"]);
  return given === undefined || given === "" || given.length > MAX_LENGTH ? undefined : given;
}
