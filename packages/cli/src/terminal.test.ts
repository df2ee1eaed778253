import { Writable } from "node:stream";
import { expect, it } from "vitest";
import type { Io } from "./io.js";
import { guardTerminals, rawTerminal, visibleText } from "./terminal.js";

it.each([
  ["a title", "a\u001b]0;owned\u0007b", "a\\u001b]0;owned\\u0007b"],
  ["the clipboard", "\u001b]52;c;ZXZpbA==\u0007", "\\u001b]52;c;ZXZpbA==\\u0007"],
  ["a cleared screen", "\u001b[2Jx", "\\u001b[2Jx"],
  ["eight-bit controls", "\u009b31m", "\\u009b31m"],
  ["hidden text", "\u001b[8msecret", "\\u001b[8msecret"],
  ["several attributes", "\u001b[31;8m", "\\u001b[31;8m"],
  ["a line that is overwritten", "safe\rEVIL", "safe\\u000dEVIL"],
  ["backspaces", "a\b\b", "a\\u0008\\u0008"],
  ["reordered text", "a\u202eb\u2066c", "a\\u202eb\\u2066c"],
  ["half of a sequence", "\u001b", "\\u001b"],
])("shows %s as text", (_, text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

it("leaves lines, tabs, letters and the colours of this program", () => {
  for (const text of [
    "a\tb\nc",
    "wörds 👋 العربية",
    "\u001b[1mbold\u001b[22m \u001b[36mcyan\u001b[39m \u001b[90mgrey\u001b[39m",
  ])
    expect(visibleText(text)).toBe(text);
  expect(visibleText("a\r\nb")).toBe("a\nb");
});

it("guards terminals alone", () => {
  const written: string[] = [];
  const stream = (isTTY: boolean) =>
    Object.assign(
      new Writable({
        write(chunk, _encoding, done) {
          written.push(String(chunk));
          done();
        },
      }),
      { isTTY, columns: 80 },
    );
  const io = { stdout: stream(true), stderr: stream(false) } as unknown as Io;
  const guarded = guardTerminals(io);
  guarded.stdout.write("\u001b]0;x\u0007");
  guarded.stdout.write(Buffer.from("\u001b[2J"));
  guarded.stderr.write("\u001b]0;x\u0007");
  rawTerminal(guarded.stdout).write("\u001b[2K");
  expect(written).toEqual(["\\u001b]0;x\\u0007", "\\u001b[2J", "\u001b]0;x\u0007", "\u001b[2K"]);
  expect(guarded.stdout).toMatchObject({ isTTY: true, columns: 80 });
  expect(guarded.stderr).toBe(io.stderr);
});
