import { describe, expect, it } from "vitest";
import { GatheredFrames } from "./gathered-frames.js";

/** What is written, in order. */
function gathering() {
  const written: (string | Uint8Array | undefined)[] = [];
  const frames: GatheredFrames = new GatheredFrames(() => written.push(frames.take()));
  return { frames, written };
}

describe("GatheredFrames", () => {
  it("writes the frames of one turn in one piece, once the turn is over", async () => {
    const { frames, written } = gathering();
    frames.add("a");
    frames.add("b");
    expect(written).toEqual([]);
    await undefined;
    expect(written).toEqual(["ab"]);
    frames.add("c");
    await undefined;
    expect(written).toEqual(["ab", "c"]);
  });

  it("joins frames of bytes", async () => {
    const { frames, written } = gathering();
    frames.add(Uint8Array.of(1, 2));
    frames.add(Uint8Array.of(3));
    await undefined;
    expect(written).toEqual([Uint8Array.of(1, 2, 3)]);
  });

  it("does not wait for the end of the turn with many frames, so that a slow client pauses their source", () => {
    const { frames, written } = gathering();
    const frame = "x".repeat(10 * 1024);
    frames.add(frame);
    expect(written).toEqual([]);
    frames.add(frame);
    expect(written).toEqual([frame + frame]);
  });

  it("has nothing left to write after its frames were taken", async () => {
    const { frames, written } = gathering();
    frames.add("a");
    expect(frames.take()).toBe("a");
    await undefined;
    expect(written).toEqual([undefined]);
  });
});
