import type { EventLinesOptions, StreamErrorLine } from "../contract/stream.js";
import { AiLibError } from "../errors/error.js";
import { publicMessage } from "../errors/public-error.js";
import type { ToolRunEvent } from "../values/tool-run-event.js";

/**
 * Events as newline-delimited JSON. A failure is the last line, so that whoever reads never sees a torn body. What is
 * the server's own business (attempts, headers, addresses, raw bodies) is left out unless `expose` asks for it.
 */
export function eventLines(
  iterator: AsyncIterator<ToolRunEvent>,
  { expose = false }: EventLinesOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const line = (value: object) => encoder.encode(`${JSON.stringify(value)}\n`);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const step = await iterator.next();
        if (step.done === true) controller.close();
        else controller.enqueue(line(expose ? step.value : publicEvent(step.value)));
      } catch (error) {
        controller.enqueue(line(errorLine(AiLibError.from(error), expose)));
        controller.close();
      }
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}

function publicEvent(event: ToolRunEvent): ToolRunEvent {
  if (event.type !== "finish") return event;
  const { headers, raw, rateLimits, requestId, ...response } = event.response;
  return { ...event, response: { ...response, attempts: [] } };
}

function errorLine(error: AiLibError, expose: boolean): StreamErrorLine {
  const { code, message, retryable, retryAt, committed } = error;
  return {
    type: "error",
    error: {
      code,
      message: expose ? message : publicMessage(error),
      retryable,
      ...(retryAt === undefined ? {} : { retryAt }),
      committed,
    },
  };
}
