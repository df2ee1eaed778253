import { type Clock, systemClock } from "ai-lib";

/** Milliseconds that a line waits for others that are written with it. */
const GATHER_MS = 50;

/** Characters that are written without a wait. */
const MAX_CHARACTERS = 16_384;

/**
 * Writes lines together that arrive within a short time: one write of many lines takes a fraction of the time of one
 * write for each. A process that is killed loses the lines of the last 50 ms.
 */
export class GatheredLines {
  private waiting = "";
  private cancel: (() => void) | undefined;

  constructor(
    private readonly output: Pick<NodeJS.WritableStream, "write">,
    private readonly clock: Clock = systemClock,
  ) {}

  /** @param line with its line end */
  write(line: string): void {
    this.waiting += line;
    if (this.waiting.length >= MAX_CHARACTERS) this.flush();
    else this.cancel ??= this.clock.after(GATHER_MS, () => this.flush());
  }

  private flush(): void {
    this.cancel?.();
    this.cancel = undefined;
    const text = this.waiting;
    this.waiting = "";
    this.output.write(text);
  }
}
