import type { ChatRequest } from "./chat-request.js";
import type { ChatResponse } from "./chat-response.js";
import type { Message, ToolResultPart } from "./message.js";
import type { PendingCall, ToolRunOutcome } from "./tool-run-event.js";
import type { Usage, UsageStatus } from "./usage.js";

/** One answer of the model that called tools, and the results of all calls. */
export interface ToolRound {
  /** Counts from 1. */
  readonly round: number;
  readonly response: ChatResponse;
  /** In the order of the calls. */
  readonly results: readonly ToolResultPart[];
}

/** An answer whose calls do not all have results. */
export interface OpenRound {
  readonly response: ChatResponse;
  /** The result of each of `response.toolCalls`, in their order; null where there is none yet. */
  readonly results: readonly (ToolResultPart | null)[];
}

/**
 * The state from which a run of tools continues: `client.runTools({ resume: state }, tools)`, in this process or
 * another one. Plain JSON of a versioned format. It holds the conversation, so store it where the conversation may be
 * stored. It decides which calls run: a state that a client sent must be signed, or looked up by an id.
 */
export interface ToolRunState {
  readonly type: "tool-run";
  readonly version: 1;
  /** The request of the next round, without the tools that `runTools` was given: they hold code. */
  readonly request: ChatRequest;
  /** The round that continues, from 1. */
  readonly round: number;
  /** Pauses of the provider so far. */
  readonly pauses: number;
  /** What the run used so far. */
  readonly usage: Usage;
  readonly usageStatus: UsageStatus;
  /** US dollars so far; absent where a price is unknown. */
  readonly cost?: number;
  /** The answer of the round, if some of its calls have no result yet. */
  readonly open?: OpenRound;
}

/** The progress of a run of tools; an error of a run has it as `toolRun`. */
export interface ToolRunProgress {
  /**
   * The conversation so far, ready to send. A call that has no result yet has one that says so, so that every vendor
   * accepts the history; {@link state} still runs that call.
   */
  readonly messages: readonly Message[];
  /** The rounds that this process finished. */
  readonly rounds: readonly ToolRound[];
  /** The usage of all answers, as far as it is known, including those of earlier processes and those that failed. */
  readonly usage: Usage;
  /** `estimated` where the usage of one answer is. */
  readonly usageStatus: UsageStatus;
  /** US dollars of all answers; absent where a price is unknown. */
  readonly cost?: number;
  readonly state: ToolRunState;
}

/** How a run of tools ended. */
export interface ToolRunResult extends Omit<ToolRunProgress, "state"> {
  readonly outcome: ToolRunOutcome;
  /**
   * The last answer. Its `toolCalls` are empty unless the run stopped or paused, or the token limit cut a call, which is
   * then not run. Its `finishReason` is `paused` if the model paused more than `maxPauses` times.
   */
  readonly response: ChatResponse;
  /** The state from which the run continues; only if it was stopped or paused. */
  readonly state?: ToolRunState;
  /** The calls for which the run paused; empty otherwise. */
  readonly pending: readonly PendingCall[];
}
