import fc from "fast-check";
import { expect, it } from "vitest";
import { ByteOffsets } from "./byte-offsets.js";

it("converts between positions and bytes as an encoder counts them", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "€", "👋", "\ud800", "\n"), maxLength: 800 });
  fc.assert(
    fc.property(text, fc.nat(), (whole, place) => {
      const offsets = new ByteOffsets(whole);
      const at = place % (whole.length + 1);
      const splitsPair =
        /[\ud800-\udbff]$/.test(whole.slice(0, at)) && /^[\udc00-\udfff]/.test(whole.slice(at));
      fc.pre(!splitsPair);
      const bytes = new TextEncoder().encode(whole.slice(0, at)).length;
      expect(offsets.offsetOf(at)).toBe(bytes);
      expect(offsets.positionOf(bytes)).toBe(at);
      expect(offsets.positionOf(new TextEncoder().encode(whole).length + 1)).toBeUndefined();
    }),
  );
});

it("rounds an offset within a character up to its end", () => {
  const offsets = new ByteOffsets("a👋b");
  expect([0, 1, 2, 3, 4, 5, 6].map((byte) => offsets.positionOf(byte))).toEqual([0, 1, 3, 3, 3, 3, 4]);
});
