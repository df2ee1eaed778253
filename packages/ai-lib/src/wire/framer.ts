import { AiLibError } from "../core/errors/error.js";

/** Cuts the bytes of a body into frames, which it hands on synchronously, in order. */
export interface Framer {
  /**
   * Takes the next bytes, cut anywhere; they may be reused afterwards.
   * @throws {AiLibError} `INVALID_RESPONSE` for what is none of this framing, or larger than the limit.
   */
  push(chunk: Uint8Array): void;
  /**
   * The body is over.
   * @throws {AiLibError} `STREAM_TRUNCATED` where it ended within a frame that cannot be told from a whole one.
   */
  end(): void;
}

/** Bounds on what a framer keeps. */
export interface FrameLimits {
  /** Largest frame, in bytes (for text: characters, of which no byte can make more than one). Default 16 MiB. */
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
