import type { ServerResponse } from "node:http";
import { systemClock } from "ai-lib";
import { AdminError } from "./errors.js";
import type { StartStream, StreamEvent } from "./route.js";

/** Streams at a time. */
const MAX_STREAMS = 64;

/** Streams of one principal at a time, so that one does not take all. */
const MAX_OWN_STREAMS = 16;

/** The most unread bytes of a slow client; further events are dropped, and the client receives their number. */
const MAX_BEHIND = 1024 * 1024;

/** Milliseconds between comments, which keep proxies from closing the stream. */
const HEARTBEAT_MS = 15_000;

/** Runs streams of server-sent events. */
export class Streams {
  /** The principals of the streams, by what ends each. */
  private readonly ends = new Map<() => void, string>();

  /**
   * Streams until the client leaves, or has read nothing between two heartbeats although much waits for it.
   * @param principal the id of who reads
   * @param allowed asked with each heartbeat: whether the client may still read
   * @throws {AdminError} `rate_limited` where too many streams run.
   */
  run(response: ServerResponse, start: StartStream, principal: string, allowed: () => boolean): void {
    const own = [...this.ends.values()].filter((each) => each === principal).length;
    const most = own >= MAX_OWN_STREAMS ? `${MAX_OWN_STREAMS} of your streams` : `${MAX_STREAMS} streams`;
    if (own >= MAX_OWN_STREAMS || this.ends.size >= MAX_STREAMS)
      throw new AdminError("rate_limited", `At most ${most} are open at a time: end another one`, {
        headers: { "retry-after": "10" },
      });
    response.writeHead(200, { "content-type": "text/event-stream", "x-accel-buffering": "no" });
    response.write(": connected\n\n");
    let dropped = 0;
    let wasBehind = false;
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
      const isBehind = response.writableLength > MAX_BEHIND;
      if (isBehind && wasBehind) {
        response.destroy();
        return;
      }
      wasBehind = isBehind;
      if (!isBehind) response.write(": \n\n");
      cancel = systemClock.after(HEARTBEAT_MS, beat);
    };
    cancel = systemClock.after(HEARTBEAT_MS, beat);
    this.ends.set(end, principal);
    response.once("close", () => {
      cancel();
      stop();
      this.ends.delete(end);
    });
  }

  /** Ends all streams. */
  close(): void {
    for (const end of this.ends.keys()) end();
  }
}

/** Writes an event. JSON has no line breaks, and ids are the gateway's own. */
function format({ id, event, data }: StreamEvent): string {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
