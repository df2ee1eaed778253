import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { awsEventMessage } from "./aws-event-stream.js";
import { frameBoundary } from "./frame-boundary.js";

const encode = (text: string) => new TextEncoder().encode(text);

/** The pieces of whole frames that come out of a body that is cut anywhere. */
function passed(framing: "sse" | "ndjson" | "aws-event-stream", body: Uint8Array, cuts: readonly number[]) {
  const boundary = frameBoundary(framing);
  const points = [...new Set(cuts.map((cut) => cut % (body.length + 1)))].sort((a, b) => a - b);
  const ends: number[] = [];
  let from = 0;
  for (const to of [...points, body.length]) {
    const whole = boundary.wholeBytes(body.subarray(from, to));
    if (whole > 0) ends.push(from + whole);
    from = to;
  }
  return ends;
}

describe("frameBoundary", () => {
  it.each(["\n", "\r\n"])("ends server-sent events at empty lines, wherever the body is cut (%j)", (line) => {
    const events = ["data: a", `event: x${line}data: b`, ": comment", `data: c${line}data: d`];
    const body = encode(events.map((event) => event + line + line).join(""));
    const ends = new Set<number>();
    let at = 0;
    for (const event of events) {
      at += event.length + 2 * line.length;
      ends.add(at);
    }
    fc.assert(
      fc.property(fc.array(fc.nat()), (cuts) => {
        const found = passed("sse", body, cuts);
        for (const end of found) expect(ends).toContain(end);
        expect(found.at(-1)).toBe(body.length);
      }),
    );
  });

  it("holds an event back that has not ended", () => {
    const boundary = frameBoundary("sse");
    expect(boundary.wholeBytes(encode("data: a\n\ndata: b\n"))).toBe(9);
    expect(boundary.wholeBytes(encode("\ndata: c"))).toBe(1);
  });

  it("ends NDJSON at line ends", () => {
    expect(frameBoundary("ndjson").wholeBytes(encode('{"a":1}\n{"b"'))).toBe(8);
    expect(frameBoundary("ndjson").wholeBytes(encode('{"b"'))).toBe(0);
  });

  it("ends AWS messages by their length, wherever the body is cut", () => {
    const messages = ["a", "bcd", "e".repeat(300)].map((data) => awsEventMessage({ event: "chunk", data }));
    const body = new Uint8Array(messages.flatMap((message) => [...message]));
    const ends = new Set<number>();
    let at = 0;
    for (const { length } of messages) {
      at += length;
      ends.add(at);
    }
    fc.assert(
      fc.property(fc.array(fc.nat()), (cuts) => {
        const found = passed("aws-event-stream", body, cuts);
        for (const end of found) expect(ends).toContain(end);
        expect(found.at(-1)).toBe(body.length);
      }),
    );
  });
});
