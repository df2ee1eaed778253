/** The name of a limit of {@link LIMITS}. */
export type LimitName =
  | "depth"
  | "jsonNodes"
  | "bodyBytes"
  | "frameBytes"
  | "errorBytes"
  | "answerSize"
  | "heldCharacters"
  | "parts"
  | "warnings"
  | "rawCharacters"
  | "preambleEvents"
  | "preambleCharacters"
  | "waitingEvents"
  | "tokens"
  | "tokenMs";

/**
 * Limits on the input that one call accepts from the network or from a provider of the user. A reply beyond one of them
 * fails with `INVALID_RESPONSE`, unless the limit says otherwise. docs/defaults.md lists them.
 */
export const LIMITS: Readonly<Record<LimitName, number>> = {
  /** Objects and lists within each other in JSON, also in requests (`INVALID_REQUEST`). */
  depth: 256,
  /** Objects and lists in one JSON document. */
  jsonNodes: 500_000,
  /** Bytes of a reply that is not a stream. */
  bodyBytes: 64 * 1024 * 1024,
  /** Bytes of one frame of a stream. */
  frameBytes: 16 * 1024 * 1024,
  /** Bytes that are read of an error reply; the rest is not read. */
  errorBytes: 1024 * 1024,
  /** Size of the content of one streamed answer: its characters, 48 for each event, and 32 for each object and list. */
  answerSize: 64 * 1024 * 1024,
  /** Characters of frames that bring no content, such as a tool call that has no name yet. */
  heldCharacters: 32 * 1024 * 1024,
  /** Parts of one answer. */
  parts: 100_000,
  /** Warnings of one answer; further ones are left out, and the last one says so. */
  warnings: 1_000,
  /** Characters of a stream that `includeRaw` returns; further frames are left out. */
  rawCharacters: 8 * 1024 * 1024,
  /** Events before the first content that a strategy holds back; notices beyond it are left out. */
  preambleEvents: 64,
  /** Characters of those events; a longer preamble is passed on. */
  preambleCharacters: 256 * 1024,
  /** Events that wait for a slow reader before the source is paused. */
  waitingEvents: 256,
  /** The most tokens of one call that a provider can report; a larger number is ignored. */
  tokens: 1_000_000_000,
  /** Milliseconds that a token source may take (`AUTH_FAILED`). */
  tokenMs: 30_000,
};
