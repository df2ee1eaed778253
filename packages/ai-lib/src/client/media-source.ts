import { attempt } from "../core/contract/guard.js";
import { closeContent, type FileUpload } from "../core/contract/upload.js";
import { AiLibError } from "../core/errors/error.js";
import { joinBytes } from "../core/values/join-bytes.js";
import { SNIFFED_BYTES, sniffMediaType } from "../core/values/media-type.js";

/** A source of bytes: a path on this machine, bytes, a blob, a stream of pieces, or a described file. */
export type MediaSource =
  | FileUpload
  | string
  | Uint8Array
  | ArrayBuffer
  | Blob
  | AsyncIterable<Uint8Array>
  | ReadableStream<Uint8Array>;

/** Facts about a source that ai-lib need not detect. */
export interface MediaHints {
  /** IANA media type. Default: recognized by the first bytes. */
  readonly mediaType?: string | undefined;
  /** Default: the last part of the path, else `"file"`. */
  readonly name?: string | undefined;
}

/** A source that is ready to be read, once. */
export interface OpenedMedia {
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
  readonly size: number | undefined;
  readonly name: string;
  readonly mediaType: string;
}

/**
 * Opens a source and detects its media type.
 * @throws {AiLibError} `FILE_ERROR` for a path that cannot be read, and for bytes of an unknown type, unless a media
 *   type is given.
 */
export async function openMedia(source: MediaSource, hints: MediaHints = {}): Promise<OpenedMedia> {
  if (typeof source === "string") return openPath(source, hints);
  if (typeof source !== "object" || source === null) throw noSource();
  if ("content" in source) {
    const { content, size, filename, mediaType } = source;
    return { content, size, name: hints.name ?? filename, mediaType: hints.mediaType ?? mediaType };
  }
  if (source instanceof Blob) {
    const mediaType = hints.mediaType ?? (source.type === "" ? undefined : source.type);
    return openBytes(new Uint8Array(await source.arrayBuffer()), { ...hints, mediaType });
  }
  if (source instanceof ArrayBuffer) return openBytes(new Uint8Array(source), hints);
  if (source instanceof Uint8Array) return openBytes(source, hints);
  if (Symbol.asyncIterator in source)
    return openStream(source as AsyncIterable<Uint8Array>, hints, undefined);
  throw noSource();
}

function noSource(): AiLibError {
  return new AiLibError({
    code: "FILE_ERROR",
    message: "A file is a path, bytes (Uint8Array, ArrayBuffer, Blob) or a stream of them",
    local: true,
  });
}

async function openBytes(bytes: Uint8Array, hints: MediaHints): Promise<OpenedMedia> {
  const name = hints.name ?? "file";
  const mediaType = hints.mediaType ?? sniff(bytes.subarray(0, SNIFFED_BYTES), name);
  return { content: bytes, size: bytes.length, name, mediaType };
}

async function openPath(path: string, hints: MediaHints): Promise<OpenedMedia> {
  const { openFile } = await import("#files");
  try {
    const { name, size, content } = await openFile(path);
    return await openStream(content, { ...hints, name: hints.name ?? name }, size);
  } catch (error) {
    if (AiLibError.is(error)) throw error;
    throw new AiLibError({
      code: "FILE_ERROR",
      message: `The file "${path}" cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      local: true,
      cause: error,
    });
  }
}

async function openStream(
  source: AsyncIterable<Uint8Array>,
  hints: MediaHints,
  size: number | undefined,
): Promise<OpenedMedia> {
  const name = hints.name ?? "file";
  if (hints.mediaType !== undefined) return { content: source, size, name, mediaType: hints.mediaType };
  const iterator = source[Symbol.asyncIterator]();
  const pieces: Uint8Array[] = [];
  let mediaType: string;
  try {
    mediaType = sniff(await headOf(iterator, pieces), name);
  } catch (error) {
    await iterator.return?.();
    closeContent(source);
    throw error;
  }
  const content: AsyncIterable<Uint8Array> & { destroy(): void } = {
    destroy() {
      attempt(() => iterator.return?.());
      closeContent(source);
    },
    async *[Symbol.asyncIterator]() {
      try {
        yield* pieces;
        for (let step = await iterator.next(); step.done !== true; step = await iterator.next())
          yield step.value;
      } finally {
        await iterator.return?.();
      }
    },
  };
  return { content, size, name, mediaType };
}

/**
 * The first bytes of a stream, which show its type, however small its pieces are; `pieces` gets all bytes that were
 * read.
 */
async function headOf(iterator: AsyncIterator<Uint8Array>, pieces: Uint8Array[]): Promise<Uint8Array> {
  let length = 0;
  while (length < SNIFFED_BYTES) {
    const step = await iterator.next();
    if (step.done === true) break;
    pieces.push(step.value);
    length += step.value.length;
  }
  return joinBytes(pieces, length).subarray(0, SNIFFED_BYTES);
}

function sniff(head: Uint8Array, name: string): string {
  const found = sniffMediaType(head);
  if (found !== undefined) return found;
  if (isText(head)) return "text/plain";
  throw new AiLibError({
    code: "FILE_ERROR",
    message: `The type of "${name}" is unknown; pass its mediaType`,
    local: true,
  });
}

function isText(head: Uint8Array): boolean {
  if (head.length === 0 || head.includes(0)) return false;
  try {
    // A character may be cut at the end of the head; `stream` lets it pass.
    new TextDecoder("utf-8", { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * All bytes of opened media.
 * @throws {AiLibError} `FILE_ERROR` past `limit` bytes.
 */
export async function readMedia(media: OpenedMedia, limit: number): Promise<Uint8Array> {
  const { content, name } = media;
  if (content instanceof Uint8Array) {
    if (content.length > limit) throw tooLarge(name, limit);
    return content;
  }
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of content) {
    size += piece.length;
    if (size > limit) throw tooLarge(name, limit);
    pieces.push(piece);
  }
  return joinBytes(pieces, size);
}

function tooLarge(name: string, limit: number): AiLibError {
  return new AiLibError({
    code: "FILE_ERROR",
    message: `"${name}" has more than ${limit} bytes, which is too much to send within a message; upload it instead`,
    local: true,
  });
}
