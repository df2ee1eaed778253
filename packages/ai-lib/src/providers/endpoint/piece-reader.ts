/** One piece of a file. */
export interface Piece {
  readonly bytes: Uint8Array;
  /** No byte follows. */
  readonly last: boolean;
}

/** Cuts a stream of bytes into pieces of one length; the last one is shorter, or empty. Holds one piece at a time. */
export class PieceReader {
  private readonly source: AsyncIterator<Uint8Array>;
  /** Bytes that were read and do not belong to the last piece. */
  private rest: Uint8Array = new Uint8Array(0);
  private over = false;

  constructor(
    body: AsyncIterable<Uint8Array>,
    private readonly pieceBytes: number,
    /** Bytes of the whole body, where that is known. */
    private left?: number | undefined,
  ) {
    this.source = body[Symbol.asyncIterator]();
  }

  /** Reads bytes without returning them. */
  async skip(bytes: number): Promise<void> {
    let left = bytes;
    while (left > 0) {
      if (this.rest.length === 0 && !(await this.pull())) return;
      const taken = Math.min(left, this.rest.length);
      this.rest = this.rest.subarray(taken);
      left -= taken;
      this.count(taken);
    }
  }

  async next(): Promise<Piece> {
    const bytes = new Uint8Array(Math.min(this.pieceBytes, this.left ?? this.pieceBytes));
    let length = 0;
    while (length < bytes.length) {
      if (this.rest.length === 0 && !(await this.pull())) break;
      const taken = Math.min(bytes.length - length, this.rest.length);
      bytes.set(this.rest.subarray(0, taken), length);
      this.rest = this.rest.subarray(taken);
      length += taken;
    }
    this.count(length);
    // Only another byte shows that a full piece is not the last one.
    const more = this.rest.length > 0 || (await this.pull());
    return { bytes: bytes.subarray(0, length), last: !more };
  }

  /** Stops reading and gives the source back. */
  async close(): Promise<void> {
    this.over = true;
    await this.source.return?.();
  }

  private count(bytes: number): void {
    if (this.left !== undefined) this.left -= bytes;
  }

  /** Whether more bytes were there. */
  private async pull(): Promise<boolean> {
    while (!this.over) {
      const step = await this.source.next();
      if (step.done === true) this.over = true;
      else if (step.value.length > 0) {
        this.rest = step.value;
        return true;
      }
    }
    return false;
  }
}
