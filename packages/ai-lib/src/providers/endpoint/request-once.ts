import type { CallContext } from "../../core/contract/call.js";
import type { HttpReply, Transport, TransportRequest } from "../../core/contract/transport.js";
import { AiLibError, cancelled, totalTimeout } from "../../core/errors/error.js";
import { onAbort } from "../../core/run/abort.js";
import { bufferedText } from "../../wire/framing.js";

/**
 * Sends one request outside of a call (model lists, uploads) and resolves to its whole reply, within the deadline and
 * the signal of the context.
 * @throws {AiLibError} as the transport does, `TIMEOUT` past the deadline, `CANCELLED` on abort.
 */
export function requestOnce(
  transport: Transport,
  request: Omit<TransportRequest, "connectMs" | "clock">,
  context: CallContext,
): Promise<HttpReply> {
  const { clock, signal, deadline, timeouts } = context;
  if (signal?.aborted === true) return Promise.reject(cancelled(undefined, signal.reason));
  return new Promise((resolve, reject) => {
    const body = bufferedText();
    let status = 0;
    let headers: Readonly<Record<string, string>> = {};
    const settle = () => {
      cancelTimer?.();
      cancelSignal?.();
    };
    const stop = (error: AiLibError) => {
      settle();
      flow.abort();
      reject(error);
    };
    const flow = transport.open(
      { ...request, connectMs: timeouts.connectMs, clock },
      {
        head(code, names) {
          status = code;
          headers = names;
        },
        data(chunk) {
          try {
            body.push(chunk);
          } catch (error) {
            stop(AiLibError.from(error));
          }
        },
        end() {
          settle();
          resolve({ status, headers, body: body.end() });
        },
        fail(error) {
          settle();
          reject(error);
        },
      },
    );
    const cancelSignal =
      signal === undefined ? undefined : onAbort(signal, () => stop(cancelled(undefined, signal.reason)));
    const cancelTimer =
      deadline === Number.POSITIVE_INFINITY
        ? undefined
        : clock.after(Math.max(0, deadline - clock.now()), () => stop(totalTimeout(timeouts.totalMs)));
  });
}
