import { type Random, randomId } from "../core/contract/clock.js";
import { AiLibError } from "../core/errors/error.js";

/** Bytes of a file that are handed on at a time: the step of its progress, and of an abort. */
const PIECE_BYTES = 64 * 1024;

/** A file on its way to a provider's store. */
export interface FileUpload {
  /** Bytes, or pieces of them from wherever they come. Bytes can be sent again, pieces cannot. */
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
  /** Length in bytes, where it is known. Bytes know their own. */
  readonly size?: number | undefined;
  readonly filename: string;
  /** Such as `application/pdf`. */
  readonly mediaType: string;
}

/** Settings of one upload. */
export interface UploadOptions {
  /** Largest file that the store takes, in bytes. Default: no limit. */
  readonly maxBytes?: number | undefined;
  /** Hears after every piece how many bytes of the file have gone out, of how many where that is known. */
  readonly onProgress?: ((sent: number, total: number | undefined) => void) | undefined;
}

/** A body to send, and the headers that belong to it. */
export interface UploadBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * A file as a body of its own, piece by piece, as fast as it is sent. Whoever stops reading it (an abort, a failed
 * request) closes its source.
 * @throws {AiLibError} `FILE_ERROR` at once for a file that is known to be larger than the limit; else the body
 *   fails so when the limit is passed, or when it is not as long as it was said to be.
 */
export function fileBody(file: FileUpload, options: UploadOptions = {}): UploadBody {
  const { content, filename } = file;
  const size = content instanceof Uint8Array ? content.length : file.size;
  const { maxBytes, onProgress } = options;
  if (size !== undefined && maxBytes !== undefined && size > maxBytes)
    throw tooLarge(filename, `${size} bytes long`, maxBytes);
  let sent = 0;
  const count = (piece: Uint8Array): void => {
    sent += piece.length;
    if (maxBytes !== undefined && sent > maxBytes) throw tooLarge(filename, "longer", maxBytes);
    if (size !== undefined && sent > size) throw changed(filename, size, "more");
  };
  const whole = (): void => {
    if (size !== undefined && sent < size) throw changed(filename, size, `only ${sent}`);
  };
  const body: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]() {
      sent = 0;
      const source = content instanceof Uint8Array ? piecesOf(content) : content[Symbol.asyncIterator]();
      let told = 0;
      const progress = (): void => {
        if (told === sent) return;
        told = sent;
        onProgress?.(sent, size);
      };
      return {
        async next() {
          // Asked for more: what was handed out before is on its way.
          progress();
          const step = await source.next();
          if (step.done === true) {
            whole();
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
 * A `multipart/form-data` body (RFC 7578) of some fields and one file, streamed.
 * @param random makes the boundary.
 * @throws {AiLibError} as {@link fileBody} does.
 */
export function multipartBody(
  fields: Readonly<Record<string, string>>,
  fileField: string,
  file: FileUpload,
  random: Random,
  options: UploadOptions = {},
): UploadBody {
  const inner = fileBody(file, options);
  const boundary = `----ai-lib-${randomId(random, 24)}`;
  const encoder = new TextEncoder();
  let text = "";
  for (const [name, value] of Object.entries(fields))
    text += `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"\r\n\r\n${value}\r\n`;
  text += `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(fileField)}"; filename="${quoted(file.filename)}"\r\n`;
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
    body: framed(head, inner.body, tail),
  };
}

/** One piece before and one after those of a body. Not a generator: its `return` reaches a source that hangs. */
function framed(
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

/** A name within quotes, as browsers escape it (https://html.spec.whatwg.org/#multipart-form-data). */
function quoted(name: string): string {
  return name.replaceAll('"', "%22").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function tooLarge(filename: string, length: string, maxBytes: number): AiLibError {
  return new AiLibError({
    code: "FILE_ERROR",
    message: `"${filename}" is ${length}; the provider takes files of at most ${maxBytes} bytes`,
    local: true,
  });
}

function changed(filename: string, size: number, came: string): AiLibError {
  return new AiLibError({
    code: "FILE_ERROR",
    message: `"${filename}" was said to have ${size} bytes, but ${came} came; was it changed while it was read?`,
    local: true,
  });
}
