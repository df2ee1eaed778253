import type { Frame, Framing, HeaderFields } from "../core/contract/transport.js";
import { AiLibError } from "../core/errors/error.js";
import { OnDemand } from "../core/errors/on-demand.js";
import { base64OfBytes } from "../core/values/base64.js";
import { joinBytes } from "../core/values/join-bytes.js";
import { LIMITS } from "../core/values/limits.js";
import type { FrameLimits, Framer } from "./framer.js";
import { sseFramer } from "./sse.js";
import type { TextReader } from "./text-runs.js";
import { Utf8Stream } from "./utf8.js";

/** The kind of a reply's body: a stream in one of the framings or as one JSON array, or a single document. */
export type BodyKind = Framing | "json-array" | "json" | "html";

const BRACE = 123;
const BRACKET = 91;
const LESS_THAN = 60;
const DOUBLE_QUOTE = 34;

const NDJSON_TYPES = /ndjson|jsonl|jsonlines|stream\+json/;

/**
 * The kind of a body, by its content type and its first byte that is no white space. The byte decides, since no two
 * framings begin alike: vendors send an error as JSON where a stream was announced, proxies send HTML, and content types
 * are wrong at times.
 * @param fallback the dialect's framing, where neither is conclusive.
 */
export function bodyKind(contentType: string | undefined, firstByte: number, fallback: Framing): BodyKind {
  const type = contentType?.toLowerCase() ?? "";
  if (type.includes("amazon.eventstream")) return "aws-event-stream";
  if (firstByte === LESS_THAN) return "html";
  if (NDJSON_TYPES.test(type)) return "ndjson";
  if (firstByte === BRACKET) return "json-array";
  if (firstByte === BRACE)
    return fallback === "ndjson" && !type.startsWith("text/event-stream") ? "ndjson" : "json";
  if (firstByte === DOUBLE_QUOTE && type.includes("json")) return "json";
  if (type.startsWith("text/event-stream")) return "sse";
  return fallback;
}

/** The framings of streams besides server-sent events. */
export const otherFramings = new OnDemand("streams", () =>
  import("./other-framings.js").then(({ framersByKind }) => framersByKind),
);

/** Receives the contents of a body. */
export interface BodySink {
  /** A function of its own, which needs no `this`: each layer between costs time at each frame. */
  readonly frame: (frame: Frame) => void;
  /** Takes the texts of frames that are alike, where the framing finds such frames. Default: every frame goes to `frame`. */
  readonly texts?: TextReader | undefined;
  /** The body is a single document and no stream. Called from `end`, at most once. */
  whole(kind: "json" | "html", body: string): void;
}

/** Bounds on what is buffered of one body. */
export interface BodyLimits extends FrameLimits {
  /** Largest body that is no stream, in bytes. Default 64 MiB. */
  readonly wholeBytes?: number | undefined;
}

/** The default of {@link BodyLimits.wholeBytes}. */
const DEFAULT_BUFFERED_BYTES = LIMITS.bodyBytes;

/**
 * Reads the body of a streaming reply, whatever it turns out to be. An empty body gives neither a frame nor a document.
 */
export function bodyFramer(
  contentType: string | undefined,
  fallback: Framing,
  sink: BodySink,
  limits: BodyLimits = {},
): Framer {
  let framer: Framer | undefined;
  return {
    /** @throws {NotLoaded} before anything is read, where the code of the framing is not loaded. */
    push(chunk) {
      if (framer !== undefined) {
        framer.push(chunk);
        return;
      }
      const first = firstByte(chunk);
      if (first === -1) return;
      const kind = bodyKind(contentType, chunk[first] ?? 0, fallback);
      framer = framerOf(kind, sink, limits);
      framer.push(first === 0 ? chunk : chunk.subarray(first));
    },
    end() {
      framer?.end();
    },
  };
}

/** Index of the first byte after white space and a byte order mark; -1 where there is none. */
function firstByte(chunk: Uint8Array): number {
  for (let at = 0; at < chunk.length; at++) {
    const byte = chunk[at] ?? 0;
    const blank = byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
    const mark = byte === 0xef || byte === 0xbb || byte === 0xbf;
    if (!blank && !mark) return at;
  }
  return -1;
}

function framerOf(kind: BodyKind, sink: BodySink, limits: BodyLimits): Framer {
  const { frame: onFrame } = sink;
  switch (kind) {
    case "sse":
      return sseFramer(onFrame, limits, sink.texts);
    case "ndjson":
    case "aws-event-stream":
    case "json-array":
      return otherFramings.get()[kind](onFrame, limits);
    case "json":
    case "html": {
      const text = bufferedText(limits.wholeBytes);
      return { push: (chunk) => text.push(chunk), end: () => sink.whole(kind, text.end()) };
    }
    default:
      return kind satisfies never;
  }
}

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
