import type { HeaderFields } from "../core/contract/transport.js";
import { AiLibError } from "../core/errors/error.js";
import { base64OfBytes } from "../core/values/base64.js";
import { joinBytes } from "../core/values/join-bytes.js";
import { LIMITS } from "../core/values/limits.js";
import { Utf8Stream } from "./utf8.js";

/** The largest body that is collected, in bytes. */
const DEFAULT_BUFFERED_BYTES = LIMITS.bodyBytes;

/** Collects a body that is no stream. */
export interface BufferedText {
  /** @throws {AiLibError} `INVALID_RESPONSE` for a body larger than the limit. */
  push(chunk: Uint8Array): void;
  /** The whole text; invalid UTF-8 is replaced, a byte order mark left out. */
  end(): string;
}

/** Types of bodies that are no text. */
const BINARY = /^(audio|image|video)\/|^application\/octet-stream/i;

/** Whether headers announce a body that is no text. */
export function isBinary(headers: HeaderFields): boolean {
  return BINARY.test(headers["content-type"] ?? "");
}

/** Whether headers announce a text that is neither JSON nor events. */
export function isText(headers: HeaderFields): boolean {
  const type = headers["content-type"] ?? "";
  return type.startsWith("text/") && !type.startsWith("text/event-stream");
}

/** Collects a whole body of bytes as base64, up to a limit in bytes. */
export function bufferedBytes(limit: number = DEFAULT_BUFFERED_BYTES): BufferedText {
  const pieces: Uint8Array[] = [];
  let length = 0;
  return {
    push(chunk) {
      length += chunk.length;
      if (length > limit) throw bodyTooLong(limit);
      // The transport may use a chunk again, and the `slice` of a Buffer is no copy.
      pieces.push(new Uint8Array(chunk));
    },
    end: () => base64OfBytes(joinBytes(pieces, length)),
  };
}

function bodyTooLong(limit: number): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: `The provider sent a body of more than ${limit} bytes`,
  });
}

/**
 * Bytes of the first piece of a body that is taken for a large one. It is decoded as one text, in a third of the time
 * that its pieces take; a small body is not worth the copies.
 */
const LARGE_PIECE = 16 * 1024;

/** Collects a whole body, up to a limit in bytes. */
export function bufferedText(limit: number = DEFAULT_BUFFERED_BYTES): BufferedText {
  return new TextBuffer(limit);
}

class TextBuffer implements BufferedText {
  private readonly decoder = new Utf8Stream();
  private text = "";
  private pieces: Uint8Array[] | undefined;
  private length = 0;

  constructor(private readonly limit: number) {}

  push(chunk: Uint8Array): void {
    if (this.length === 0 && chunk.length >= LARGE_PIECE) this.pieces = [];
    this.length += chunk.length;
    if (this.length > this.limit) throw bodyTooLong(this.limit);
    // The transport may use a chunk again, and the `slice` of a Buffer is no copy.
    if (this.pieces === undefined) this.text += this.decoder.push(chunk);
    else this.pieces.push(new Uint8Array(chunk));
  }

  end(): string {
    const { decoder, pieces } = this;
    return pieces === undefined
      ? this.text + decoder.end()
      : decoder.push(joinBytes(pieces, this.length)) + decoder.end();
  }
}
