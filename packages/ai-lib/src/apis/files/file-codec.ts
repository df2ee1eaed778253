import type { StoredFile } from "../../core/contract/file.js";
import type { HttpReply, HttpRequest } from "../../core/contract/transport.js";
import type { UploadOptions, UploadSession } from "../../core/contract/upload.js";
import { AiLibError } from "../../core/errors/error.js";
import { asNumber, asString } from "../../core/values/json.js";

/** What a codec of a file store knows of the store that it writes for. */
export interface FileTarget {
  /** Provider id. */
  readonly provider: string;
  /** Path of the files below the base URL, such as `/files`. */
  readonly path: string;
  /** Purpose of uploads that name none. */
  readonly purpose?: string | undefined;
  /** Masks the secrets of a request in text of its reply. */
  readonly redact: (text: string) => string;
}

/** What is said of a file before its bytes. */
export interface UploadFacts extends Pick<UploadOptions, "purpose" | "expiresAfterMs"> {
  readonly filename: string;
  readonly mediaType: string;
  /** Length in bytes, where it is known. */
  readonly size: number | undefined;
}

/** One page of a list: its files, and the query of the next page where there is one. */
export interface FilePage {
  readonly files: readonly StoredFile[];
  readonly next?: Readonly<Record<string, string>> | undefined;
}

/** How uploads in pieces are written and read. Pure, as {@link FileCodec} is. */
export interface PieceCodec {
  /** Bytes of a piece where the caller does not say. */
  readonly pieceBytes: number;
  /** The most bytes of a piece. */
  readonly mostPieceBytes: number;
  /** Every piece but the last has a multiple of this many bytes. */
  readonly granularity: number;
  /** Bytes of the largest file, where that is more than the store takes in one form. */
  readonly maxBytes?: number;
  /** Whether a piece goes as the field of a form, under this name. Absent: the bytes are the body. */
  readonly field?: string;
  /** Whether the last piece ends the upload. Else {@link complete} does. */
  readonly lastCompletes: boolean;
  begin(facts: UploadFacts, target: FileTarget): HttpRequest;
  begun(reply: HttpReply, facts: UploadFacts, target: FileTarget): UploadSession;
  /** The request of the next piece without its body. */
  piece(session: UploadSession, last: boolean, target: FileTarget): HttpRequest;
  /** The session after a piece of `bytes` bytes. */
  sent(reply: HttpReply, session: UploadSession, bytes: number, target: FileTarget): UploadSession;
  /** Asks how much the store has; absent where a piece that failed is not there. */
  query?(session: UploadSession, target: FileTarget): HttpRequest;
  queried?(reply: HttpReply, session: UploadSession, target: FileTarget): UploadSession;
  complete?(session: UploadSession, target: FileTarget): HttpRequest;
  /** The file, from the reply to the last piece or to {@link complete}. */
  completed(reply: HttpReply, target: FileTarget): StoredFile;
  cancel(session: UploadSession, target: FileTarget): HttpRequest;
  cancelled(reply: HttpReply, session: UploadSession, target: FileTarget): UploadSession;
}

/** How the API of a file store is written and read. Pure, no I/O; replies are untrusted. */
export interface FileCodec {
  /** Uploads in one form; absent where every upload goes in pieces. */
  readonly form?: {
    path(target: FileTarget): string;
    /** Headers of the upload besides those of the form. */
    readonly headers?: Readonly<Record<string, string>>;
    /** @throws {AiLibError} `UNSUPPORTED_FEATURE` for an option that the store does not have. */
    fields(facts: UploadFacts, target: FileTarget): Readonly<Record<string, string>>;
  };
  /** Uploads in pieces; absent where the store has none. */
  readonly pieces?: PieceCodec;
  /** A file that is `pending` cannot be used yet. Default: false. */
  readonly processes?: boolean;
  /** @throws {AiLibError} `INVALID_RESPONSE` for a reply without an id. */
  file(reply: HttpReply, target: FileTarget): StoredFile;
  get(id: string, target: FileTarget): HttpRequest;
  /** @throws {AiLibError} `UNSUPPORTED_FEATURE` for a filter that the store does not have. */
  list(
    filter: { readonly purpose?: string | undefined; readonly pageSize?: number | undefined },
    target: FileTarget,
  ): HttpRequest;
  page(reply: HttpReply, query: Readonly<Record<string, string>>, target: FileTarget): FilePage;
  content(id: string, target: FileTarget): HttpRequest;
  delete(id: string, target: FileTarget): HttpRequest;
}

/** The error of a reply that names no file. */
export function noFile(reply: HttpReply, { provider, redact }: FileTarget): AiLibError {
  return new AiLibError({
    code: "INVALID_RESPONSE",
    message: `The file store of ${provider} answered without the id of the file`,
    body: redact(reply.body),
  });
}

/** The error of an option that a store does not have. */
export function notInStore(what: string, { provider }: Pick<FileTarget, "provider">): AiLibError {
  return new AiLibError({
    code: "UNSUPPORTED_FEATURE",
    message: `The file store of ${provider} has no ${what}`,
    local: true,
  });
}

/** Epoch milliseconds of a time in seconds, or of an RFC 3339 text; undefined for anything else. */
export function timeOf(value: unknown): number | undefined {
  const seconds = asNumber(value);
  if (seconds !== undefined) return seconds > 0 ? Math.round(seconds * 1000) : undefined;
  const text = asString(value);
  const ms = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A size in bytes, which some stores write as a text. */
export function sizeOf(value: unknown): number | undefined {
  const size = typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : asNumber(value);
  return size === undefined || size < 0 ? undefined : size;
}

/** The fields of an object that have a value: a `StoredFile` never holds `undefined`. */
export function known<T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

/** Seconds of an expiry in milliseconds, rounded up. */
export function secondsOf(ms: number): string {
  return String(Math.ceil(ms / 1000));
}
