import type { Attempt } from "../values/attempt.js";
import { withoutCookies } from "../values/cookies.js";
import type { ErrorCode, ErrorScope, Severity, TimeoutPhase } from "../values/error-code.js";
import type { Kind, ResponseOf } from "../values/kinds.js";
import type { Target } from "../values/target.js";
import type { ToolRunProgress } from "../values/tool-run.js";
import type { ValidationIssue } from "../values/validation-issue.js";
import { isRetryable, REACTIONS } from "./reactions.js";

/** What an {@link AiLibError} is made from. */
export interface AiLibErrorInit<K extends Kind = Kind> {
  readonly code: ErrorCode;
  /** What happened, and what to do. It must not contain a secret. */
  readonly message: string;
  /** What the error affects besides its call. Default: the code's row in the reaction table. */
  readonly scope?: ErrorScope | undefined;
  /** Epoch milliseconds before which another attempt is pointless. */
  readonly retryAt?: number | undefined;
  /** Nothing left the process. Default false. */
  readonly local?: boolean | undefined;
  /** Which timeout passed, on `TIMEOUT`. */
  readonly phase?: TimeoutPhase | undefined;
  readonly target?: Target | undefined;
  /** HTTP status, where there was one. */
  readonly status?: number | undefined;
  /** The provider's id of the request. */
  readonly requestId?: string | undefined;
  /** Response headers, cookies left out. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The start of the provider's body. */
  readonly body?: string | undefined;
  readonly attempts?: readonly Attempt[] | undefined;
  /** Content had reached the caller. Default false. */
  readonly committed?: boolean | undefined;
  /** The content received before the failure. */
  readonly partial?: ResponseOf<K> | undefined;
  /** Where an object does not fit its schema, or the field that a request was refused for. */
  readonly issues?: readonly ValidationIssue[] | undefined;
  /** The progress of the run of tools that failed. */
  readonly toolRun?: ToolRunProgress | undefined;
  readonly cause?: unknown;
}

const BRAND: unique symbol = Symbol.for("ai-lib.error") as never;

/** Characters of a body that an error keeps. */
const BODY_LIMIT = 4_000;

/**
 * The only error class of this library. {@link REACTIONS} defines the reaction to each `code`; no code reads messages.
 */
export class AiLibError<K extends Kind = "chat"> extends Error {
  override readonly name = "AiLibError";
  readonly code: ErrorCode;
  readonly severity: Severity;
  readonly scope: ErrorScope;
  /** Whether another attempt makes sense: at the same target later, with another key or at another provider. */
  readonly retryable: boolean;
  declare readonly retryAt: number | undefined;
  readonly local: boolean;
  declare readonly phase: TimeoutPhase | undefined;
  declare readonly target: Target | undefined;
  declare readonly status: number | undefined;
  declare readonly requestId: string | undefined;
  declare readonly headers: Readonly<Record<string, string>> | undefined;
  declare readonly body: string | undefined;
  readonly attempts: readonly Attempt[];
  readonly committed: boolean;
  declare readonly partial: ResponseOf<K> | undefined;
  /**
   * On an error of `object`: where the object does not fit its schema, with the values there. On a refused request: its
   * field, where one is the reason. Else empty.
   */
  readonly issues: readonly ValidationIssue[];
  /** On an error of `runTools`: the conversation so far, totals, and the state from which the run can continue. */
  declare readonly toolRun: ToolRunProgress | undefined;

  static {
    // Fields that an error does not have are only here, since a console prints all fields of an uncaught error.
    const absent: Partial<AiLibErrorInit> = {
      retryAt: undefined,
      phase: undefined,
      target: undefined,
      status: undefined,
      requestId: undefined,
      headers: undefined,
      body: undefined,
      partial: undefined,
      toolRun: undefined,
    };
    Object.assign(AiLibError.prototype, absent);
  }

  constructor(init: AiLibErrorInit<Kind>) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    Object.defineProperty(this, BRAND, { value: true });
    const reaction = Object.hasOwn(REACTIONS, init.code) ? REACTIONS[init.code] : undefined;
    if (reaction === undefined)
      throw new TypeError(
        `There is no error code "${String(init.code)}"; known are: ${Object.keys(REACTIONS).join(", ")}`,
      );
    this.code = init.code;
    this.severity = reaction.severity;
    this.scope = init.scope ?? reaction.scope;
    this.retryable = isRetryable(init);
    this.local = init.local ?? false;
    this.attempts = init.attempts ?? [];
    this.committed = init.committed ?? false;
    this.issues = init.issues ?? [];
    const { retryAt, phase, target, status, requestId, headers, body, partial, toolRun } = init;
    if (retryAt !== undefined) this.retryAt = retryAt;
    if (phase !== undefined) this.phase = phase;
    if (target !== undefined) this.target = target;
    if (status !== undefined) this.status = status;
    if (requestId !== undefined) this.requestId = requestId;
    if (headers !== undefined) this.headers = withoutCookies(headers);
    if (body !== undefined) this.body = body.slice(0, BODY_LIMIT);
    if (partial !== undefined) this.partial = partial as ResponseOf<K>;
    if (toolRun !== undefined) this.toolRun = toolRun;
  }

  /**
   * Whether a value is an error of this library, from whichever copy of the package. Name the kind of call for the
   * type of `partial`: `AiLibError.is<"embed">(error)`. Default: `chat`.
   */
  static is<K extends Kind = "chat">(value: unknown): value is AiLibError<K> {
    return typeof value === "object" && value !== null && BRAND in value;
  }

  /**
   * Any thrown value as an error of this library; `CANCELLED` for an `AbortError`, else `code`
   * (default `PROVIDER_ERROR`), with the original as `cause`.
   */
  static from(value: unknown, code: ErrorCode = "PROVIDER_ERROR"): AiLibError {
    if (AiLibError.is(value)) return value;
    const aborted = value instanceof Error && value.name === "AbortError";
    return new AiLibError({ code: aborted ? "CANCELLED" : code, message: messageOf(value), cause: value });
  }

  /** Severity and code in one word, for logs and metrics: `"TRANSIENT_RATE_LIMIT"`. */
  errorCodeWithSeverity(): `${Severity}_${ErrorCode}` {
    return `${this.severity}_${this.code}`;
  }

  /** The same error with some facts replaced; the original is not changed. */
  with(facts: Partial<AiLibErrorInit<Kind>>): AiLibError<K> {
    const copy = new AiLibError<K>({ ...this.facts(), ...facts });
    if (this.stack !== undefined) copy.stack = replaceMessage(this.stack, this.message, copy.message);
    return copy;
  }

  /** The same error with `text` before its message: `"while asking groq: ..."`. */
  withContext(text: string): AiLibError<K> {
    return this.with({ message: `${text}: ${this.message}` });
  }

  /** The fields for a log or another process: no stack, no cause, and nothing of the conversation. */
  toJSON(): Record<string, unknown> {
    const { cause: _cause, partial: _partial, issues: _issues, toolRun: _toolRun, ...facts } = this.facts();
    const shown: Record<string, unknown> = {
      name: this.name,
      severity: this.severity,
      retryable: this.retryable,
    };
    for (const [key, value] of Object.entries(facts)) if (value !== undefined) shown[key] = value;
    return shown;
  }

  private facts(): AiLibErrorInit<K> {
    return {
      code: this.code,
      message: this.message,
      scope: this.scope,
      retryAt: this.retryAt,
      local: this.local,
      phase: this.phase,
      target: this.target,
      status: this.status,
      requestId: this.requestId,
      headers: this.headers,
      body: this.body,
      attempts: this.attempts,
      committed: this.committed,
      partial: this.partial,
      issues: this.issues,
      toolRun: this.toolRun,
      cause: this.cause,
    };
  }
}

/**
 * A stack with another message in its head; only the head changes, since frames can contain the words of the old
 * message.
 */
function replaceMessage(stack: string, before: string, after: string): string {
  const name = /^\w*/.exec(stack)?.[0] ?? "";
  const head = before === "" ? name : `${name}: ${before}`;
  return stack.startsWith(head) ? `${name}: ${after}${stack.slice(head.length)}` : stack;
}

/** The message of a thrown value, which can be anything, even a value that cannot be converted to text. */
export function messageOf(value: unknown): string {
  try {
    return value instanceof Error ? String(value.message) : String(value);
  } catch {
    return "A value without a message was thrown";
  }
}

/** A mistake in the program or its configuration; nothing was sent. */
export function configError(message: string): AiLibError {
  return new AiLibError({ code: "CONFIG_ERROR", message, local: true });
}

/** A request that no provider could take; nothing was sent. */
export function invalidRequest(message: string): AiLibError {
  return new AiLibError({ code: "INVALID_REQUEST", message, local: true });
}

/** The error of a call that did not end before its deadline. @param totalMs its `timeouts.totalMs` */
export function totalTimeout(totalMs: number): AiLibError {
  return new AiLibError({
    code: "TIMEOUT",
    phase: "total",
    message: `The call did not end within totalMs (${totalMs} ms)`,
  });
}

/** The caller went away. */
export function cancelled(message = "The call was aborted by its caller", cause?: unknown): AiLibError {
  // The default reason of an abort adds nothing to the code.
  const plain = cause instanceof DOMException && cause.name === "AbortError";
  return new AiLibError({ code: "CANCELLED", message, local: true, cause: plain ? undefined : cause });
}
