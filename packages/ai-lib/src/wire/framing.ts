import type { Frame, Framing } from "../core/contract/transport.js";
import { OnDemand } from "../core/errors/on-demand.js";
import { bufferedText } from "./body.js";
import type { FrameLimits, Framer } from "./framer.js";
import { sseFramer } from "./sse.js";
import type { TextReader } from "./text-runs.js";

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
