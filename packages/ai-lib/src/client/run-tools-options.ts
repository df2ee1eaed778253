import { type CallOptions, requireSignal } from "../core/contract/call.js";
import { configError } from "../core/errors/error.js";
import { atLeast, refuseUnknown, wholeAtLeast } from "../core/errors/options.js";
import type { ChatRequest } from "../core/values/chat-request.js";
import type { Message, ToolCallPart } from "../core/values/message.js";
import type { ToolRound, ToolRunProgress, ToolRunState } from "../core/values/tool-run.js";
import type { StopCondition } from "./stop-when.js";
import type { AnyRunnableTool, ToolFailure } from "./tool.js";

/** Whether a call may run. `pause` ends the run as `paused`; a resumed run decides. */
export type Approval = boolean | "pause" | ApprovalDecision;

/** A decision with its reason. */
export interface ApprovalDecision {
  readonly approved: boolean;
  /** Why it was denied; the model reads it. */
  readonly reason?: string | undefined;
}

/** A call as `approve` receives it. Its arguments fit the schema of the tool. */
export interface ApprovalContext<C = unknown> {
  readonly round: number;
  readonly messages: readonly Message[];
  readonly context: C;
  /** Aborted with the run. */
  readonly signal: AbortSignal;
}

/** Resumes a run that paused, stopped or failed. */
export interface ResumedRun {
  /** The `state` of a result, or of an error's `toolRun`. */
  readonly resume: ToolRunState;
  /** Decisions on waiting calls, by the id of the call. For calls without a decision, `approve` is called again. */
  readonly approvals?: Readonly<Record<string, boolean | ApprovalDecision>> | undefined;
  /** Results of tools without `execute`, by the id of the call. */
  readonly results?: Readonly<Record<string, unknown>> | undefined;
}

/** Changes for one round only: fields of the request, and the tools. */
export interface RoundChanges<C = unknown> extends Partial<Omit<ChatRequest, "tools">> {
  /** The tools of this round: names of those of the run, or others. Default: all of the run. */
  readonly tools?: readonly (string | AnyRunnableTool<C>)[] | undefined;
}

/** What `prepareRound` receives. */
export interface RoundToPrepare extends Omit<ToolRunProgress, "state"> {
  /** The round that begins, from 1. */
  readonly round: number;
}

/** Options of a run of tools. @typeParam C what the tools need as `context` */
export interface RunToolsOptions<C = unknown> extends CallOptions {
  /**
   * The maximum number of rounds of tool calls. Default 8. After the last round, the run asks the model once more without
   * tool calls (`toolChoice: "none"`), so that it ends with an answer.
   */
  readonly maxRounds?: number | undefined;
  /**
   * How often the model may pause and continue. A provider pauses a long turn of its own tools (`finishReason: "paused"`).
   * The run then sends the answer back, and the model continues. Default 8. A pause does not count as a round.
   */
  readonly maxPauses?: number | undefined;
  /** Ends the run after a round of tools, as `stopped`, if one of these conditions is true. */
  readonly stopWhen?: StopCondition | readonly StopCondition[] | undefined;
  /** Changes the model, the tools, the messages or any field of the request for one round. */
  readonly prepareRound?:
    | ((round: RoundToPrepare) => RoundChanges<C> | undefined | Promise<RoundChanges<C> | undefined>)
    | undefined;
  /**
   * Decides on each call before it runs. Default: every call runs. For a denied call, the model receives an error. With
   * `"pause"` instead of a function, every call waits for a resumed run.
   */
  readonly approve?:
    | "pause"
    | ((call: ToolCallPart, context: ApprovalContext<C>) => Approval | Promise<Approval>)
    | undefined;
  /** How many calls of one answer run at the same time: `true` for all, `false` for one. Default: `true`. */
  readonly parallel?: boolean | number | undefined;
  /** The time limit of one call in milliseconds, if its tool has no `timeoutMs`. Default: no limit. */
  readonly toolTimeoutMs?: number | undefined;
  /** The value that each tool receives as `context.context`. */
  readonly toolContext?: C | undefined;
  /**
   * Called for each failed call. The model receives the return value instead of the error's message; undefined changes
   * nothing. An exception ends the run.
   */
  readonly onError?: ((failure: ToolFailure) => unknown) | undefined;
  /** Called after each round of tools, before the next request. */
  readonly onRound?: ((round: ToolRound) => void) | undefined;
}

/** Arguments of `runTools` after the tools: the context is required where a tool needs one. */
export type RunToolsRest<C> = unknown extends C
  ? [options?: RunToolsOptions<C>]
  : [options: RunToolsOptions<C> & { readonly toolContext: C }];

/** Options with their defaults; those of each call apart. */
export interface LoopOptions {
  readonly maxRounds: number;
  readonly maxPauses: number;
  readonly stopWhen: readonly StopCondition[];
  readonly prepareRound: RunToolsOptions["prepareRound"];
  readonly approve: RunToolsOptions["approve"];
  readonly parallel: number;
  readonly toolTimeoutMs: number;
  readonly toolContext: unknown;
  readonly onError: RunToolsOptions["onError"];
  readonly onRound: RunToolsOptions["onRound"];
  readonly call: CallOptions;
}

const FUNCTIONS = ["prepareRound", "onError", "onRound"] as const;

const DECISION: ReadonlySet<string> = new Set(["approved", "reason"] satisfies (keyof ApprovalDecision)[]);

/** @throws {AiLibError} `CONFIG_ERROR` for a value out of range or of a wrong type. */
export function resolveRunOptions(given: RunToolsOptions): LoopOptions {
  const {
    maxRounds = 8,
    maxPauses = 8,
    stopWhen = [],
    prepareRound,
    approve,
    parallel = true,
    toolTimeoutMs = Number.POSITIVE_INFINITY,
    toolContext,
    onError,
    onRound,
    ...call
  } = given;
  requireSignal(call.signal);
  for (const name of FUNCTIONS)
    if (given[name] !== undefined && typeof given[name] !== "function")
      throw configError(`${name} must be a function`);
  if (approve !== undefined && approve !== "pause" && typeof approve !== "function")
    throw configError('approve must be a function or "pause"');
  const conditions = typeof stopWhen === "function" ? [stopWhen] : stopWhen;
  if (!Array.isArray(conditions) || conditions.some((one) => typeof one !== "function"))
    throw configError("stopWhen must be a function or a list of functions");
  return {
    maxRounds: wholeAtLeast("maxRounds", maxRounds, 0, true),
    maxPauses: wholeAtLeast("maxPauses", maxPauses, 0, true),
    stopWhen: conditions,
    prepareRound,
    approve,
    parallel:
      parallel === true
        ? Number.POSITIVE_INFINITY
        : parallel === false
          ? 1
          : wholeAtLeast("parallel", parallel, 1, true),
    toolTimeoutMs: atLeast("toolTimeoutMs", toolTimeoutMs, 0, true),
    toolContext,
    onError,
    onRound,
    call,
  };
}

/**
 * A decision as `approve` returned it, or as a resumed run was given it.
 * @throws {AiLibError} `CONFIG_ERROR` for anything else: a mistake must never allow a call.
 */
export function readApproval(given: unknown): "pause" | ApprovalDecision {
  if (given === "pause") return given;
  if (typeof given === "boolean") return { approved: given };
  if (typeof given === "object" && given !== null && "approved" in given) {
    refuseUnknown("member of an approval", given, DECISION);
    const { approved, reason } = given as ApprovalDecision;
    if (typeof approved === "boolean" && (reason === undefined || typeof reason === "string"))
      return { approved, reason };
  }
  throw configError(
    'An approval is true, false, "pause" or { approved, reason }; return one from `approve`, also where it decides later',
  );
}
