import type { Observer, ObserverEvent } from "ai-lib";
import { type LogLevel, toLogRecord } from "ai-lib/logs";
import { type Io, measureWidth, selectColors } from "./io.js";
import { formatDuration } from "./report.js";
import { cutText } from "./table.js";

/** The columns of the time before a line. */
const TIME_COLUMNS = 9;

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
    const room = Math.max(10, measureWidth(io.stderr) - TIME_COLUMNS - 2);
    for (const line of this.lines) {
      const { at, level } = line;
      const message = cutText(line.message, room);
      const shown =
        level === "error" ? color.red(message) : level === "warn" ? color.yellow(message) : message;
      text += `${color.dim(`+${formatDuration(at - begun)}`.padStart(TIME_COLUMNS))}  ${shown}\n`;
    }
    return text;
  }
}
