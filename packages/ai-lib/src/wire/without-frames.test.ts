import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { usageFrames } from "../dialects/openai-chat/server/usage-frames.js";
import { withoutFrames } from "./without-frames.js";

const USAGE = { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } };
const TEXT = { choices: [{ delta: { content: '"choices":[]' } }], usage: null };
const FILTER = { choices: [], prompt_filter_results: [] };

const strip = (text: string) =>
  new TextDecoder().decode(withoutFrames(new TextEncoder().encode(text), usageFrames));

const event = (data: object | string, end = "\n") =>
  `data: ${typeof data === "string" ? data : JSON.stringify(data)}${end}${end}`;

describe("frames that a client does not get", () => {
  it.each(["\n", "\r\n", "\r"])("are those with usage alone, with lines that end in %j", (end) => {
    const before = event(FILTER, end) + event(TEXT, end);
    const after = `: a comment${end}${end}${event("[DONE]", end)}`;
    expect(strip(before + event(USAGE, end) + after)).toBe(before + after);
  });

  it("may have spaces, several lines of data, and no end", () => {
    const spaced = JSON.stringify(USAGE, undefined, 1).replaceAll("\n", "\ndata: ");
    expect(strip(`event: x\ndata:${spaced}\n\n${event("[DONE]")}`)).toBe(event("[DONE]"));
    expect(strip(`data: ${JSON.stringify(USAGE)}`)).toBe("");
  });

  it("leave all other bytes as they are", () => {
    const other = fc.constantFrom(event(TEXT), event(FILTER), event("[DONE]"), ": ping\n\n", "data: {\n\n");
    fc.assert(
      fc.property(fc.array(other), fc.array(other), (before, after) => {
        const [first, last] = [before.join(""), after.join("")];
        expect(strip(first + event(USAGE) + last)).toBe(first + last);
        expect(strip(first + last)).toBe(first + last);
      }),
    );
  });

  it("leave bytes that are no UTF-8 as they are", () => {
    const bytes = new Uint8Array([...new TextEncoder().encode("data: \n\n"), 0xff, 0x0a, 0x0a]);
    const all = new Uint8Array([...bytes, ...new TextEncoder().encode(event(USAGE))]);
    expect(withoutFrames(all, usageFrames)).toEqual(bytes);
  });
});
