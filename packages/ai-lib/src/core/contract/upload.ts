import type { CallOptions } from "./call.js";
import { attempt } from "./guard.js";

/** A file to put into a provider's store. */
export interface FileUpload {
  /** Bytes, or an iterable of their pieces. Bytes can be sent again, pieces cannot. */
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
  /** Length in bytes, where it is known. Not needed with bytes. */
  readonly size?: number | undefined;
  readonly filename: string;
  /** Such as `application/pdf`. */
  readonly mediaType: string;
}

/** Options of one upload. */
export interface UploadOptions extends CallOptions {
  /** Receives, after every piece, how many bytes were sent, of how many where that is known. */
  readonly onProgress?: ((sent: number, total: number | undefined) => void) | undefined;
}

/**
 * Gives back what the pieces of a file hold (a file descriptor, a connection), whether or not they were read. Every
 * upload does so when it ends, and when it is not made.
 */
export function closeContent(content: FileUpload["content"]): void {
  if (content instanceof Uint8Array) return;
  const source = content as { destroy?(): unknown; cancel?(): unknown; return?(): unknown };
  // A stream of Node, a stream of the web, an iterator.
  attempt(() => {
    if (source.destroy !== undefined) source.destroy();
    else if (source.cancel !== undefined) return source.cancel();
    else return source.return?.();
    return undefined;
  });
}
