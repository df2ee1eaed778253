/** A part of some bytes, from the first byte to the one behind the last, and what comes in its place. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

/** Makes an edit, and one behind it, in one copy. */
export function editBytes(bytes: Uint8Array, first: Edit, second?: Edit): Uint8Array {
  const edited = new Uint8Array(
    bytes.length + growthOf(first) + (second === undefined ? 0 : growthOf(second)),
  );
  edited.set(bytes.subarray(0, first.from));
  edited.set(first.bytes, first.from);
  const at = first.from + first.bytes.length;
  if (second === undefined) {
    edited.set(bytes.subarray(first.to), at);
    return edited;
  }
  edited.set(bytes.subarray(first.to, second.from), at);
  const next = second.from + growthOf(first);
  edited.set(second.bytes, next);
  edited.set(bytes.subarray(second.to), next + second.bytes.length);
  return edited;
}

function growthOf({ from, to, bytes }: Edit): number {
  return bytes.length - (to - from);
}

const encoder = new TextEncoder();

/** Texts whose bytes are known, at most, and their characters, at most. */
const MAX_KNOWN = 500;
const MAX_LENGTH = 200;

const known = new Map<string, Uint8Array>();

/** The bytes of a short text that many requests have. They must not be changed. */
export function bytesOf(text: string): Uint8Array {
  if (text.length > MAX_LENGTH) return encoder.encode(text);
  let bytes = known.get(text);
  if (bytes === undefined) {
    if (known.size >= MAX_KNOWN) known.clear();
    bytes = encoder.encode(text);
    known.set(text, bytes);
  }
  return bytes;
}
