import type { AiLibErrorInit } from "../core/errors/error.js";
import { refuseUnknown } from "../core/errors/options.js";

/**
 * The fault of one attempt. Several fields may be set; the one that comes first on the wire happens first. `n` counts
 * the frames that were sent before.
 */
export interface Fault {
  /** Answers with this HTTP status and the dialect's own error body. */
  readonly status?: number | undefined;
  /** Answers with this error in the dialect's own shape; `status` may override its status. */
  readonly error?: AiLibErrorInit | undefined;
  /** Headers of the reply, such as `retry-after`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Body in place of the dialect's error body, or, without `status` and `error`, of the answer. */
  readonly body?: string | undefined;
  /** Milliseconds before the reply's head. */
  readonly headDelayMs?: number | undefined;
  /** Milliseconds between the head and the first frame of a stream. */
  readonly firstFrameDelayMs?: number | undefined;
  /** Milliseconds between the frames of a stream. */
  readonly frameDelayMs?: number | undefined;
  /** Never answers: `"head"` not even with a head, as a deaf socket does; a number after so many frames. */
  readonly silent?: "head" | number | undefined;
  /**
   * Resets the connection: `"head"` before the head, a number after so many frames. On a connection that was used
   * before, the same request sent once more on a new one counts as the same attempt, and is reset as well.
   */
  readonly reset?: "head" | number | undefined;
  /** Ends the body properly after so many frames, without the dialect's terminator. */
  readonly cut?: number | undefined;
  /** Sends an error inside the stream after so many frames, in the dialect's own shape. */
  readonly inBand?: { readonly after: number; readonly error: AiLibErrorInit } | undefined;
  /** Sends a frame that is not JSON after so many frames, and continues. */
  readonly malformed?: number | undefined;
  /** Sends the whole answer and leaves out whatever says that it is whole. */
  readonly noTerminator?: boolean | undefined;
  /**
   * Sends comments in place of the rest of a stream, one every `everyMs` (default 250), after so many frames. A reply
   * in one piece, and a format without comments, is silent from there on.
   */
  readonly comments?: { readonly after: number; readonly everyMs?: number } | undefined;
  /** Sends the body in pieces of so many bytes, one every `everyMs` (default 10). */
  readonly dribble?: { readonly bytes: number; readonly everyMs?: number } | undefined;
  /** Sends at least so many bytes of white space in place of the body; `Infinity` until the client leaves. */
  readonly oversize?: number | undefined;
  /** Leaves the connection open after the whole answer of a stream. */
  readonly lingers?: boolean | undefined;
  /** Closes the connection behind the reply without having announced it. */
  readonly closes?: boolean | undefined;
  /** The id of the answer, such as one that other answers have, too. */
  readonly id?: string | undefined;
}

const FAULT_NAMES: ReadonlySet<string> = new Set([
  "status",
  "error",
  "headers",
  "body",
  "headDelayMs",
  "firstFrameDelayMs",
  "frameDelayMs",
  "silent",
  "reset",
  "cut",
  "inBand",
  "malformed",
  "noTerminator",
  "comments",
  "dribble",
  "oversize",
  "lingers",
  "closes",
  "id",
] satisfies (keyof Fault)[]);

/** @throws {AiLibError} `CONFIG_ERROR` for a field that no fault has. */
export function checkFault(fault: Fault): Fault {
  refuseUnknown("fault", fault, FAULT_NAMES);
  return fault;
}
