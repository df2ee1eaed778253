import type { ServerResponse } from "node:http";
import { systemClock } from "ai-lib";
import { AdminError } from "./errors.js";
import type { StartStream, StreamEvent } from "./route.js";

/** Streams at a time. */
const MAX_STREAMS = 64;

/** The most unread bytes of a slow client; further events are dropped, and the client receives their number. */
const MAX_BEHIND = 1024 * 1024;

/** Milliseconds between comments, which keep proxies from closing the stream. */
const HEARTBEAT_MS = 15_000;

/** Runs streams of server-sent events. */
export class Streams {
  private readonly ends = new Set<() => void>();

  /**
   * Streams until the client leaves.
   * @param allowed asked with each heartbeat: whether the client may still read
   * @throws {AdminError} `rate_limited` where too many streams run.
   */
  run(response: ServerResponse, start: StartStream, allowed: () => boolean): void {
    if (this.ends.size >= MAX_STREAMS)
      throw new AdminError("rate_limited", `At most ${MAX_STREAMS} streams are open at a time`, {
        headers: { "retry-after": "10" },
      });
    response.writeHead(200, { "content-type": "text/event-stream", "x-accel-buffering": "no" });
    response.write(": connected\n\n");
    let dropped = 0;
    let cancel: () => void;
    const stop = start((event) => {
      if (response.writableLength > MAX_BEHIND) {
        dropped++;
        return;
      }
      if (dropped > 0) {
        response.write(format({ event: "dropped", data: { events: dropped } }));
        dropped = 0;
      }
      response.write(format(event));
    });
    const end = () => response.end();
    const beat = () => {
      if (!allowed()) {
        end();
        return;
      }
      response.write(": \n\n");
      cancel = systemClock.after(HEARTBEAT_MS, beat);
    };
    cancel = systemClock.after(HEARTBEAT_MS, beat);
    this.ends.add(end);
    response.once("close", () => {
      cancel();
      stop();
      this.ends.delete(end);
    });
  }

  /** Ends all streams. */
  close(): void {
    for (const end of this.ends) end();
  }
}

/** Writes an event. JSON has no line breaks, and ids are the gateway's own. */
function format({ id, event, data }: StreamEvent): string {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
