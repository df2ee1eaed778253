import { describe, expect, it } from "vitest";
import { GatheredLines } from "./gathered-lines.js";

function gathered() {
  const written: string[] = [];
  let due: (() => void) | undefined;
  let timers = 0;
  const clock = {
    now: () => 0,
    after(_ms: number, run: () => void) {
      timers++;
      due = run;
      return () => {
        due = undefined;
      };
    },
  };
  const lines = new GatheredLines({ write: (text) => written.push(String(text)) > 0 }, clock);
  return { written, lines, pass: () => due?.(), timers: () => timers, waits: () => due !== undefined };
}

describe("GatheredLines", () => {
  it("writes the lines of a short time together, in their order, with one timer", () => {
    const { written, lines, pass, timers } = gathered();
    for (const line of ["a\n", "b\n", "c\n"]) lines.write(line);
    expect(written).toEqual([]);
    pass();
    expect(written).toEqual(["a\nb\nc\n"]);
    lines.write("d\n");
    pass();
    expect(written).toEqual(["a\nb\nc\n", "d\n"]);
    expect(timers()).toBe(2);
  });

  it("does not wait with many characters", () => {
    const { written, lines, waits } = gathered();
    const line = `${"x".repeat(999)}\n`;
    for (let i = 0; i < 17; i++) lines.write(line);
    expect(written).toEqual([line.repeat(17)]);
    expect(waits()).toBe(false);
  });
});
