import type { Frame } from "../../src/core/contract/transport.js";
import type { FrameLimits, Framer } from "../../src/wire/framer.js";

const utf8 = new TextEncoder();

/** Makes a framer that gives its frames to a function. */
export type MakeFramer = (onFrame: (frame: Frame) => void, limits?: FrameLimits) => Framer;

function bytesOf(body: string | Uint8Array): Uint8Array {
  return typeof body === "string" ? utf8.encode(body) : body;
}

/** Texts and bytes, one after the other, as bytes. */
export function joined(pieces: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(pieces.map(bytesOf));
}

/** Frames of a body that comes in reads of these sizes, over and over, each from a buffer that is used again. */
export function framesOf(
  make: MakeFramer,
  body: string | Uint8Array,
  sizes: readonly number[] = [],
  frameBytes?: number,
): Frame[] {
  const frames: Frame[] = [];
  const framer = make((frame) => frames.push(frame), { frameBytes });
  const whole = Uint8Array.from(bytesOf(body));
  for (let at = 0, i = 0; at < whole.length; i++) {
    const read = whole.slice(at, at + (sizes.length === 0 ? whole.length : (sizes[i % sizes.length] ?? 1)));
    at += read.length;
    framer.push(read);
    read.fill(0);
  }
  framer.end();
  return frames;
}
