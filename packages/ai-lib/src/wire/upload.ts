import { type Random, randomId } from "../core/contract/clock.js";
import { attempt } from "../core/contract/guard.js";
import type { FileUpload, UploadOptions } from "../core/contract/upload.js";
import { AiLibError } from "../core/errors/error.js";

/** Bytes of a file that are sent at a time: the step of its progress, and of an abort. */
const PIECE_BYTES = 64 * 1024;

/** Options of {@link fileBody} and {@link multipartBody}. */
export interface FileBodyOptions extends Pick<UploadOptions, "onProgress"> {
  /** Largest file that the store accepts, in bytes. Default: no limit. */
  readonly maxBytes?: number | undefined;
}

/** A file as the body of a request, with the headers that describe it. */
export interface FileBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Makes a body of one file, which is read piece by piece as fast as it is sent. Its source is closed when reading
 * stops early (an abort, a failed request).
 * @throws {AiLibError} `FILE_ERROR` for a file whose known size exceeds the limit. The body itself fails with
 *   `FILE_ERROR` when more bytes than the limit arrive, or when the number of bytes is not the size that was given.
 */
export function fileBody(file: FileUpload, options: FileBodyOptions = {}): FileBody {
  const { content, filename } = file;
  const size = content instanceof Uint8Array ? content.length : file.size;
  const { maxBytes, onProgress } = options;
  if (size !== undefined && maxBytes !== undefined && size > maxBytes)
    throw fileTooLarge(filename, `${size} bytes long`, maxBytes);
  let sent = 0;
  const count = (piece: Uint8Array): void => {
    sent += piece.length;
    if (maxBytes !== undefined && sent > maxBytes) throw fileTooLarge(filename, "longer", maxBytes);
    if (size !== undefined && sent > size) throw sizeMismatch(filename, size, "more");
  };
  const checkSize = (): void => {
    if (size !== undefined && sent < size) throw sizeMismatch(filename, size, `only ${sent}`);
  };
  const body: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]() {
      sent = 0;
      const source = content instanceof Uint8Array ? piecesOf(content) : content[Symbol.asyncIterator]();
      let reported = 0;
      const reportProgress = (): void => {
        if (reported === sent) return;
        reported = sent;
        if (onProgress !== undefined) attempt(() => onProgress(sent, size));
      };
      return {
        async next() {
          // The reader asks for more, so the previous piece was sent.
          reportProgress();
          const step = await source.next();
          if (step.done === true) {
            checkSize();
            return { done: true, value: undefined };
          }
          count(step.value);
          return step;
        },
        async return() {
          await source.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
  const length = size === undefined ? {} : { "content-length": String(size) };
  return { headers: { "content-type": file.mediaType, ...length }, body };
}

/**
 * Makes a `multipart/form-data` body (RFC 7578) of some fields and one file, streamed.
 * @param random draws the boundary.
 * @throws {AiLibError} as {@link fileBody} does.
 */
export function multipartBody(
  fields: Readonly<Record<string, string>>,
  fileField: string,
  file: FileUpload,
  random: Random,
  options: FileBodyOptions = {},
): FileBody {
  const inner = fileBody(file, options);
  const boundary = `----ai-lib-${randomId(random, 24)}`;
  const encoder = new TextEncoder();
  let text = "";
  for (const [name, value] of Object.entries(fields))
    text += `--${boundary}\r\ncontent-disposition: form-data; name="${escapeQuotes(name)}"\r\n\r\n${value}\r\n`;
  text += `--${boundary}\r\ncontent-disposition: form-data; name="${escapeQuotes(fileField)}"; filename="${escapeQuotes(file.filename)}"\r\n`;
  text += `content-type: ${file.mediaType.replace(/[\r\n]/g, "")}\r\n\r\n`;
  const head = encoder.encode(text);
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  const length = inner.headers["content-length"];
  return {
    headers: {
      "content-type": `multipart/form-data; boundary=${boundary}`,
      ...(length === undefined
        ? {}
        : { "content-length": String(head.length + Number(length) + tail.length) }),
    },
    body: withFrame(head, inner.body, tail),
  };
}

/** Adds a first and a last piece to a body. Not a generator, so that `return` reaches a source that hangs. */
function withFrame(
  head: Uint8Array,
  body: AsyncIterable<Uint8Array>,
  tail: Uint8Array,
): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const source = body[Symbol.asyncIterator]();
      let stage: "head" | "body" | "over" = "head";
      return {
        async next() {
          if (stage === "over") return { done: true, value: undefined };
          if (stage === "head") {
            stage = "body";
            return { done: false, value: head };
          }
          const step = await source.next();
          if (step.done !== true) return step;
          stage = "over";
          return { done: false, value: tail };
        },
        async return() {
          stage = "over";
          await source.return?.();
          return { done: true, value: undefined };
        },
      };
    },
  };
}

function piecesOf(bytes: Uint8Array): AsyncIterator<Uint8Array> {
  let at = 0;
  return {
    next() {
      if (at >= bytes.length) return Promise.resolve({ done: true, value: undefined });
      const value = bytes.subarray(at, at + PIECE_BYTES);
      at += value.length;
      return Promise.resolve({ done: false, value });
    },
  };
}

/** Escapes a name within quotes as browsers do (https://html.spec.whatwg.org/#multipart-form-data). */
function escapeQuotes(name: string): string {
  return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function fileTooLarge(filename: string, length: string, maxBytes: number): AiLibError {
  return new AiLibError({
    code: "FILE_ERROR",
    message: `"${filename}" is ${length}; the provider takes files of at most ${maxBytes} bytes`,
    local: true,
  });
}

function sizeMismatch(filename: string, size: number, arrived: string): AiLibError {
  return new AiLibError({
    code: "FILE_ERROR",
    message: `"${filename}" should have ${size} bytes, but ${arrived} arrived; did it change while it was read?`,
    local: true,
  });
}
