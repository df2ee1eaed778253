import { type Call, type CallOptions, callOf, contextOf } from "../core/contract/call.js";
import { systemClock } from "../core/contract/clock.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { EventBodyOptions, EventResponseOptions, NodeResponse } from "../core/contract/stream.js";
import type { ToolRun } from "../core/contract/tool-run.js";
import { AiLibError, cancelled } from "../core/errors/error.js";
import { NotLoaded } from "../core/errors/on-demand.js";
import { refuseUnknown } from "../core/errors/options.js";
import { chatLaws } from "../core/kinds/chat/laws.js";
import { onAbort } from "../core/run/abort.js";
import { checkedRequest } from "../core/run/checked-request.js";
import { EventQueue, type QueueSource, textPieces } from "../core/run/event-queue.js";
import { eventBody, eventResponse, pipeEvents } from "../core/run/event-response.js";
import type { Opener } from "../core/run/run.js";
import { snapshotRequest } from "../core/run/snapshot.js";
import { StreamRun } from "../core/run/stream-run.js";
import type { StreamEvent } from "../core/values/chat-event.js";
import { type ChatInput, type ChatRequest, toChatRequest } from "../core/values/chat-request.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import type { ToolRunResult, ToolRunState } from "../core/values/tool-run.js";
import type { ToolRunEvent } from "../core/values/tool-run-event.js";
import { readNow } from "./read-now.js";
import { RunStop } from "./run-stop.js";
import { type ResumedRun, type RunToolsOptions, resolveRunOptions } from "./run-tools-options.js";
import type { AnyRunnableTool } from "./tool.js";
import { type LoopPorts, type LoopStart, ToolLoop } from "./tool-loop.js";
import { readToolRunState } from "./tool-run-state.js";
import { Totals } from "./totals.js";

/** The client that a run asks. */
export type RunClient = ChatProvider & Opener & { callOptions(options?: CallOptions): CallOptions };

/** See {@link ToolRun}. */
export class LoopRun implements ToolRun, QueueSource {
  readonly [Symbol.toStringTag] = "ToolRun";
  private readonly events = new EventQueue<ToolRunEvent>(this, "result()");
  private readonly stop = new RunStop();
  private begun = false;
  private settled: Promise<ToolRunResult> | undefined;
  private readonly outcome = deferred<ToolRunResult>();
  /** The streamed answer that comes now. */
  private call: RoundCall | undefined;
  /** The reader is behind; `caughtUp` is for tools that wait for it. */
  private behind = false;
  private caughtUp: Deferred<void> | undefined;
  /** The reader left the loop. */
  private left = false;
  private readonly first: () => LoopStart;

  constructor(
    private readonly client: RunClient,
    input: ChatInput | ResumedRun,
    private readonly tools: readonly AnyRunnableTool[],
    private readonly options: RunToolsOptions,
  ) {
    // The caller may handle only the error of the loop; this promise is then not awaited.
    this.outcome.promise.catch(() => {});
    // Later changes of the caller are not sent; a mistake is reported when the run begins.
    this.first = readNow(() => (isResumed(input) ? resumedStart(input) : freshStart(input)));
  }

  [Symbol.asyncIterator](): AsyncIterator<ToolRunEvent, undefined> {
    return this.events.iterate();
  }

  get text(): AsyncIterable<string> {
    return { [Symbol.asyncIterator]: () => textPieces(this[Symbol.asyncIterator]()) };
  }

  toReadableStream(options?: EventBodyOptions): ReadableStream<Uint8Array> {
    return eventBody(this, options);
  }

  toResponse(options?: EventResponseOptions): Response {
    return eventResponse(this, options);
  }

  pipeTo(response: NodeResponse, options?: EventResponseOptions): Promise<void> {
    return pipeEvents(this, response, options);
  }

  result(): Promise<ToolRunResult> {
    if (this.settled === undefined) {
      this.settled = this.outcome.promise;
      // A loop that starts in the same turn decides that answers are streamed.
      queueMicrotask(() => {
        if (this.events.unread) this.events.drain();
        this.start();
      });
    }
    return this.settled;
  }

  // biome-ignore lint/suspicious/noThenProperty: awaiting a run starts it.
  then<T = ToolRunResult, U = never>(
    onFulfilled?: ((result: ToolRunResult) => T | PromiseLike<T>) | null,
    onRejected?: ((reason: unknown) => U | PromiseLike<U>) | null,
  ): Promise<T | U> {
    return this.result().then(onFulfilled, onRejected);
  }

  catch<U = never>(
    onRejected?: ((reason: unknown) => U | PromiseLike<U>) | null,
  ): Promise<ToolRunResult | U> {
    return this.result().catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<ToolRunResult> {
    return this.result().finally(onFinally);
  }

  /** @see QueueSource.start */
  start(): void {
    if (this.begun) return;
    this.begun = true;
    this.run().then(
      (result) => {
        this.outcome.resolve(result);
        this.events.end();
      },
      (thrown: unknown) => {
        const error = AiLibError.from(thrown);
        // Aborts the signals of tools that still run.
        this.stop.stop(error);
        this.outcome.reject(error);
        this.events.fail(error);
      },
    );
  }

  /** @see QueueSource.pause */
  pause(): void {
    this.behind = true;
    this.call?.pause();
  }

  /** @see QueueSource.resume */
  resume(): void {
    this.behind = false;
    this.caughtUp?.resolve();
    this.caughtUp = undefined;
    this.call?.resume();
  }

  /** @see QueueSource.leave */
  leave(): void {
    this.left = true;
    if (this.begun) {
      this.call?.leave();
      this.stop.stop();
    } else this.outcome.reject(cancelled(LEFT));
    this.begun = true;
    this.caughtUp?.resolve();
  }

  private async run(): Promise<ToolRunResult> {
    const options = resolveRunOptions(this.options);
    const signal = options.call.context?.signal ?? options.call.signal;
    const unlink = signal === undefined ? undefined : onAbort(signal, () => this.stop.stop(signal.reason));
    if (signal?.aborted === true) this.stop.stop(signal.reason);
    try {
      const start = this.first();
      const call = this.client.callOptions(options.call);
      const ports: LoopPorts = {
        ask: (request) =>
          this.events.iterated ? this.streamed(request, call) : this.client.chat(request, call),
        emit: (event) => this.events.push(event),
        room: () => this.room(),
        stop: this.stop,
        clock: call.context?.clock ?? call.clock ?? systemClock,
      };
      return await new ToolLoop(this.tools, options, start, ports).run();
    } catch (error) {
      if (this.left && AiLibError.is(error) && error.code === "CANCELLED")
        throw error.with({ message: LEFT });
      throw error;
    } finally {
      unlink?.();
    }
  }

  private room(): Promise<void> | undefined {
    if (!this.behind) return undefined;
    this.caughtUp ??= deferred<void>();
    return this.caughtUp.promise;
  }

  /** One answer, whose events go to the reader. */
  private streamed(request: ChatRequest, options: CallOptions): Promise<ChatResponse> {
    let asked: ChatRequest;
    try {
      asked = checkedRequest(chatLaws, request);
    } catch (error) {
      return error instanceof NotLoaded
        ? error.load().then(() => this.streamed(request, options))
        : Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      const call = callOf(chatLaws, asked, "stream", contextOf(options));
      const outermost = options.context === undefined;
      const round = new RoundCall(this.client, call, outermost, this.events, resolve, reject);
      this.call = round;
      round.begin();
      if (this.behind) round.pause();
    });
  }
}

const LEFT = "The loop over the run was left before its end";

/** One streamed answer of a run. */
class RoundCall extends StreamRun {
  constructor(
    provider: Opener,
    call: Call,
    isOutermost: boolean,
    private readonly events: EventQueue<ToolRunEvent>,
    private readonly resolve: (response: ChatResponse) => void,
    private readonly reject: (error: AiLibError) => void,
  ) {
    super(provider, call, isOutermost);
  }

  begin(): void {
    this.start();
  }

  pause(): void {
    this.pauseSource();
  }

  resume(): void {
    this.resumeSource();
  }

  leave(): void {
    this.cancel(cancelled(LEFT));
  }

  protected push(event: StreamEvent): void {
    this.events.push(event);
  }

  protected offer(event: StreamEvent): void {
    this.events.offer(event);
  }

  protected succeed(response: ChatResponse): void {
    this.resolve(response);
  }

  protected settleError(error: AiLibError): void {
    this.reject(error);
  }
}

function isResumed(input: ChatInput | ResumedRun): input is ResumedRun {
  return typeof input === "object" && input !== null && "resume" in input;
}

function resumedStart(input: ResumedRun): LoopStart {
  refuseUnknown("member of a resumed run", input, RESUMED);
  return {
    state: readToolRunState(input.resume),
    approvals: new Map(Object.entries(input.approvals ?? {})),
    results: new Map(Object.entries(input.results ?? {})),
  };
}

function freshStart(input: ChatInput): LoopStart {
  const state: ToolRunState = {
    type: "tool-run",
    version: 1,
    request: snapshotRequest(toChatRequest(input)),
    round: 1,
    pauses: 0,
    ...new Totals().facts(),
  };
  return { state, approvals: new Map(), results: new Map() };
}

const RESUMED: ReadonlySet<string> = new Set([
  "resume",
  "approvals",
  "results",
] satisfies (keyof ResumedRun)[]);

/** A promise that is settled from outside. */
interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

function deferred<T>(): Deferred<T> {
  let resolve: Deferred<T>["resolve"] = () => {};
  let reject: Deferred<T>["reject"] = () => {};
  const promise = new Promise<T>((resolvePromise, rejectPromise) => {
    resolve = resolvePromise;
    reject = rejectPromise;
  });
  return { promise, resolve, reject };
}
