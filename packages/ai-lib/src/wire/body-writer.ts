import type { ClientRequest } from "node:http";

/** Writes a body of pieces to a request, no faster than the socket accepts them. */
export class BodyWriter {
  /** Undefined before `send` and after the end. */
  private pieces: AsyncIterator<Uint8Array> | undefined;
  private stopped = false;

  constructor(private readonly outgoing: ClientRequest) {}

  /** Resolves when all pieces are written, or after `stop`; rejects with what the body throws. */
  async send(body: AsyncIterable<Uint8Array>): Promise<void> {
    const { outgoing } = this;
    const pieces = body[Symbol.asyncIterator]();
    this.pieces = pieces;
    try {
      for (;;) {
        const step = await pieces.next();
        if (this.stopped) return;
        if (step.done === true) break;
        if (!outgoing.write(step.value)) await awaitDrain(outgoing);
        if (this.stopped) return;
      }
    } finally {
      this.pieces = undefined;
    }
    outgoing.end();
  }

  /** Destroys the request and closes the body. Does nothing once all pieces are written. */
  stop(): void {
    const { pieces } = this;
    if (pieces === undefined) return;
    this.stopped = true;
    this.pieces = undefined;
    this.outgoing.destroy();
    // The body's own clean-up may fail; the call has already ended.
    Promise.resolve(pieces.return?.()).catch(() => {});
  }
}

/** Resolves when more can be written, or when the request is closed. */
function awaitDrain(outgoing: ClientRequest): Promise<void> {
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
