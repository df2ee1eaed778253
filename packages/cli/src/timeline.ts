import type { Observer, ObserverEvent } from "ai-lib";
import { type LogLevel, toLogRecord } from "ai-lib/logs";
import { colorsFor, type Io } from "./io.js";
import { duration } from "./report.js";

/** Collects what happens in a call, to be shown line by line with its time. */
export class Timeline implements Observer {
  private readonly lines: { readonly at: number; readonly level: LogLevel; readonly message: string }[] = [];

  on(event: ObserverEvent): void {
    const { level, message } = toLogRecord(event);
    this.lines.push({ at: event.at, level, message });
  }

  /** One line for each thing that happened, each with its end. */
  show(io: Io): string {
    const color = colorsFor(io, io.stderr);
    const begun = this.lines[0]?.at ?? 0;
    let text = "";
    for (const { at, level, message } of this.lines) {
      const shown =
        level === "error" ? color.red(message) : level === "warn" ? color.yellow(message) : message;
      text += `${color.dim(`+${duration(at - begun)}`.padStart(9))}  ${shown}\n`;
    }
    return text;
  }
}
