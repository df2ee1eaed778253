import type { PollOptions } from "../values/poll.js";
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

/**
 * An upload in pieces that can continue after a failure, also in another process. Plain JSON. Anyone who has `url` can
 * write this one file until the session expires: store it as safely as a password.
 */
export interface UploadSession {
  /** The provider whose store it is, by its id. */
  readonly provider: string;
  /** The vendor's id of the upload. Empty where its `url` represents it. */
  readonly id: string;
  /** Where the pieces go, for vendors that name an address. */
  readonly url?: string;
  readonly state: "pending" | "done" | "cancelled" | "expired";
  readonly filename: string;
  readonly mediaType: string;
  readonly purpose?: string;
  /** Length of the whole file in bytes, where it is known. */
  readonly size?: number;
  /** Bytes that the store has; the upload continues from there. */
  readonly offset: number;
  /** Ids of the pieces that the store has, in order, for vendors that give them ids. */
  readonly parts?: readonly string[];
  /** Epoch milliseconds, where the vendor says. */
  readonly expiresAt?: number;
}

/** Options of one upload. */
export interface UploadOptions extends CallOptions {
  /** Receives, after every piece, how many bytes were sent, of how many where that is known. */
  readonly onProgress?: ((sent: number, total: number | undefined) => void) | undefined;
  /** What the file is for, in the vendor's word. Default: input of a chat, where the vendor has purposes. */
  readonly purpose?: string | undefined;
  /**
   * Milliseconds after which the store deletes the file, at least one hour. Default: the vendor's own rule.
   * `UNSUPPORTED_FEATURE` where the store has no such choice.
   */
  readonly expiresAfterMs?: number | undefined;
  /**
   * Uploads in pieces, and receives the session when it begins, after every piece, and when it is done. Store it, and
   * pass it as `session` to continue after a failure. `UNSUPPORTED_FEATURE` where the store has no uploads in pieces.
   */
  readonly onSession?: ((session: UploadSession) => void) | undefined;
  /** Continues an upload: pass the same file from its beginning. The bytes that the store has are skipped. */
  readonly session?: UploadSession | undefined;
  /**
   * Bytes of one piece, which memory holds while it is sent; rounded to what the vendor takes. Default: 16 MiB (OpenAI),
   * 8 MiB (Gemini).
   */
  readonly pieceBytes?: number | undefined;
  /**
   * Waits until the vendor has processed the file, within `timeouts.totalMs` (default 15 minutes). Default: true for stores
   * whose files cannot be used before (Gemini); other stores say `ready` from the start. `false` returns the file as it is.
   */
  readonly waitUntilReady?: boolean | PollOptions | undefined;
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
