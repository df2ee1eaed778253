import type { Observer, ObserverEvent } from "../core/contract/observer.js";
import { configError } from "../core/errors/error.js";
import { refuseUnknown } from "../core/errors/options.js";
import { type Message, textOf } from "../core/values/message.js";
import { type Redaction, redactor } from "../core/values/redact.js";
import { reportableMessage } from "./error-message.js";
import { requestFields, responseFields } from "./fields.js";
import { type LogLevel, type LogRecord, toLogRecord } from "./log-record.js";

export { type Redaction, redactor } from "../core/values/redact.js";
export { type LogLevel, type LogRecord, toLogRecord } from "./log-record.js";

/** A logger: pino, or anything with its four methods, which take an object and a message; also `console`. */
export interface Logger {
  debug(...line: unknown[]): void;
  info(...line: unknown[]): void;
  warn(...line: unknown[]): void;
  error(...line: unknown[]): void;
}

/** Settings of {@link logObserver}. */
export interface LogOptions {
  /**
   * Where lines go. A logger that can make children (pino, bunyan) gets the fields as an object; another
   * (`console`) gets a line of text. Default: standard error.
   */
  readonly logger?: Logger | undefined;
  /** Default: `"readable"` where standard error is a terminal, else `"json"`, one object a line. */
  readonly format?: "json" | "readable" | undefined;
  /** The lowest level that is logged. Default `"info"`: ends of requests and errors; `"debug"` adds each step. */
  readonly level?: LogLevel | undefined;
  /** Log messages and answers, redacted. Default false. */
  readonly content?: boolean | undefined;
  /** Log the error messages of providers, which may quote the prompt. Default false: codes and facts alone. */
  readonly errorMessages?: boolean | undefined;
  /** Text to remove besides whatever looks like a credential. */
  readonly redact?: readonly Redaction[] | undefined;
}

const OPTION_NAMES: ReadonlySet<string> = new Set([
  "logger",
  "format",
  "level",
  "content",
  "errorMessages",
  "redact",
] satisfies (keyof LogOptions)[]);

const RANKS: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

/**
 * Logs one line for each finished request, failed attempt, move to another member, breaker change and so on, with
 * `errorCodeWithSeverity()` as `code`. Keys never appear; messages, answers and providers' error messages appear only
 * if an option enables them.
 *
 * @example
 * const client = new AiClientBuilder("groq").withObserver(logObserver({ logger: pino() })).build();
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option, format or level.
 */
export function logObserver(options: LogOptions = {}): Observer {
  refuseUnknown("option of the log observer", options, OPTION_NAMES);
  const least = RANKS[options.level ?? "info"] as number | undefined;
  if (least === undefined) throw configError(`level must be one of ${Object.keys(RANKS).join(", ")}`);
  const write = writer(options);
  const redact = redactor(options.redact);
  return {
    on(event) {
      const plain = toLogRecord(event);
      // With content, the request is as important as the answer.
      const record =
        options.content === true && event.type === "request-start"
          ? { ...plain, level: "info" as const }
          : plain;
      if (RANKS[record.level] < least) return;
      write(event, { ...record, fields: { ...record.fields, ...optionalFields(event, options, redact) } });
    },
  };
}

/** Fields that are logged on request only. */
function optionalFields(
  event: ObserverEvent,
  options: LogOptions,
  redact: (text: string) => string,
): Record<string, unknown> {
  const error = "error" in event ? event.error : undefined;
  const reason = error && reportableMessage(error, options.errorMessages ?? false, redact);
  const fields: Record<string, unknown> = reason === undefined ? {} : { reason };
  if (options.content !== true) return fields;
  if (event.type === "request-start")
    fields["messages"] = requestFields(event.request).messages?.map((one) => messageFields(one, redact));
  if (event.type === "request-end") {
    const answer = event.response ?? event.error?.partial;
    const message = answer === undefined ? undefined : responseFields(answer).message;
    if (message !== undefined) fields["answer"] = messageFields(message, redact);
  }
  return fields;
}

function messageFields(message: Message, redact: (text: string) => string): Record<string, unknown> {
  return { role: message.role, text: redact(textOf(message.content)) };
}

type Write = (event: ObserverEvent, record: LogRecord) => void;

function writer({ logger, format }: LogOptions): Write {
  if (logger !== undefined && "child" in logger && typeof logger.child === "function")
    return (event, { level, message, fields }) =>
      logger[level](
        { event: event.type, requestId: event.requestId, ...withoutUndefined(fields) },
        `ai-lib: ${message}`,
      );
  const terminal = logger === undefined && process.stderr.isTTY === true;
  const form = format ?? (terminal ? "readable" : "json");
  if (form !== "json" && form !== "readable")
    throw configError(`format must be "json" or "readable", not "${String(form)}"`);
  const color = terminal && (process.env["NO_COLOR"] ?? "") === "";
  const line = (event: ObserverEvent, record: LogRecord) =>
    form === "json" ? jsonLine(event, record) : readableLine(event, record, color);
  if (logger !== undefined) return (event, record) => logger[record.level](line(event, record));
  return (event, record) => process.stderr.write(`${line(event, record)}\n`);
}

function jsonLine(event: ObserverEvent, { level, message, fields }: LogRecord): string {
  const text = JSON.stringify({
    time: new Date(event.at).toISOString(),
    level,
    event: event.type,
    requestId: event.requestId,
    message,
    ...fields,
  });
  // JSON does not escape the eight-bit control characters. An escape means the same in its strings.
  return escapeControls(text);
}

const COLORS: Readonly<Record<LogLevel, number>> = { debug: 90, info: 36, warn: 33, error: 31 };

function readableLine(event: ObserverEvent, { level, message, fields }: LogRecord, color: boolean): string {
  const time = new Date(event.at).toISOString().slice(11, 23);
  const name = level.toUpperCase().padEnd(5);
  const shown = color ? `\u001b[${COLORS[level]}m${name}\u001b[39m` : name;
  const rest = Object.entries(withoutUndefined(fields))
    .filter(([field]) => READABLE.has(field))
    .map(([field, value]) => `${field}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const words = [event.requestId.slice(0, 8), message, ...rest].map(escapeControls);
  return [time, shown, ...words].join("  ");
}

/** Characters that break lines, control a terminal or reorder text. */
const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/**
 * Writes control characters as escapes: names and messages from providers can neither forge a line nor control a
 * terminal.
 */
function escapeControls(text: string): string {
  return text.replace(CONTROLS, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Fields that a readable line shows besides its sentence. */
const READABLE: ReadonlySet<string> = new Set([
  "inputTokens",
  "outputTokens",
  "cost",
  "firstContentMs",
  "attempts",
  "providerRequestId",
  "retryAt",
  "reason",
  "messages",
  "answer",
]);

function withoutUndefined(fields: LogRecord["fields"]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
