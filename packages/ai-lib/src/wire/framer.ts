import { AiLibError } from "../core/errors/error.js";
import { tryParse } from "../core/values/json.js";
import { LIMITS } from "../core/values/limits.js";

/** Splits the bytes of a body into frames, which it emits synchronously and in order. */
export interface Framer {
  /**
   * Reads the next bytes, split anywhere; the caller may reuse them afterwards.
   * @throws {AiLibError} `INVALID_RESPONSE` for bytes that are not of this framing, or a frame larger than the limit.
   */
  push(chunk: Uint8Array): void;
  /**
   * Ends the body.
   * @throws {AiLibError} `STREAM_TRUNCATED` where it ends within a frame, in framings that can tell.
   */
  end(): void;
}

/** Bounds on what a framer buffers. */
export interface FrameLimits {
  /** Largest frame, in bytes (for text in characters, which are never more than the bytes). Default 16 MiB. */
  readonly frameBytes?: number | undefined;
}

/** The default of {@link FrameLimits.frameBytes}. */
export const DEFAULT_FRAME_BYTES = LIMITS.frameBytes;

/**
 * Whether the payload of a last frame without its end is complete: JSON, or a marker such as `[DONE]`. One that is not
 * was cut, and the answer with it.
 */
export function isComplete(data: string): boolean {
  return data.trim() === "[DONE]" || tryParse(data) !== undefined;
}

/** A frame that is larger than the limit. */
export function frameTooLarge(limit: number): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: `The provider sent one frame of more than ${limit} bytes; nothing of this kind is that large`,
  });
}
