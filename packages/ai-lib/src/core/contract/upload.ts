import type { CallOptions } from "./call.js";

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
