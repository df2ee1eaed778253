import type { CallContext } from "../../core/contract/call.js";
import { abortFlow } from "../../core/contract/flows.js";
import type { Flow } from "../../core/contract/sink.js";
import type { HeaderFields, HttpReply, Transport, TransportRequest } from "../../core/contract/transport.js";
import { AiLibError, cancelled, totalTimeout } from "../../core/errors/error.js";
import { onAbort } from "../../core/run/abort.js";
import { openedFlow } from "../../core/run/member.js";
import { bufferedBytes, bufferedText } from "../../wire/body.js";

/** Types of bodies that are no text. Results of batches come as `application/octet-stream` and are text. */
const MEDIA = /^(audio|image|video)\//i;

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
  const { signal } = context;
  if (signal?.aborted === true) return Promise.reject(cancelled(undefined, signal.reason));
  let flow: Flow | undefined;
  const reply = new Promise<HttpReply>((resolve, reject) => {
    let body = bufferedText();
    let binary = false;
    let status = 0;
    let headers: Readonly<Record<string, string>> = {};
    const fail = (error: unknown): void => reject(AiLibError.from(error, "NETWORK_ERROR"));
    try {
      flow = openedFlow(
        transport.open(
          { ...request, connectMs: context.timeouts.connectMs, clock: context.clock },
          {
            head(code, names) {
              status = code;
              // A transport of the user's own may forget them.
              headers = (names as HeaderFields | undefined) ?? {};
              binary = MEDIA.test(headers["content-type"] ?? "");
              if (binary) body = bufferedBytes();
            },
            data(chunk) {
              try {
                body.push(chunk);
              } catch (error) {
                fail(error);
                abortFlow(flow);
              }
            },
            end() {
              const whole = body.end();
              resolve(
                binary
                  ? { status, headers, body: whole, encoding: "base64" }
                  : { status, headers, body: whole },
              );
            },
            fail,
          },
        ),
      );
    } catch (error) {
      fail(error);
    }
  });
  return within(context, reply, () => abortFlow(flow));
}

/**
 * A value within the deadline and the signal of a context. What settles later is ignored.
 * @param stop stops the work on an abort and past the deadline
 * @throws {AiLibError} `TIMEOUT` past the deadline, `CANCELLED` on abort, else what the work rejects with.
 */
export function within<T>(context: CallContext, work: T | Promise<T>, stop?: () => void): Promise<T> {
  const { clock, signal, deadline, timeouts } = context;
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      cancelTimer?.();
      cancelSignal?.();
    };
    const leave = (error: AiLibError): void => {
      settle();
      stop?.();
      reject(error);
    };
    const aborted = (): void => leave(cancelled(undefined, signal?.reason));
    const cancelSignal = signal === undefined ? undefined : onAbort(signal, aborted);
    const cancelTimer =
      deadline === Number.POSITIVE_INFINITY
        ? undefined
        : clock.after(Math.max(0, deadline - clock.now()), () => leave(totalTimeout(timeouts.totalMs)));
    if (signal?.aborted === true) aborted();
    Promise.resolve(work).then(
      (value) => {
        settle();
        resolve(value);
      },
      (error: unknown) => {
        settle();
        reject(error);
      },
    );
  });
}
