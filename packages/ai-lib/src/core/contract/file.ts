import type { UploadedFile } from "../values/message.js";
import type { CallOptions } from "./call.js";
import type { FileUpload, UploadOptions, UploadSession } from "./upload.js";

/** Whether a file can be used: `pending` while the vendor still processes it. */
export type StoredFileState = "pending" | "ready" | "failed";

/** A file in a provider's store, with the facts that the store reports. A message refers to it as `uploaded`. */
export interface StoredFile extends UploadedFile {
  readonly filename?: string;
  /** Length in bytes. */
  readonly size?: number;
  readonly mediaType?: string;
  /** Its purpose, in the vendor's word. */
  readonly purpose?: string;
  readonly state?: StoredFileState;
  /** Epoch milliseconds. */
  readonly createdAt?: number;
  /** Epoch milliseconds. Absent where the file stays until it is deleted, or the store does not say. */
  readonly expiresAt?: number;
  /** Whether `content` can read it, where the store says. */
  readonly downloadable?: boolean;
}

/** The bytes of a stored file, read as fast as they are consumed. They can be iterated once. */
export interface FileContent extends AsyncIterable<Uint8Array> {
  readonly mediaType?: string | undefined;
  /** Length in bytes, where the store says. */
  readonly size?: number | undefined;
}

/** Options of a list of files. */
export interface ListFilesOptions extends CallOptions {
  /** Only files of this purpose, in the vendor's word. */
  readonly purpose?: string | undefined;
  /** Files of one reply; the list itself continues to the end of the store. Default: the vendor's. */
  readonly pageSize?: number | undefined;
}

/** The file store of one provider. Every method fails as calls do. */
export interface FileStore {
  /**
   * Puts a file into the store, streamed: memory does not grow with the file.
   * @throws {AiLibError} `FILE_ERROR` for a file that is too large or does not have the size it was given;
   *   `UNSUPPORTED_FEATURE` for an option that the store does not have.
   */
  upload(file: FileUpload, options?: UploadOptions): Promise<StoredFile>;
  /** The facts that the store reports of a file. */
  get(id: string, options?: CallOptions): Promise<StoredFile>;
  /** Every file, page by page as it is read. */
  list(options?: ListFilesOptions): AsyncIterable<StoredFile>;
  /**
   * The bytes of a file. `timeouts.idleMs` bounds every silence, and `timeouts.totalMs` the time until the first byte.
   * @throws {AiLibError} also if the vendor does not return uploaded files (Anthropic, Gemini).
   */
  content(id: string, options?: CallOptions): Promise<FileContent>;
  /** Removes a file. */
  delete(id: string, options?: CallOptions): Promise<void>;
  /**
   * Cancels an upload that {@link UploadOptions.onSession} reported.
   * @throws {AiLibError} `UNSUPPORTED_FEATURE` where the store has no uploads in pieces.
   */
  cancelUpload(session: UploadSession, options?: CallOptions): Promise<UploadSession>;
}
