import type { BatchJob } from "ai-lib";
import { type Io, isTerminal, measureWidth, selectColors } from "../io.js";
import { rawTerminal } from "../terminal.js";

const LONGEST_BAR = 30;

/** A bar on standard error, on terminals alone. */
export class ProgressBar {
  private shown = false;

  private constructor(private readonly io: Io) {}

  static create(io: Io, quiet: boolean | undefined): ProgressBar | undefined {
    return quiet === true || !isTerminal(io.stderr) ? undefined : new ProgressBar(io);
  }

  /** Rows that were stored, while their number is not known. */
  stored(rows: number): void {
    this.draw(`${rows.toLocaleString("en")} rows stored`);
  }

  show({ progress, total, state, counts, parts }: BatchJob): void {
    const failed = counts.failed + counts.expired + counts.cancelled;
    const words = parts.flatMap(({ word, state: each }) =>
      each === "sent" && word !== undefined ? [word] : [],
    );
    const done = Math.round(progress * total);
    const facts = [
      `${Math.floor(progress * 100)} %`,
      `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`,
      ...(failed > 0 ? [`${failed.toLocaleString("en")} failed`] : []),
      words[0] ?? state,
    ];
    const length = Math.max(5, Math.min(LONGEST_BAR, measureWidth(this.io.stderr) - 50));
    const full = Math.round(progress * length);
    const color = selectColors(this.io, this.io.stderr);
    this.draw(`${color.cyan("█".repeat(full))}${color.dim("░".repeat(length - full))} ${facts.join(" · ")}`);
  }

  /** Removes the bar. */
  stop(): void {
    if (this.shown) rawTerminal(this.io.stderr).write("\r\u001b[K");
    this.shown = false;
  }

  private draw(line: string): void {
    rawTerminal(this.io.stderr).write(`\r\u001b[K${line}`);
    this.shown = true;
  }
}
