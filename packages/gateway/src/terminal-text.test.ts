import { describe, expect, it } from "vitest";
import { formatAccess } from "./access-log.js";
import { formatTable } from "./admin/client/connect.js";
import { escapeControls, escapeLine, quoteText, widthOf } from "./terminal-text.js";

/** What an attacker would write into a name: C0, DEL, the eight-bit CSI of C1, and a change of direction. */
const HOSTILE = "a\u001b]0;title\u0007\u007f\u009b31m\u202eb\r\u2066";
const CONTROL = /(?!\n)\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

describe("a text for a terminal", () => {
  it("has no control characters besides line breaks, and one for a line not even those", () => {
    expect(CONTROL.test(HOSTILE)).toBe(true);
    expect(escapeControls(`${HOSTILE}\nc`)).toBe(
      "a\\u001b]0;title\\u0007\\u007f\\u009b31m\\u202eb\\u000d\\u2066\nc",
    );
    expect(escapeLine("a\nb")).toBe("a\\nb");
    expect(escapeControls("Grüße, 世界 👋🏽")).toBe("Grüße, 世界 👋🏽");
  });

  it("of JSON has the same meaning", () => {
    const value = { [HOSTILE]: [HOSTILE, "\n"] };
    const text = escapeControls(JSON.stringify(value, undefined, 2));
    expect(CONTROL.test(text)).toBe(false);
    expect(JSON.parse(text)).toEqual(value);
    expect(JSON.parse(quoteText(HOSTILE))).toBe(HOSTILE);
  });

  it("is measured in columns", () => {
    expect(["abc", "世界", "👋", "e\u0301", ""].map(widthOf)).toEqual([3, 4, 2, 1, 0]);
  });
});

describe("a table", () => {
  it("has aligned columns, numbers to the right, and nothing that controls the terminal", () => {
    const table = formatTable(
      ["NAME", "CALLS", "COST"],
      [
        ["世界", "5", "1.50"],
        [HOSTILE, "1000", "?"],
      ],
    );
    expect(CONTROL.test(table)).toBe(false);
    const [head = "", first = "", second = ""] = table.split("\n");
    expect([head, first, second].map(widthOf)).toEqual(Array(3).fill(widthOf(head)));
    expect(first).toMatch(/^世界 +5 +1\.50$/);
    expect(second).toMatch(/ {2} 1000 {5}\?$/);
  });
});

describe("a line of the access log", () => {
  it("has no control characters of a path", () => {
    const line = formatAccess({
      ...{
        at: 0,
        endedAt: 1,
        method: "GET",
        path: `/${HOSTILE}`,
        status: 404,
        left: false,
        key: undefined,
        row: undefined,
      },
    });
    expect(CONTROL.test(line)).toBe(false);
    expect(JSON.parse(line)).toMatchObject({ path: `/${HOSTILE}` });
  });

  it("has no key that a client wrote into a path", () => {
    const path = "/v1/aik_12345678abcdefghijklmnop/chat";
    const line = formatAccess({
      ...{ at: 0, endedAt: 1, method: "GET", path, status: 404, left: false, key: undefined, row: undefined },
    });
    expect(JSON.parse(line)).toMatchObject({ path: "/v1/aik_***/chat" });
  });
});
