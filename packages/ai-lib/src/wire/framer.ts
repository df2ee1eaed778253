import { AiLibError } from "../core/errors/error.js";

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
export const DEFAULT_FRAME_BYTES = 16 * 1024 * 1024;

/** A frame that is larger than the limit. */
export function frameTooLarge(limit: number): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: `The provider sent one frame of more than ${limit} bytes; nothing of this kind is that large`,
  });
}
