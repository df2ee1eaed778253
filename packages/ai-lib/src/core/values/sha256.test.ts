import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { sha256 } from "./sha256.js";

const reference = (text: string) => createHash("sha256").update(text).digest("hex");

describe("sha256", () => {
  it("has the digests of FIPS 180-4's examples", () => {
    expect(sha256("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(sha256("abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("is what Node's own says, at every length around the blocks and for text beyond ASCII", () => {
    for (let length = 0; length < 200; length++) {
      const text = "é👋x".repeat(length).slice(0, length);
      expect(sha256(text)).toBe(reference(text));
    }
    const long = "one more line\n".repeat(20_000);
    expect(sha256(long)).toBe(reference(long));
  });
});
