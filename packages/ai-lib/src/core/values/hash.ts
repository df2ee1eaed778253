/** The start value of FNV-1a over 32 bits. */
const FNV_OFFSET = 0x811c9dc5;

/**
 * A 32-bit hash of a text, the same in every process: FNV-1a over UTF-16 units, then the finalizer of MurmurHash3, so
 * that similar texts differ in every bit (both algorithms are in the public domain). Not for secrets.
 * @param seed another seed gives another, independent hash
 */
export function hash32(text: string, seed: number = FNV_OFFSET): number {
  let hash = seed | 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Combines two hashes into one; their order matters. */
export function mix(a: number, b: number): number {
  let hash = (a ^ Math.imul(b, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
  return (hash ^ (hash >>> 15)) >>> 0;
}
