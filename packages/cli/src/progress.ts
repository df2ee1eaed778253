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
  private begun = 0;
  private state = "";
  private until: number | undefined;
  private cancel: (() => void) | undefined;
  private frame = 0;
  private shown = false;

  private constructor(private readonly io: Io) {}

  /** The line of a command; undefined where standard error is no terminal. */
  static create(io: Io, quiet: boolean | undefined): Progress | undefined {
    return quiet === true || !isTerminal(io.stderr) ? undefined : new Progress(io);
  }

  /** Starts to count: the line appears after a while, until {@link stop} or the first content. */
  begin(): void {
    this.begun = systemClock.now();
    this.state = "";
    this.until = undefined;
    this.tick();
  }

  on(event: ObserverEvent): void {
    switch (event.type) {
      case "attempt-start": {
        const { provider, model } = event.attempt.target;
        this.state = model === undefined ? provider : `${provider}/${model}`;
        this.until = undefined;
        break;
      }
      case "attempt-end":
        // The events of waits come when these are over; the error says now until when it lasts.
        if (event.error !== undefined) {
          this.state = `${event.attempt.target.provider}: ${event.error.code}`;
          this.until = event.error.retryAt;
        }
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
    this.cancel?.();
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
    const time =
      this.until === undefined
        ? formatDuration(now - this.begun)
        : `next attempt in ${formatDuration(Math.max(0, this.until - now))}`;
    const columns = (this.io.stderr as { readonly columns?: number }).columns ?? 80;
    const line = `${time} · ${this.state.replace(/[^\x20-\x7e]/g, "")}`.slice(0, Math.max(10, columns - 4));
    rawTerminal(this.io.stderr).write(`\r\u001b[K${color.cyan(mark)} ${color.dim(line)}`);
    this.shown = true;
  }
}
