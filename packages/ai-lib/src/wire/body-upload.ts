import type { ClientRequest } from "node:http";

/** Sends a body that comes piece by piece, no faster than it is taken. */
export class BodyUpload {
  /** Undefined once nothing more is wanted of it. */
  private pieces: AsyncIterator<Uint8Array> | undefined;
  private stopped = false;

  constructor(private readonly outgoing: ClientRequest) {}

  /** Resolves when all was handed over, or when it was stopped; rejects with what the body throws. */
  async send(body: AsyncIterable<Uint8Array>): Promise<void> {
    const { outgoing } = this;
    const pieces = body[Symbol.asyncIterator]();
    this.pieces = pieces;
    try {
      for (;;) {
        const step = await pieces.next();
        if (this.stopped) return;
        if (step.done === true) break;
        if (!outgoing.write(step.value)) await writable(outgoing);
        if (this.stopped) return;
      }
    } finally {
      this.pieces = undefined;
    }
    outgoing.end();
  }

  /** What is left is not wanted: ends the request, and tells the body's maker. Does nothing once all was sent. */
  stop(): void {
    const { pieces } = this;
    if (pieces === undefined) return;
    this.stopped = true;
    this.pieces = undefined;
    this.outgoing.destroy();
    // Its own clean-up may fail; the call's ending is settled already.
    Promise.resolve(pieces.return?.()).catch(() => {});
  }
}

/** Resolves when more can be written, or when nothing ever can. */
function writable(outgoing: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off("drain", done);
      outgoing.off("close", done);
      resolve();
    };
    outgoing.once("drain", done);
    outgoing.once("close", done);
  });
}
