import { joinBytes } from "../core/values/join-bytes.js";

/** Characters or bytes from which frames do not wait for the end of the turn: a source must see when its client is slow. */
const MAX_GATHERED = 16 * 1024;

/**
 * Gathers the frames that are written in one turn of the event loop, to send them in one write: one read of a provider
 * often brings many events, and a write costs more than the encoding of its frame.
 */
export class GatheredFrames {
  private text = "";
  private pieces: Uint8Array[] = [];
  private size = 0;
  private scheduled = false;

  /** @param flush called at the end of a turn in which frames were added, and before that for many; it takes them */
  constructor(private readonly flush: () => void) {}

  /** Adds a frame. All frames of a stream are strings, or all are bytes. */
  add(frame: string | Uint8Array): void {
    if (typeof frame === "string") this.text += frame;
    else this.pieces.push(frame);
    this.size += frame.length;
    if (this.size >= MAX_GATHERED) this.flush();
    else if (!this.scheduled) {
      this.scheduled = true;
      queueMicrotask(() => {
        this.scheduled = false;
        this.flush();
      });
    }
  }

  /** Returns the frames that were gathered as one piece, and forgets them; undefined where there are none. */
  take(): string | Uint8Array | undefined {
    const { text, pieces, size } = this;
    if (size === 0) return undefined;
    this.size = 0;
    if (text !== "") {
      this.text = "";
      return text;
    }
    this.pieces = [];
    return joinBytes(pieces, size);
  }
}
