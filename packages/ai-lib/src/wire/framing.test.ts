import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { framesOf, joined, type MakeFramer } from "../../test/support/frames.js";
import type { Frame, Framing } from "../core/contract/transport.js";
import { awsEventMessage, awsEventStreamFramer } from "./aws-event-stream.js";
import { bufferedText } from "./body.js";
import { frameWriter } from "./frame-writer.js";
import { type BodyKind, bodyFramer, bodyKind, otherFramings } from "./framing.js";
import { jsonArrayFramer } from "./json-array.js";
import { ndjsonFramer } from "./ndjson.js";
import { framersByKind } from "./other-framings.js";
import { sseFramer } from "./sse.js";

otherFramings.provide(framersByKind);

const utf8 = new TextEncoder();

const SEGMENTS = [[], [1], [2], [7], [13, 1, 64]];

const framings: readonly (readonly [Framing | "json-array", MakeFramer])[] = [
  ["sse", sseFramer],
  ["ndjson", ndjsonFramer],
  ["json-array", jsonArrayFramer],
  ["aws-event-stream", awsEventStreamFramer],
];

describe.each(framings)("%s", (framing, make) => {
  const named = framing === "sse" || framing === "aws-event-stream";
  const frame: fc.Arbitrary<Frame> = fc.record(
    {
      event: fc.stringMatching(named ? /^!?[a-zA-Z.]{1,20}$/ : /^$/),
      data: fc.jsonValue().map((value) => JSON.stringify({ value })),
    },
    { requiredKeys: named ? ["data", "event"] : ["data"] },
  );

  it("reads back what it wrote, in any segments", () => {
    fc.assert(
      fc.property(fc.array(frame), fc.array(fc.integer({ min: 1, max: 40 })), (frames, sizes) => {
        const writer = frameWriter(framing);
        const given = frames.map(({ event, data }) =>
          named && event !== undefined ? { event, data } : { data },
        );
        const body = joined([...given.map((one) => writer.frame(one)), writer.end()]);
        expect(framesOf(make, body, sizes)).toEqual(given);
      }),
    );
  });

  it("refuses a frame of 20 MB, and does not keep it", () => {
    const writer = frameWriter(framing);
    const body = joined([writer.frame({ data: JSON.stringify("x".repeat(20_000_000)) })]);
    for (const sizes of [[], [65_536]])
      expect(() => framesOf(make, body, sizes)).toThrow(
        expect.objectContaining({ code: "INVALID_RESPONSE" }),
      );
  });

  it("keeps a limit that was given, over any number of frames", () => {
    const writer = frameWriter(framing);
    const body = joined([
      ...Array.from({ length: 20 }, () => writer.frame({ data: JSON.stringify("x".repeat(80)) })),
      writer.end(),
    ]);
    expect(framesOf(make, body, [50], 200)).toHaveLength(20);
    expect(() => framesOf(make, body, [50], 60)).toThrow(
      expect.objectContaining({ code: "INVALID_RESPONSE" }),
    );
  });
});

describe("newline-delimited JSON", () => {
  it.each<[string, string, string[]]>([
    ["LF", '{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
    ["CRLF and blank lines", '\r\n{"a":1}\r\n\r\n{"b":2}\r\n', ['{"a":1}', '{"b":2}']],
    ["no last line end", '{"a":1}\n{"b":2}', ['{"a":1}', '{"b":2}']],
    ["a byte order mark", '\uFEFF{"a":"€"}\n', ['{"a":"€"}']],
    ["nothing", "", []],
  ])("is cut with %s", (_name, body, expected) => {
    for (const sizes of SEGMENTS)
      expect(framesOf(ndjsonFramer, body, sizes).map((frame) => frame.data)).toEqual(expected);
  });

  it("writes JSON of several lines on one", () => {
    expect(frameWriter("ndjson").frame({ data: '{\n  "a": 1\n}' })).toBe('{   "a": 1 }\n');
  });
});

describe("a JSON array", () => {
  it.each<[string, string, string[]]>([
    ["elements as Gemini writes them", '[{"a":1}\n,\r\n{"b":[2,{}]}\n]\n', ['{"a":1}', '{"b":[2,{}]}']],
    [
      "brackets and quotes in strings",
      '[{"a":"]},{\\"["},{"b":"\\\\"}]',
      ['{"a":"]},{\\"["}', '{"b":"\\\\"}'],
    ],
    ["elements that are no objects", '[1, "two" ,null,[3]]', ["1", '"two"', "null", "[3]"]],
    ["nothing in it", " [ ] ", []],
    ["no closing bracket", '[{"a":1},', ['{"a":1}']],
    ["something behind it", '[{"a":1}]{"b":2}', ['{"a":1}']],
  ])("is cut with %s", (_name, body, expected) => {
    for (const sizes of SEGMENTS)
      expect(framesOf(jsonArrayFramer, body, sizes).map((frame) => frame.data)).toEqual(expected);
  });

  it("emits an element as soon as it is complete", () => {
    const frames: Frame[] = [];
    const framer = jsonArrayFramer((frame) => frames.push(frame));
    framer.push(utf8.encode('[{"a":1},{"b"'));
    expect(frames).toEqual([{ data: '{"a":1}' }]);
  });

  it.each(['{"a":1}', "hello", "[}", "[{}}"])("refuses %j", (body) => {
    expect(() => framesOf(jsonArrayFramer, `${body},`)).toThrow(
      expect.objectContaining({ code: "INVALID_RESPONSE" }),
    );
  });

  it("detects an element that was cut", () => {
    expect(() => framesOf(jsonArrayFramer, '[{"a":1},{"b":')).toThrow(
      expect.objectContaining({ code: "STREAM_TRUNCATED" }),
    );
  });
});

describe("an AWS event stream", () => {
  const message = awsEventMessage({ event: "contentBlockDelta", data: '{"p":"abc"}' });

  // The message of the reference at docs.aws.amazon.com/transcribe: no headers, the payload {'foo':'bar'}.
  it("reads a message that others wrote", () => {
    const known = Uint8Array.from(
      Buffer.from("0000001d00000000fd528c5a7b27666f6f273a27626172277dc36539 36".replace(/ /g, ""), "hex"),
    );
    expect(framesOf(awsEventStreamFramer, known)).toEqual([{ data: "{'foo':'bar'}" }]);
  });

  it("names exceptions and errors with a mark", () => {
    const frames = framesOf(
      awsEventStreamFramer,
      awsEventMessage({ event: "!throttlingException", data: "{}" }),
    );
    expect(frames).toEqual([{ event: "!throttlingException", data: "{}" }]);
  });

  it("refuses a message with any one byte changed", () => {
    for (let at = 0; at < message.length; at++) {
      const broken = Uint8Array.from(message);
      broken[at] = (broken[at] ?? 0) ^ 0x10;
      expect(() => framesOf(awsEventStreamFramer, broken), `byte ${at}`).toThrow(
        expect.objectContaining({ code: "INVALID_RESPONSE" }),
      );
    }
  });

  it("detects a message that was cut, at any place", () => {
    for (let at = 1; at < message.length; at++)
      expect(() => framesOf(awsEventStreamFramer, message.slice(0, at)), `byte ${at}`).toThrow(
        expect.objectContaining({ code: "STREAM_TRUNCATED" }),
      );
  });
});

describe("bodyKind", () => {
  it.each<[string | undefined, string, Framing, BodyKind]>([
    ["text/event-stream", "data: {}", "sse", "sse"],
    ["text/event-stream; charset=utf-8", ": hi", "ndjson", "sse"],
    ["text/event-stream", '{"error":{}}', "sse", "json"],
    ["text/event-stream", "<html>", "sse", "html"],
    ["text/html", "<!doctype html>", "sse", "html"],
    ["application/json", '{"error":{}}', "sse", "json"],
    ["application/json", '[{"error":{}}]', "sse", "json-array"],
    ["application/json", '"busy"', "sse", "json"],
    ["application/json", "data: {}", "sse", "sse"],
    ["application/json", '{"done":false}', "ndjson", "ndjson"],
    ["application/x-ndjson", '{"done":false}', "ndjson", "ndjson"],
    ["application/x-ndjson", '{"done":false}', "sse", "ndjson"],
    ["application/vnd.amazon.eventstream", "\0\0\0\u0091", "aws-event-stream", "aws-event-stream"],
    ["application/octet-stream", "\0\0\0\u0091", "aws-event-stream", "aws-event-stream"],
    ["application/vnd.amazon.eventstream", "<\0\0\0", "aws-event-stream", "aws-event-stream"],
    ["text/plain", "data: {}", "sse", "sse"],
    [undefined, "event: x", "sse", "sse"],
    [undefined, '{"message":"no"}', "aws-event-stream", "json"],
  ])("takes %s beginning with %j in a dialect of %s for %s", (type, body, fallback, kind) => {
    expect(bodyKind(type, body.charCodeAt(0), fallback)).toBe(kind);
  });
});

describe("bodyFramer", () => {
  function read(type: string | undefined, fallback: Framing, pieces: readonly string[], wholeBytes?: number) {
    const heard: unknown[] = [];
    const framer = bodyFramer(
      type,
      fallback,
      { frame: (frame) => heard.push(frame), whole: (kind, body) => heard.push([kind, body]) },
      { wholeBytes },
    );
    for (const piece of pieces) framer.push(utf8.encode(piece));
    framer.end();
    return heard;
  }

  it("reads a stream behind white space and a byte order mark", () => {
    expect(read("text/event-stream", "sse", ["\uFEFF", "\r\n\n", "data: 1\n\n"])).toEqual([{ data: "1" }]);
  });

  it("passes on a whole document at its end", () => {
    expect(read("text/event-stream", "sse", ['{"error"', ':"é"}'])).toEqual([["json", '{"error":"é"}']]);
    expect(read(undefined, "sse", ["<html>", "no</html>"])).toEqual([["html", "<html>no</html>"]]);
  });

  it("emits nothing for an empty body", () => {
    expect(read("text/event-stream", "sse", [])).toEqual([]);
    expect(read("text/event-stream", "sse", ["  \n"])).toEqual([]);
  });

  it("bounds a whole document", () => {
    expect(() => read(undefined, "sse", ["{", " ".repeat(100)], 50)).toThrow(
      expect.objectContaining({ code: "INVALID_RESPONSE" }),
    );
  });
});

it("wholeText puts characters together that straddle two reads", () => {
  const text = bufferedText();
  for (const byte of utf8.encode("\uFEFFgrün 😀")) text.push(Uint8Array.of(byte));
  expect(text.end()).toBe("grün 😀");
});
