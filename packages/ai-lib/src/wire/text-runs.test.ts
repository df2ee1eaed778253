import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TextFrames } from "../core/contract/dialect.js";
import { tryParse } from "../core/values/json.js";
import { sseFramer } from "./sse.js";

/** What a decoder has learned: deltas of this shape. */
const LEARNED: TextFrames = {
  head: '{"type":"delta","text":"',
  tail: '","n":0}',
  read(raw) {
    const text = tryParse(`"${raw}"`);
    return typeof text === "string" ? text : undefined;
  },
};

const bytes = new TextEncoder();

/** The texts of a body in order, and how many events were read as frames. */
function read(body: string, { known = true, size = 64 * 1024, frameBytes = 1_024 } = {}) {
  let text = "";
  let frames = 0;
  const texts = {
    get frames() {
      // A decoder learns from a frame.
      return known && frames > 0 ? LEARNED : undefined;
    },
    add(piece: string) {
      text += piece;
    },
    end() {},
  };
  const framer = sseFramer(
    ({ data }) => {
      frames++;
      const value = tryParse(data) as { readonly text?: string } | undefined;
      text += value?.text ?? `(${data})`;
    },
    { frameBytes },
    texts,
  );
  const all = bytes.encode(body);
  for (let at = 0; at < all.length; at += size) framer.push(all.slice(at, at + size));
  framer.end();
  return { text, frames };
}

const event = (text: string, line = "\n", type = "") =>
  `${type}data: {"type":"delta","text":${JSON.stringify(text)},"n":0}${line}${line}`;

describe("texts of events in a row", () => {
  it("need no frame once their shape is known", () => {
    const body = ["a", "b", "c\n", "d€"].map((text) => event(text)).join("");
    expect(read(body)).toEqual({ text: "abc\nd€", frames: 1 });
  });

  it.each([
    ["LF", "\n", ""],
    ["CRLF", "\r\n", ""],
    ["types", "\n", "event: content_block_delta\n"],
  ])("are the same as those of frames, in any pieces (%s)", (_name, line, type) => {
    const text = fc.oneof(
      fc.constantFrom("word", "", '"', "\\", '\\"', "\n", '","n":0}', "data: x\n\n", "😀"),
      fc.string({ unit: "binary" }),
    );
    const other = fc.constantFrom(
      `data: {"other":1}${line}${line}`,
      `data: [DONE]${line}${line}`,
      `: x${line}${line}`,
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 6, arbitrary: text.map((one) => event(one, line, type)) }, other)),
        fc.integer({ min: 1, max: 300 }),
        (events, size) => {
          const body = events.join("");
          expect(read(body, { size }).text).toBe(read(body, { known: false, size }).text);
        },
      ),
    );
  });

  it.each([
    ["more fields", 'data: {"type":"delta","text":"b","n":0,"error":1}\n\n'],
    ["another end", 'data: {"type":"delta","text":"b","n":1}\n\n'],
    ["another type", 'event: error\ndata: {"type":"delta","text":"b","n":0}\n\n'],
    ["a second line", 'data: {"type":"delta","text":"b","n":0}\ndata: \n\n'],
    ["no text", 'data: {"type":"delta","text":"","n":0}\n\n'],
    ["a text that JSON refuses", 'data: {"type":"delta","text":"\u0001","n":0}\n\n'],
  ])("are not those of an event with %s", (_name, different) => {
    const body = event("a") + different + event("c");
    // The first event is a frame, and so is this one.
    expect(read(body).frames).toBeGreaterThanOrEqual(2);
    expect(read(body).text).toBe(read(body, { known: false }).text);
  });

  it("refuse an event that is larger than the limit", () => {
    const body = event("a") + event("x".repeat(2_000));
    expect(() => read(body)).toThrow(expect.objectContaining({ code: "INVALID_RESPONSE" }));
  });
});
