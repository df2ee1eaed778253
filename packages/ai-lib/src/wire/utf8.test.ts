import fc from "fast-check";
import { expect, it } from "vitest";
import { Utf8Stream } from "./utf8.js";

/** Bytes that are UTF-8 in places: characters of every length, cut ones, and some that occur nowhere in it. */
const piece = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => new TextEncoder().encode(text)),
  fc.uint8Array({ maxLength: 4 }),
  fc.constantFrom(
    [0xef, 0xbb, 0xbf],
    [0xf0, 0x9f, 0x98],
    [0xe2, 0x82],
    [0xc3],
    [0xff],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90],
  ),
);

it("is read in any pieces as it is read whole", () => {
  fc.assert(
    fc.property(
      fc.array(piece),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1 }),
      (parts, sizes) => {
        const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
        const stream = new Utf8Stream();
        let text = "";
        for (let at = 0, i = 0; at < whole.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          text += stream.push(whole.subarray(at, at + size));
          at += size;
        }
        text += stream.end();
        expect(text).toBe(new TextDecoder().decode(whole));
      },
    ),
    { numRuns: 1000 },
  );
});

it("gives a character as soon as it is complete", () => {
  const stream = new Utf8Stream();
  const [a = 0, b = 0, c = 0] = new TextEncoder().encode("€");
  expect(stream.push(Uint8Array.of(0x61, a))).toBe("a");
  expect(stream.push(Uint8Array.of(b))).toBe("");
  expect(stream.push(Uint8Array.of(c))).toBe("€");
  expect(stream.end()).toBe("");
});

it("keeps its own copy of what is cut", () => {
  const stream = new Utf8Stream();
  const [a = 0, b = 0] = new TextEncoder().encode("ü");
  const read = Uint8Array.of(a);
  stream.push(read);
  read[0] = 0;
  expect(stream.push(Uint8Array.of(b))).toBe("ü");
});
