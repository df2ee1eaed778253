import type { EventBodyOptions, OutgoingEvent, StreamErrorLine } from "../contract/stream.js";
import { AiLibError } from "../errors/error.js";
import { publicMessage } from "../errors/public-error.js";
import type { ToolRunEvent } from "../values/tool-run-event.js";

/** The error of a failed tool for a page: the message of an exception may reveal the backend of the server. */
const TOOL_FAILED = "The tool failed";

/** An event without internals of the server: attempts, headers, raw bodies, messages of exceptions. */
export function publicEvent(event: ToolRunEvent): ToolRunEvent {
  if (event.type === "tool-end")
    return event.result.isError === true
      ? { ...event, result: { ...event.result, content: TOOL_FAILED } }
      : event;
  if (event.type !== "finish") return event;
  const { headers, raw, rateLimits, requestId, ...response } = event.response;
  return { ...event, response: { ...response, attempts: [] } };
}

/** The event that represents an error. */
function errorLine(error: AiLibError, message: string): StreamErrorLine {
  const { code, retryable, retryAt, committed } = error;
  return {
    type: "error",
    error: { code, message, retryable, ...(retryAt === undefined ? {} : { retryAt }), committed },
  };
}

/** Decides what is written of events. */
export interface Exposure {
  /** The event to write; undefined for none. */
  event(event: ToolRunEvent): OutgoingEvent | undefined;
  /** The written form of the error that ends a stream. */
  error(thrown: unknown): OutgoingEvent;
}

/** @param expose see {@link EventBodyOptions.expose} */
export function exposure(expose: EventBodyOptions["expose"] = false): Exposure {
  if (typeof expose === "function")
    return {
      event: (event) => expose(event, publicEvent(event)) ?? (isLast(event) ? publicEvent(event) : undefined),
      error(thrown) {
        const error = AiLibError.from(thrown);
        const safe = errorLine(error, publicMessage(error));
        try {
          return expose(errorLine(error, error.message), safe) ?? safe;
        } catch {
          // It may be the function itself that failed.
          return safe;
        }
      },
    };
  return {
    event: expose ? (event) => event : publicEvent,
    error(thrown) {
      const error = AiLibError.from(thrown);
      return errorLine(error, expose ? error.message : publicMessage(error));
    },
  };
}

/** Whether an event may be the last one, which shows a reader that the stream is complete. */
function isLast({ type }: ToolRunEvent): boolean {
  return type === "finish" || type === "run-end";
}
