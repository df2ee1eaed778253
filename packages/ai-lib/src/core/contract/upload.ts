import type { CallOptions } from "./call.js";

/** A file on its way to a provider's store. */
export interface FileUpload {
  /** Bytes, or pieces of them from wherever they come. */
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
  /** Length in bytes, where it is known. Bytes know their own. */
  readonly size?: number | undefined;
  readonly filename: string;
  /** Such as `application/pdf`. */
  readonly mediaType: string;
}

/** Options of one upload. */
export interface FileUploadOptions extends CallOptions {
  /** Hears how many bytes have gone out, of how many where that is known. */
  readonly onProgress?: ((sent: number, total: number | undefined) => void) | undefined;
}
