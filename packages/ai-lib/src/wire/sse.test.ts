import { createParser } from "eventsource-parser";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Frame } from "../core/contract/transport.js";
import { sseEvent, sseFramer } from "./sse.js";

const bytes = new TextEncoder();

function frames(body: string | Uint8Array, sizes: readonly number[] = [], frameBytes?: number): Frame[] {
  const heard: Frame[] = [];
  const framer = sseFramer((frame) => heard.push(frame), { frameBytes });
  const whole = typeof body === "string" ? bytes.encode(body) : body;
  let at = 0;
  for (let i = 0; at < whole.length; i++) {
    const size = sizes.length === 0 ? whole.length : (sizes[i % sizes.length] ?? 1);
    framer.push(whole.slice(at, at + size));
    at += size;
  }
  framer.end();
  return heard;
}

describe("server-sent events", () => {
  const cases: readonly (readonly [string, string, readonly Frame[]])[] = [
    ["one event", 'data: {"a":1}\n\n', [{ data: '{"a":1}' }]],
    ["no space after the colon", "data:{}\n\n", [{ data: "{}" }]],
    ["an event name", "event: message_stop\ndata: {}\n\n", [{ event: "message_stop", data: "{}" }]],
    ["a name after its data", "data: 1\nevent: late\n\n", [{ event: "late", data: "1" }]],
    ["CRLF", "event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n", [{ event: "a", data: "1" }, { data: "2" }]],
    ["CR", "data: 1\r\rdata: 2\r\r", [{ data: "1" }, { data: "2" }]],
    ["comments", ": OPENROUTER PROCESSING\n\ndata: 1\n\n:\n\n", [{ data: "1" }]],
    ["a byte order mark", "\uFEFFdata: 1\n\n", [{ data: "1" }]],
    ["several data lines", "data: 1\ndata:\ndata: 2\n\n", [{ data: "1\n\n2" }]],
    ["ids, retry times and unknown fields", "id: 7\nretry: 10\nfoo: bar\ndata: 1\n\n", [{ data: "1" }]],
    ["an event without data", "event: ping\n\ndata: 1\n\n", [{ data: "1" }]],
    ["empty data", "data:\n\n", [{ data: "" }]],
    ["no blank line at the end", "data: 1\n\ndata: [DONE]\n", [{ data: "1" }, { data: "[DONE]" }]],
    ["no line end at the end", "data: 1\n\ndata: [DONE]", [{ data: "1" }, { data: "[DONE]" }]],
    ["a CR at the very end", "data: 1\r", [{ data: "1" }]],
    ["nothing", "", []],
    ["a cut field name", "data: 1\n\ndat", [{ data: "1" }]],
    ["characters of two to four bytes", "data: ü€😀\n\n", [{ data: "ü€😀" }]],
  ];

  it.each(cases)("are cut the same however they are segmented: %s", (_name, body, expected) => {
    for (const sizes of [[], [1], [2], [7], [1, 5, 3]]) expect(frames(body, sizes)).toEqual(expected);
  });

  it("replace what is no UTF-8 instead of failing", () => {
    expect(frames(Uint8Array.from([...bytes.encode("data: "), 0xff, 0x0a, 0x0a]))).toEqual([
      { data: "\uFFFD" },
    ]);
  });

  it.each([
    ["in one read", [] as number[]],
    ["in many reads", [65_536]],
  ])("refuse a frame of 20 MB %s", (_name, sizes) => {
    const body = `data: 1\n\ndata: ${"x".repeat(20_000_000)}\n\n`;
    expect(() => frames(body, sizes)).toThrow(expect.objectContaining({ code: "INVALID_RESPONSE" }));
  });

  it("refuse many data lines of one event that are too large together", () => {
    const body = `${`data: ${"x".repeat(90)}\n`.repeat(20)}\n`;
    expect(() => frames(body, [50], 1000)).toThrow(expect.objectContaining({ code: "INVALID_RESPONSE" }));
    expect(() => frames(body, [], 1000)).toThrow(expect.objectContaining({ code: "INVALID_RESPONSE" }));
  });

  it("accept a frame of just the limit, many times over", () => {
    const body = `data: ${"x".repeat(1000)}\n\n`.repeat(50);
    expect(frames(body, [333], 1010)).toHaveLength(50);
    expect(frames(body, [], 1010)).toHaveLength(50);
  });

  it("are read back as they were written, in any segments", () => {
    const frame = fc.record(
      {
        event: fc.stringMatching(/^[a-z._-]{1,20}$/),
        data: fc
          .string({ unit: "binary" })
          .map((text) => Buffer.from(text.replace(/\r\n?/g, "\n")).toString()),
      },
      { requiredKeys: ["data"] },
    );
    fc.assert(
      fc.property(fc.array(frame), fc.array(fc.integer({ min: 1, max: 9 })), (all, sizes) => {
        expect(frames(all.map(sseEvent).join(""), sizes)).toEqual(all);
      }),
    );
  });
});

it("events are read as a parser of the standard reads them, whatever lines there are and however they are cut", () => {
  const ends = ["\n", "\r\n", "\r", "\n\n", "\r\n\r\n", "\r\r", "\n\r\n"];
  const pieces = ["data: ", "data:", "data: {}", "event: ", "event: e", "id: 1", ":", " ", "d", "1", ...ends];
  const plain = ["data: 1\n\n", "data: 2\r\n\r\n", "event: e\ndata: 3\n\n", "event: f\r\ndata: 4\r\n\r\n"];
  const piece = fc.oneof(fc.constantFrom(...pieces), fc.constantFrom(...plain));
  fc.assert(
    fc.property(fc.array(piece), fc.array(fc.integer({ min: 1, max: 30 })), (all, sizes) => {
      // The end of a stream has rules of its own; see above.
      const body = `${all.join("")}\n\n`;
      const expected: Frame[] = [];
      const parser = createParser({
        onEvent: ({ event, data }) => expected.push(event === undefined ? { data } : { event, data }),
      });
      parser.feed(body.replace(/\r\n?/g, "\n"));
      expect(frames(body, sizes)).toEqual(expected);
    }),
    { numRuns: 2000 },
  );
});

it.each(["\n", "\r", "\r\n"])("lines that end in %j are the same however they are cut", (end) => {
  const text = ["data: a", "data: b", "", ": note", "event: e", "data: c", "", ""].join(end);
  const frames: Frame[] = [];
  for (let size = 1; size <= text.length; size++) {
    frames.length = 0;
    const framer = sseFramer((frame) => frames.push(frame));
    for (let at = 0; at < text.length; at += size) framer.push(Buffer.from(text.slice(at, at + size)));
    framer.end();
    expect(frames).toEqual([{ data: "a\nb" }, { event: "e", data: "c" }]);
  }
});
