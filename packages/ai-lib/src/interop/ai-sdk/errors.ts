import { AiLibError } from "../../core/errors/error.js";

/** Marks by which the AI SDK recognizes its errors, from any copy of its package. */
const ANY_ERROR = Symbol.for("vercel.ai.error");
const API_CALL_ERROR = Symbol.for("vercel.ai.error.AI_APICallError");
const NO_SUCH_MODEL = Symbol.for("vercel.ai.error.AI_NoSuchModelError");

function mark(error: Error, symbol: symbol): void {
  for (const each of [ANY_ERROR, symbol]) Object.defineProperty(error, each, { value: true });
}

/**
 * An error of ai-lib in the form of the AI SDK: `APICallError.isInstance(error)` is true. `cause` is the error of
 * ai-lib.
 *
 * `isRetryable` is false once a provider was asked: ai-lib repeats and fails over by itself, and the retries of the AI
 * SDK would multiply those attempts.
 */
export class AiSdkCallError extends Error {
  override readonly name = "AI_APICallError";
  /** There is no one URL: a composition may have asked several. */
  readonly url: string;
  readonly requestBodyValues: unknown;
  readonly statusCode: number | undefined;
  readonly responseHeaders: Record<string, string> | undefined;
  readonly responseBody: string | undefined;
  readonly isRetryable: boolean;
  /** The error of ai-lib without its answer and cause. */
  readonly data: unknown;

  /** @param now epoch milliseconds, for `retry-after` */
  constructor(error: AiLibError, requestBodyValues: unknown, now: number) {
    super(error.message, { cause: error });
    mark(this, API_CALL_ERROR);
    const { attempts, retryAt, target } = error;
    this.url = target === undefined ? "ai-lib:" : `ai-lib:${target.provider}`;
    this.requestBodyValues = requestBodyValues;
    this.statusCode = error.status;
    this.responseBody = error.body;
    this.data = error.toJSON();
    const tried = attempts.some(({ outcome }) => outcome === "error");
    this.isRetryable = error.retryable && !tried && !error.committed;
    const wait = retryAt === undefined ? undefined : Math.max(0, Math.ceil((retryAt - now) / 1_000));
    this.responseHeaders =
      wait === undefined ? error.headers : { ...error.headers, "retry-after": String(wait) };
  }
}

/** A provider has no models of a kind: `NoSuchModelError.isInstance(error)` is true. */
export class AiSdkNoModelError extends Error {
  override readonly name = "AI_NoSuchModelError";

  constructor(
    readonly modelId: string,
    readonly modelType: string,
    provider: string,
  ) {
    super(`The provider "${provider}" answers no calls of the kind that a ${modelType} makes`);
    mark(this, NO_SUCH_MODEL);
  }
}

/** The exception for the AI SDK: the reason of its own abort, or an {@link AiSdkCallError}. */
export function thrownError(
  error: unknown,
  {
    request,
    signal,
    now,
  }: { readonly request: unknown; readonly signal: AbortSignal | undefined; readonly now: number },
): unknown {
  if (!AiLibError.is(error)) return error;
  if (error.code !== "CANCELLED") return new AiSdkCallError(error, request, now);
  // The AI SDK recognizes an abort by the name of its error.
  const reason: unknown = signal?.reason;
  return reason instanceof Error && /^(Abort|Timeout)Error$/.test(reason.name)
    ? reason
    : new DOMException(error.message, "AbortError");
}
