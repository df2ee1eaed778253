import { type Observer, type ObserverEvent, systemClock } from "ai-lib";
import { type Io, isTerminal, selectColors } from "./io.js";
import { formatDuration } from "./report.js";
import { rawTerminal } from "./terminal.js";

/** Silence before the line appears, in milliseconds: fast answers need none. */
const DELAY_MS = 400;
const FRAME_MS = 120;
const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/**
 * One line on standard error while nothing arrives: who is asked, for how long, and what the call waits for, such as
 * the end of a rate limit. It appears on terminals alone, and goes away with the first content.
 */
export class Progress implements Observer {
  private readonly begun = systemClock.now();
  private state = "";
  private until: number | undefined;
  private cancel: (() => void) | undefined;
  private frame = 0;
  private shown = false;

  private constructor(private readonly io: Io) {}

  /** Starts the line; undefined where standard error is no terminal. */
  static start(io: Io, quiet: boolean | undefined): Progress | undefined {
    if (quiet === true || !isTerminal(io.stderr)) return undefined;
    const progress = new Progress(io);
    progress.tick();
    return progress;
  }

  on(event: ObserverEvent): void {
    switch (event.type) {
      case "attempt-start": {
        const { provider, model } = event.attempt.target;
        this.state = model === undefined ? provider : `${provider}/${model}`;
        this.until = undefined;
        break;
      }
      case "wait":
        this.state = `${event.provider}: ${event.reason}, next attempt in`;
        this.until = event.at + event.ms;
        break;
      case "rate-limit-wait":
        this.state = `${event.provider}: rate limit, next attempt in`;
        this.until = event.at + event.ms;
        break;
      case "failover":
        this.state = `${event.from} failed (${event.error.code}); asking ${event.to}`;
        this.until = undefined;
        break;
      case "first-content":
        this.stop();
        break;
      default:
    }
  }

  /** Removes the line. */
  stop(): void {
    this.cancel?.();
    this.cancel = undefined;
    if (this.shown) rawTerminal(this.io.stderr).write("\r\u001b[K");
    this.shown = false;
  }

  private tick(): void {
    this.cancel = systemClock.after(FRAME_MS, () => {
      this.draw();
      this.tick();
    });
  }

  private draw(): void {
    const now = systemClock.now();
    if (now - this.begun < DELAY_MS) return;
    const color = selectColors(this.io, this.io.stderr);
    const mark = FRAMES[this.frame++ % FRAMES.length] ?? "";
    const time = formatDuration(this.until === undefined ? now - this.begun : Math.max(0, this.until - now));
    const columns = (this.io.stderr as { readonly columns?: number }).columns ?? 80;
    const room = Math.max(10, columns - time.length - 4);
    const state = this.state.replace(/[^\x20-\x7e]/g, "").slice(0, room);
    rawTerminal(this.io.stderr).write(`\r\u001b[K${color.cyan(mark)} ${color.dim(`${state} ${time}`)}`);
    this.shown = true;
  }
}
