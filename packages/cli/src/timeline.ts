import type { Observer, ObserverEvent } from "ai-lib";
import { type LogLevel, toLogRecord } from "ai-lib/logs";
import { type Io, selectColors } from "./io.js";
import { formatDuration } from "./report.js";

/** Collects the events of a call, to print them after it. */
export class Timeline implements Observer {
  private readonly lines: { readonly at: number; readonly level: LogLevel; readonly message: string }[] = [];

  on(event: ObserverEvent): void {
    const { level, message } = toLogRecord(event);
    this.lines.push({ at: event.at, level, message });
  }

  /** Formats one line per event, with the time since the first; each line ends with a line break. */
  format(io: Io): string {
    const color = selectColors(io, io.stderr);
    const begun = this.lines[0]?.at ?? 0;
    let text = "";
    for (const { at, level, message } of this.lines) {
      const shown =
        level === "error" ? color.red(message) : level === "warn" ? color.yellow(message) : message;
      text += `${color.dim(`+${formatDuration(at - begun)}`.padStart(9))}  ${shown}\n`;
    }
    return text;
  }
}
