import { attempt } from "../../core/contract/guard.js";
import type {
  EventBodyOptions,
  EventResponseOptions,
  NodeResponse,
  OutgoingEvent,
} from "../../core/contract/stream.js";
import type { StreamLog, StreamLogEntry } from "../../core/contract/stream-log.js";
import { AiLibError, cancelled, configError, invalidRequest } from "../../core/errors/error.js";
import { refuseUnknown } from "../../core/errors/options.js";
import type { EventEncoder } from "../../core/run/event-encoder.js";
import { eventWriting } from "../../core/run/event-format.js";
import { type EventTexts, pipeTexts, textResponse } from "../../core/run/event-response.js";
import { type Exposure, exposure } from "../../core/run/public-event.js";
import type { JsonObject } from "../../core/values/json.js";
import { LIMITS } from "../../core/values/limits.js";
import type { ToolRunEvent } from "../../core/values/tool-run-event.js";
import { memoryStreamLog } from "../../state/memory-stream-log.js";

/** Options of {@link resumableStreams}; all optional. */
export interface ResumableStreamsOptions {
  /** The store of runs. Default: the memory of this process. */
  readonly log?: StreamLog | undefined;
  /**
   * The parts of events that the log stores and that leave the server; as the option `expose` of `stream.toResponse()`.
   * Default false.
   */
  readonly expose?: EventBodyOptions["expose"];
}

const OPTIONS: ReadonlySet<string> = new Set(["log", "expose"] satisfies (keyof ResumableStreamsOptions)[]);

/** How a resumed response is written: as that of a stream, but for `expose`, which was decided when the run began. */
export type ResumedResponseOptions = Omit<EventResponseOptions, "expose">;

/** A run that a page reads, and may read again. Each use reads from the cursor that was asked for. */
export interface ResumableStream extends AsyncIterable<StreamLogEntry> {
  readonly id: string;
  /** Whether the run had ended when it was read. */
  readonly ended: boolean;
  /**
   * As `stream.toResponse()`, with a cursor for each event: as the `id` of server-sent events, as `cursor` in NDJSON. A
   * client that disconnects does not stop the run.
   */
  toResponse(options?: ResumedResponseOptions): Response;
  /** As `stream.pipeTo()`, with cursors. A client that disconnects does not stop the run. */
  pipeTo(response: NodeResponse, options?: ResumedResponseOptions): Promise<void>;
}

/** A run that has begun in this process. */
export interface StartedStream extends ResumableStream {
  /**
   * Resolves when the run has ended, however that was. Hand it to `waitUntil` on platforms that stop a process once its
   * response was sent.
   */
  readonly done: Promise<void>;
}

/**
 * Runs answers independently of the pages that read them: a page that reloads continues where it was, and a button can
 * stop an answer, but a lost connection does not.
 *
 * @example
 * const streams = resumableStreams();
 * // POST /chat/:id      return (await streams.start(id, client.stream(question))).toResponse();
 * // GET /chat/:id?after return (await streams.read(id, after))?.toResponse() ?? new Response(null, { status: 204 });
 * // DELETE /chat/:id    return Response.json({ stopped: await streams.stop(id) });
 */
export interface ResumableStreams {
  /**
   * Starts a run immediately. The events go into the log as fast as they come, whether or not they are read.
   * @param id names the run; anyone who knows it can read and stop the run, so check who asks, or make it unguessable
   * @throws {AiLibError} `INVALID_REQUEST` where a run of this id has not ended.
   */
  start(id: string, stream: AsyncIterable<ToolRunEvent>): Promise<StartedStream>;
  /**
   * Reads a run from any process that shares the log.
   * @param after the cursor of the last event that the page has, as a number or as it came in a query or in the header
   *   `last-event-id`. Default 0: from the start.
   * @returns undefined if there is no such run, or it was discarded
   * @throws {AiLibError} `INVALID_REQUEST` for anything that is no cursor.
   */
  read(id: string, after?: number | string | null): Promise<ResumableStream | undefined>;
  /**
   * Stops a run, in whichever process it runs: the connection to the provider is closed, tools are aborted, and the last
   * event is an error with the code `CANCELLED`.
   * @returns false where no run of this id is running
   */
  stop(id: string): Promise<boolean>;
  /** Stops every run of this process, and waits for their ends: for a server that shuts down. */
  close(): Promise<void>;
}

/** @see ResumableStreams @throws {AiLibError} `CONFIG_ERROR` for an unknown option. */
export function resumableStreams(options: ResumableStreamsOptions = {}): ResumableStreams {
  refuseUnknown("option of resumableStreams", options, OPTIONS);
  const log = options.log ?? memoryStreamLog();
  const outgoing = exposure(options.expose);
  const running = new Map<string, Promise<void>>();
  return {
    async start(id, stream) {
      if (!(await log.begin(id))) throw invalidRequest("A run of this id has not ended");
      const done = new StreamWriter(log, id, outgoing).write(stream);
      running.set(id, done);
      void done.then(() => running.delete(id));
      return Object.assign(new LoggedReader(log, id, 0, false), { done });
    },
    async read(id, after) {
      const cursor = cursorOf(after);
      const logged = await log.read(id, cursor);
      return logged && new LoggedReader(log, id, cursor, logged.ended);
    },
    stop: (id) => log.requestStop(id),
    async close() {
      await Promise.all([...running.keys()].map((id) => log.requestStop(id)));
      await Promise.all(running.values());
    },
  };
}

function cursorOf(after: number | string | null | undefined): number {
  if (after === undefined || after === null || after === "") return 0;
  const cursor = typeof after === "string" && /^\d{1,15}$/.test(after) ? Number(after) : after;
  if (typeof cursor !== "number" || !Number.isSafeInteger(cursor) || cursor < 0)
    throw invalidRequest("The cursor is no whole number");
  return cursor;
}

/** Writes the events of one run into the log. */
class StreamWriter {
  /** Events that wait while others are being appended. */
  private waiting: JsonObject[] = [];
  private appending: Promise<void> | undefined;
  private failure: { readonly error: unknown } | undefined;

  constructor(
    private readonly log: StreamLog,
    private readonly id: string,
    private readonly outgoing: Exposure,
  ) {}

  /** Never rejects. */
  async write(stream: AsyncIterable<ToolRunEvent>): Promise<void> {
    let iterator: AsyncIterator<ToolRunEvent> | undefined;
    let stopped = false;
    const forget = this.log.onStop(this.id, () => {
      stopped = true;
      attempt(() => iterator?.return?.());
    });
    try {
      iterator = stream[Symbol.asyncIterator]();
      while (!stopped) {
        const step = await iterator.next();
        if (step.done === true) break;
        const event = this.outgoing.event(step.value);
        if (event !== undefined) this.add(event);
        if (this.waiting.length >= LIMITS.waitingEvents) await this.appending;
        if (this.failure !== undefined) throw this.failure.error;
      }
      if (stopped) this.add(STOPPED);
    } catch (error) {
      attempt(() => iterator?.return?.());
      this.failure = undefined;
      this.add(stopped ? STOPPED : this.outgoing.error(error));
    } finally {
      forget();
      await this.appending;
      await this.log.end(this.id).catch(() => {});
    }
  }

  private add(event: OutgoingEvent): void {
    this.waiting.push(event as unknown as JsonObject);
    this.appending ??= this.flush();
  }

  /** Appends what waits, as much at a time as there is. */
  private async flush(): Promise<void> {
    // Events of the same turn go together.
    await undefined;
    while (this.waiting.length > 0 && this.failure === undefined) {
      const events = this.waiting;
      this.waiting = [];
      try {
        await this.log.append(this.id, events);
      } catch (error) {
        this.failure = { error };
      }
    }
    this.appending = undefined;
  }
}

const STOPPED = stoppedEvent();

function stoppedEvent(): OutgoingEvent {
  const { code, message, retryable, committed } = cancelled("The answer was stopped");
  return { type: "error", error: { code, message, retryable, committed } };
}

const RESPONSE_NAMES: ReadonlySet<string> = new Set([
  "format",
  "heartbeatMs",
  "clock",
  "messageId",
  "headers",
] satisfies (keyof ResumedResponseOptions)[]);

class LoggedReader implements ResumableStream {
  constructor(
    private readonly log: StreamLog,
    readonly id: string,
    private readonly after: number,
    readonly ended: boolean,
  ) {}

  async *[Symbol.asyncIterator](): AsyncGenerator<StreamLogEntry, undefined> {
    const logged = await this.log.read(this.id, this.after);
    if (logged === undefined) throw notKept();
    yield* logged.entries;
    return undefined;
  }

  toResponse(options: ResumedResponseOptions = {}): Response {
    return textResponse(this.texts(options), options);
  }

  pipeTo(response: NodeResponse, options: ResumedResponseOptions = {}): Promise<void> {
    return pipeTexts(this.texts(options), response, options);
  }

  private texts(options: ResumedResponseOptions): EventTexts {
    refuseUnknown("option of a resumed response", options, RESPONSE_NAMES);
    const { format, messageId } = options;
    if (format === "ai-sdk" && this.after > 0)
      throw configError("The AI SDK reads a message from its start; read the run without a cursor");
    const writing = eventWriting(format, messageId);
    let encoder: EventEncoder | undefined;
    let iterator: AsyncIterator<StreamLogEntry> | undefined;
    let over = false;
    const ending = new Ending();
    return {
      writing,
      next: async () => {
        if (over) return undefined;
        encoder ??= await writing.encoder();
        try {
          if (iterator === undefined) {
            const logged = await this.log.read(this.id, this.after);
            if (logged === undefined) throw notKept();
            iterator = logged.entries[Symbol.asyncIterator]();
            if (over) attempt(() => iterator?.return?.());
          }
          for (;;) {
            const step = await iterator.next();
            if (step.done === true) {
              if (ending.broken)
                throw new AiLibError({ code: "STREAM_TRUNCATED", message: "The run broke off" });
              over = true;
              return encoder.end() || undefined;
            }
            const { event, cursor } = step.value;
            ending.see(event);
            const text = encoder.encode(event as unknown as OutgoingEvent, cursor);
            if (text !== "") return text;
          }
        } catch (error) {
          over = true;
          return encoder.encode(exposure().error(AiLibError.from(error))) + encoder.end();
        }
      },
      leave() {
        over = true;
        attempt(() => iterator?.return?.());
      },
    };
  }
}

/** Whether the events so far have an end: a log may end before, where it could take no more. */
class Ending {
  broken = false;
  private rounds = false;

  see({ type }: JsonObject): void {
    if (type === "round-start") this.rounds = true;
    this.broken = !(type === "error" || type === "run-end" || (type === "finish" && !this.rounds));
  }
}

function notKept(): AiLibError {
  return invalidRequest("The run was discarded");
}
