import { type AiLibError, invalidRequest } from "../errors/error.js";

/** Segments of a path that URL parsers resolve: they would change another segment. */
const DOTS: ReadonlySet<string> = new Set([".", ".."]);

/**
 * A value as one segment of a path, such as a model name: percent-encoded, so that it cannot add a segment, a query or a
 * fragment. Lone surrogates become U+FFFD.
 * @param what what the value is, for the error.
 * @throws {AiLibError} `INVALID_REQUEST` as {@link requireSegment} does.
 */
export function pathSegment(value: string, what: string): string {
  return requireSegment(percentEncoded(value), what);
}

/**
 * Refuses a segment of a path that is empty, `.` or `..`, which percent-encoding cannot protect.
 * @param fail makes the error. Default: `INVALID_REQUEST`.
 */
export function requireSegment(
  segment: string,
  what: string,
  fail: (message: string) => AiLibError = invalidRequest,
): string {
  if (segment === "" || DOTS.has(segment))
    throw fail(`${what} must be a name, not ${JSON.stringify(segment)}: it becomes part of a URL`);
  return segment;
}

/** A value percent-encoded for a part of a segment, a query or a fragment. */
export function percentEncoded(value: string): string {
  return encodeURIComponent(value.replace(/\p{Surrogate}/gu, "\ufffd"));
}

/** Headers that belong to the connection and to the framing of a message (RFC 9110, RFC 9112): the transport sets them. */
const FRAMING_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "expect",
  "host",
  "http2-settings",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that no header may have
const CONTROLS = /[\0-\x08\x0a-\x1f\x7f]/;

/**
 * Why a header cannot be sent with a request, as the end of a sentence; undefined if it can.
 * @param name in lower case.
 */
export function headerProblem(name: string, value: string): string | undefined {
  if (!HEADER_NAME.test(name)) return "is not a valid header name";
  if (FRAMING_HEADERS.has(name)) return "is set by the transport";
  return CONTROLS.test(value) ? "contains a line break or another control character" : undefined;
}

/** The most characters of an outside text in a header. */
const HEADER_LIMIT = 512;

/** A text from outside, such as an upstream's id of a request, as the value of a header: one short line. */
export function headerValue(text: string): string {
  return text.slice(0, HEADER_LIMIT).replace(/[^\t\x20-\x7e\xa0-\xff]/g, "?");
}
