/** Tables for four bytes at a time: the usual table, and one more for each byte further on. */
const TABLES = /* @__PURE__ */ makeTables();

function makeTables(): readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array] {
  const first = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let value = n;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    first[n] = value;
  }
  const next = (table: Uint32Array): Uint32Array =>
    table.map((value) => (value >>> 8) ^ (first[value & 0xff] as number));
  const second = next(first);
  const third = next(second);
  return [first, second, third, next(third)];
}

/** The CRC-32 of ISO 3309 (that of zip and gzip) over a part of some bytes. */
export function crc32(bytes: Uint8Array, start: number, end: number): number {
  const [first, second, third, fourth] = TABLES;
  // Every index is within its array; the assertions avoid a comparison for each byte.
  let value = -1;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    value ^=
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    value =
      (fourth[value & 0xff] as number) ^
      (third[(value >>> 8) & 0xff] as number) ^
      (second[(value >>> 16) & 0xff] as number) ^
      (first[value >>> 24] as number);
  }
  for (; at < end; at++) value = (first[(value ^ (bytes[at] as number)) & 0xff] as number) ^ (value >>> 8);
  return ~value >>> 0;
}
