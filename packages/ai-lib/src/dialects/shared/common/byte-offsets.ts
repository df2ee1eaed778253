/** Characters between two stored offsets. */
const STEP = 256;

/**
 * Converts between offsets in the UTF-8 bytes of a text and positions in its UTF-16 units. The text is walked once, and
 * one offset in 256 characters is stored, so that many conversions take linear time together.
 */
export class ByteOffsets {
  /** The byte offset of every 256th position. */
  private readonly steps: Int32Array;
  private readonly bytes: number;

  constructor(readonly text: string) {
    this.steps = new Int32Array(Math.floor(text.length / STEP) + 1);
    let bytes = 0;
    for (let position = 0; position < text.length; position++) {
      if (position % STEP === 0) this.steps[position / STEP] = bytes;
      bytes += width(text, position);
    }
    if (text.length % STEP === 0) this.steps[text.length / STEP] = bytes;
    this.bytes = bytes;
  }

  /** The position of a byte offset, rounded up to a whole character; undefined if the text is shorter. */
  positionOf(byte: number): number | undefined {
    if (byte > this.bytes) return undefined;
    let low = 0;
    let high = this.steps.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.steps[middle] ?? 0) <= byte) low = middle;
      else high = middle - 1;
    }
    let position = low * STEP;
    let bytes = this.steps[low] ?? 0;
    while (bytes < byte) bytes += width(this.text, position++);
    // Both units of a pair belong to one character.
    return isLowOfPair(this.text, position) ? position + 1 : position;
  }

  /** The byte offset of a position. */
  offsetOf(position: number): number {
    const end = Math.max(0, Math.min(position, this.text.length));
    const step = Math.floor(end / STEP);
    let bytes = this.steps[step] ?? 0;
    for (let at = step * STEP; at < end; at++) bytes += width(this.text, at);
    return bytes;
  }
}

/** The bytes of a UTF-16 unit: a pair has four, all of them at its first unit. A lone surrogate is written as U+FFFD. */
function width(text: string, position: number): number {
  const unit = text.charCodeAt(position);
  if (unit < 0x80) return 1;
  if (unit < 0x800) return 2;
  if (unit < 0xd800 || unit > 0xdfff) return 3;
  if (unit >= 0xdc00) return isLowOfPair(text, position) ? 0 : 3;
  return isLow(text.charCodeAt(position + 1)) ? 4 : 3;
}

function isLowOfPair(text: string, position: number): boolean {
  const before = text.charCodeAt(position - 1);
  return isLow(text.charCodeAt(position)) && before >= 0xd800 && before < 0xdc00;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
