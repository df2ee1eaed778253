import type { EventFormat } from "../contract/stream.js";
import { configError } from "../errors/error.js";
import type { EventWriting } from "./event-encoder.js";

/** Headers so that no cache stores a stream, no proxy changes or buffers it, and no browser treats it as a page. */
const STREAMED = {
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
} as const;

const NDJSON: EventWriting = {
  headers: { "content-type": "application/x-ndjson; charset=utf-8", ...STREAMED },
  heartbeat: '{"type":"ping"}\n',
  encoder: () => ({
    encode: (event, cursor) => `${JSON.stringify(cursor === undefined ? event : { ...event, cursor })}\n`,
    end: () => "",
  }),
};

const BEAT = ": ping\n\n";

/** Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
const SSE: EventWriting = {
  headers: { "content-type": "text/event-stream; charset=utf-8", ...STREAMED },
  heartbeat: BEAT,
  encoder: () => ({
    encode: (event, cursor) =>
      event.type === "ping"
        ? BEAT
        : `${cursor === undefined ? "" : `id: ${cursor}\n`}data: ${JSON.stringify(event)}\n\n`,
    end: () => "",
  }),
};

/**
 * @param messageId see `EventBodyOptions.messageId`
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown format, and for an id of a message in another one.
 */
export function eventWriting(format: EventFormat = "ndjson", messageId?: string): EventWriting {
  switch (format) {
    case "ndjson":
    case "sse":
      if (messageId !== undefined) throw configError('messageId is for the format "ai-sdk"');
      return format === "sse" ? SSE : NDJSON;
    case "ai-sdk":
      return {
        headers: { ...SSE.headers, "x-vercel-ai-ui-message-stream": "v1" },
        heartbeat: SSE.heartbeat,
        encoder: async () => {
          const { UiMessageEncoder } = await import("./ui-message-encoder.js");
          return new UiMessageEncoder(messageId);
        },
      };
    default: {
      const never: never = format;
      throw configError(`format must be "ndjson", "sse" or "ai-sdk", not ${String(never)}`);
    }
  }
}
