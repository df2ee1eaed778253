import type { StreamEvent } from "./chat-event.js";
import type { JsonObject } from "./json.js";
import type { ToolResultPart } from "./message.js";
import type { Usage, UsageStatus } from "./usage.js";

/** A round begins with a request to the model. The events of its answer follow. */
export interface RoundStartEvent {
  readonly type: "round-start";
  /** Counts from 1, over all processes that continue one run. */
  readonly round: number;
}

/** A round has ended: the answer is whole, and every call of it has its result. */
export interface RoundEndEvent {
  readonly type: "round-end";
  readonly round: number;
  /** The usage of the answers of this round; there are several if the provider paused. */
  readonly usage: Usage;
  /** US dollars of this round; absent where a price is unknown. */
  readonly cost?: number;
}

/**
 * Fields of every event of one tool call. `id` connects the events of one call with each other and with the model's
 * call.
 */
interface ToolEventBase {
  readonly round: number;
  /** The id of the call. */
  readonly id: string;
  /** The name of the tool. */
  readonly name: string;
}

/** The input of a tool from the model. */
export interface GivenToTool {
  /** The arguments that the model wrote; empty for a tool that takes text. */
  readonly arguments: JsonObject;
  /** The text for a tool that takes text. */
  readonly input?: string;
}

/** A tool begins to run. A call that is refused (unknown tool, wrong arguments, denied) has only a `tool-end`. */
export interface ToolStartEvent extends ToolEventBase, GivenToTool {
  readonly type: "tool-start";
}

/** What a tool reports while it runs: a value that its generator yields, or that it passes to `context.progress`. */
export interface ToolProgressEvent extends ToolEventBase {
  readonly type: "tool-progress";
  /** Plain JSON, if the tool reports plain JSON. */
  readonly progress: unknown;
}

/** A call has its result, which the model receives. `result.isError` says that the tool failed or did not run. */
export interface ToolEndEvent extends ToolEventBase {
  readonly type: "tool-end";
  readonly result: ToolResultPart;
}

/**
 * A call waits for a decision. Either the function `approve` is still deciding, and an `approval` follows, or the run
 * pauses: then the `run-end` lists the call as pending, and a resumed run decides.
 */
export interface ApprovalRequestEvent extends ToolEventBase, GivenToTool {
  readonly type: "approval-request";
}

/** The decision on a call that waited for one. */
export interface ApprovalEvent extends ToolEventBase {
  readonly type: "approval";
  readonly approved: boolean;
  /** Why it was denied, for the model. */
  readonly reason?: string;
}

/** A call for which a run paused. */
export interface PendingCall extends GivenToTool {
  readonly id: string;
  readonly name: string;
  /** `approval`: it needs a decision. `result`: the tool has no `execute`, and the caller passes the result. */
  readonly needs: "approval" | "result";
}

/**
 * How a run of tools ended. `answered`: with an answer that calls no tool, or none that may run. `stopped`: a condition
 * of `stopWhen` was true. `paused`: calls wait for a decision or for a result.
 */
export type ToolRunOutcome = "answered" | "stopped" | "paused";

/** The run is over. Always the last event; a run that fails throws its error instead. */
export interface RunEndEvent {
  readonly type: "run-end";
  readonly outcome: ToolRunOutcome;
  /** The last round. */
  readonly round: number;
  /** What the whole run used, rounds of earlier processes included. */
  readonly usage: Usage;
  readonly usageStatus: UsageStatus;
  /** US dollars of the whole run; absent where a price is unknown. */
  readonly cost?: number;
  /** Calls for which the run paused; empty otherwise. */
  readonly pending: readonly PendingCall[];
}

/** The events of a run that are not the model's. */
export type ToolEvent =
  | RoundStartEvent
  | RoundEndEvent
  | ToolStartEvent
  | ToolProgressEvent
  | ToolEndEvent
  | ApprovalRequestEvent
  | ApprovalEvent
  | RunEndEvent;

/**
 * The events of a run of tools. All are plain JSON, except a `progress` for which a tool reports something else.
 *
 * The order, for each round:
 * 1. `round-start`.
 * 2. The events of the model, the same objects as those of `client.stream`, from `start` to `finish`. They do not name
 *    their round: it is that of the latest `round-start`. A provider that pauses a long turn makes several answers,
 *    each from `start` to `finish`, in one round. `index` counts parts within one answer.
 * 3. The events of the calls. Calls run at the same time, so that events of several calls mix; each has its `id`.
 *    Every call that is decided has one `tool-end`; a call that waits for an approval or a result has none yet.
 * 4. `round-end`, unless the run pauses for calls of the round.
 *
 * The last event is a `run-end`. A run that fails, or is aborted, throws its error after the events so far.
 */
export type ToolRunEvent = StreamEvent | ToolEvent;
