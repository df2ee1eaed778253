import type { Clock } from "../core/contract/clock.js";
import { AiLibError, messageOf } from "../core/errors/error.js";
import type { Message, ToolCallPart, ToolResultPart } from "../core/values/message.js";
import { toolResult } from "../core/values/tool.js";
import type { GivenToTool, PendingCall, ToolEvent } from "../core/values/tool-run-event.js";
import { issuesText } from "../core/values/validation-issue.js";
import { RunStop } from "./run-stop.js";
import { type ApprovalDecision, type LoopOptions, readApproval } from "./run-tools-options.js";
import type { PreparedSchema } from "./schema.js";
import type { AnyRunnableTool, RunnableTextTool, RunnableTool, ToolContext, ToolFailure } from "./tool.js";
import { resultOf } from "./tool-output-stream.js";

/** A tool whose schema is ready; a tool that takes text has none. */
export type ReadyTool =
  | { readonly tool: RunnableTool; readonly schema: PreparedSchema }
  | { readonly tool: RunnableTextTool; readonly schema?: undefined };

/** What the calls of one answer share. */
export interface CallsContext {
  readonly round: number;
  readonly tools: ReadonlyMap<string, ReadyTool>;
  /** Tools of the request itself: their code is elsewhere. */
  readonly declared: ReadonlySet<string>;
  readonly messages: readonly Message[];
  readonly options: LoopOptions;
  readonly clock: Clock;
  /** Stops with the run. */
  readonly stop: RunStop;
  readonly emit: (event: ToolEvent) => void;
  /** Resolves once the reader has caught up; undefined where it has. */
  readonly room: () => Promise<void> | undefined;
  /** Decisions that a resumed run was given, by the id of the call. */
  readonly approvals: ReadonlyMap<string, unknown>;
  /** Results that a resumed run was given, by the id of the call. */
  readonly results: ReadonlyMap<string, unknown>;
}

/** The result of one call. */
type Settled = { readonly result: ToolResultPart } | { readonly pending: PendingCall["needs"] };

/**
 * Runs the calls that have no result yet, some at the same time, and puts their results in their places.
 * @param results one place for each call.
 * @returns the calls that wait for a decision or a result.
 * @throws what a callback of the run throws; the other calls of the answer continue to their end.
 */
export async function runCalls(
  calls: readonly ToolCallPart[],
  results: (ToolResultPart | null)[],
  context: CallsContext,
): Promise<PendingCall[]> {
  const pending = new Map<number, PendingCall>();
  let next = 0;
  let failed = false;
  const work = async (): Promise<void> => {
    while (next < calls.length && !failed && !context.stop.stopped) {
      const index = next++;
      const call = calls[index];
      if (call === undefined || results[index] != null) continue;
      const settled = await settle(call, context);
      if ("pending" in settled) {
        pending.set(index, { id: call.id, name: call.name, ...givenTo(call), needs: settled.pending });
        continue;
      }
      // Also after an abort: a tool that has run need not run again.
      results[index] = settled.result;
      if (context.stop.stopped || failed) return;
      context.emit({
        type: "tool-end",
        round: context.round,
        id: call.id,
        name: call.name,
        result: settled.result,
      });
    }
  };
  const workers = Array.from({ length: Math.min(context.options.parallel, calls.length) }, () =>
    work().catch((error: unknown) => {
      failed = true;
      throw error;
    }),
  );
  await Promise.all(workers);
  return [...pending].sort(([a], [b]) => a - b).map(([, call]) => call);
}

async function settle(call: ToolCallPart, context: CallsContext): Promise<Settled> {
  const ready = context.tools.get(call.name);
  if (ready === undefined && !context.declared.has(call.name)) {
    const known = [...context.tools.keys(), ...context.declared].join(", ");
    const message = `There is no tool "${call.name}". There are: ${known}`;
    return failure({ call, round: context.round, reason: "unknown-tool", message }, context);
  }
  const checked = await checkArguments(call, ready);
  if ("problem" in checked)
    return failure({ call, round: context.round, reason: "arguments", message: checked.problem }, context);
  const execute = ready?.tool.execute;
  if (ready === undefined || execute === undefined) {
    if (!context.results.has(call.id)) return { pending: "result" };
    return { result: toolResult(call, context.results.get(call.id)) };
  }
  const decision = await decide(call, context);
  if (decision === "pause") return { pending: "approval" };
  if (!decision.approved) return { result: denied(call, decision) };
  return execution(call, ready.tool, checked.value, context);
}

async function checkArguments(
  call: ToolCallPart,
  ready: ReadyTool | undefined,
): Promise<{ readonly value: unknown } | { readonly problem: string }> {
  const { arguments: args, argumentsText, input } = call;
  if (ready !== undefined && ready.schema === undefined)
    return input === undefined ? { problem: "The input is no whole text" } : { value: input };
  if (args === undefined && argumentsText !== undefined) return { problem: NO_OBJECT };
  if (ready === undefined) return { value: input ?? args };
  if (input !== undefined) return { problem: NO_OBJECT };
  const checked = await ready.schema.check(args ?? {});
  return "issues" in checked
    ? { problem: `The arguments do not fit at ${issuesText(checked.issues, 5)}` }
    : checked;
}

const NO_OBJECT = "The arguments are no JSON object";

/** The input of a call for its tool, as in the events of the run. */
function givenTo({ arguments: args = {}, input }: ToolCallPart): GivenToTool {
  return input === undefined ? { arguments: args } : { arguments: args, input };
}

async function decide(call: ToolCallPart, context: CallsContext): Promise<"pause" | ApprovalDecision> {
  const { approve, toolContext } = context.options;
  const { round, messages, stop } = context;
  const base = { round, id: call.id, name: call.name };
  const request = { type: "approval-request", ...base, ...givenTo(call) } as const;
  const tell = ({ approved, reason }: ApprovalDecision) =>
    context.emit({ type: "approval", ...base, approved, ...(reason === undefined ? {} : { reason }) });
  if (context.approvals.has(call.id)) {
    const given = readApproval(context.approvals.get(call.id));
    if (given !== "pause") tell(given);
    return given;
  }
  if (approve === undefined) return { approved: true };
  if (approve === "pause") {
    context.emit(request);
    return "pause";
  }
  try {
    const answer = approve(call, {
      round,
      messages,
      get signal() {
        return stop.signal;
      },
      context: toolContext,
    });
    const waits = typeof (answer as Partial<PromiseLike<unknown>> | undefined)?.then === "function";
    if (waits) context.emit(request);
    const decision = readApproval(await answer);
    if (decision === "pause" && !waits) context.emit(request);
    if (decision !== "pause" && waits) tell(decision);
    return decision;
  } catch (error) {
    throw AiLibError.from(error, "CONFIG_ERROR").withContext("`approve` failed");
  }
}

function denied(call: ToolCallPart, { reason }: ApprovalDecision): ToolResultPart {
  const why = reason === undefined ? "" : `: ${reason}`;
  return toolResult(call, `The call was denied and did not run${why}`, { isError: true });
}

/** The result or exception of a call's tool, or its timeout. */
async function execution(
  call: ToolCallPart,
  tool: AnyRunnableTool,
  args: unknown,
  context: CallsContext,
): Promise<Settled> {
  const { round } = context;
  const timeoutMs = tool.timeoutMs ?? context.options.toolTimeoutMs;
  const limit = new ToolLimit(context.stop, context.clock, timeoutMs);
  context.emit({ type: "tool-start", round, id: call.id, name: call.name, ...givenTo(call) });
  const toolContext: ToolContext = {
    get signal() {
      return limit.stop.signal;
    },
    call,
    round,
    messages: context.messages,
    context: context.options.toolContext,
    progress: (value) => {
      if (!limit.over)
        context.emit({ type: "tool-progress", round, id: call.id, name: call.name, progress: value });
    },
  };
  try {
    const output = await limit.race(
      resultOf(
        () => tool.execute?.(args as never, toolContext),
        toolContext.progress,
        context.room,
        limit.stop,
      ),
    );
    return { result: toolResult(call, output) };
  } catch (error) {
    if (error === TIME_IS_UP) {
      const message = `The tool did not end within ${timeoutMs} ms`;
      return failure({ call, round, reason: "timeout", message }, context);
    }
    return failure({ call, round, reason: "threw", message: messageOf(error), error }, context);
  } finally {
    limit.end();
  }
}

const TIME_IS_UP: unique symbol = Symbol("time is up");

/** The stop and the time of one call. */
class ToolLimit {
  readonly stop: RunStop;
  /** The call has its result; progress that the tool reports now is ignored. */
  over = false;
  private readonly cancel: (() => void)[] = [];
  private expire: (() => void) | undefined;

  constructor(run: RunStop, clock: Clock, ms: number) {
    if (ms === Number.POSITIVE_INFINITY) {
      this.stop = run;
      return;
    }
    const stop = new RunStop();
    this.stop = stop;
    this.cancel.push(run.onStop(() => stop.stop(run.reason)));
    this.cancel.push(
      clock.after(ms, () => {
        stop.stop(new DOMException("The time of the tool is up", "TimeoutError"));
        this.expire?.();
      }),
    );
  }

  /** What a tool returns, or `TIME_IS_UP`. */
  race(output: Promise<unknown>): Promise<unknown> {
    if (this.cancel.length === 0) return output;
    return new Promise((resolve, reject) => {
      this.expire = () => reject(TIME_IS_UP);
      output.then(resolve, reject);
    });
  }

  end(): void {
    this.over = true;
    for (const cancel of this.cancel) cancel();
  }
}

/** The result that reports a failure to the model. */
async function failure(given: ToolFailure, context: CallsContext): Promise<Settled> {
  const { onError } = context.options;
  let content: unknown = given.message;
  if (onError !== undefined && !context.stop.stopped) {
    try {
      content = (await onError(given)) ?? given.message;
    } catch (error) {
      throw AiLibError.from(error, "CONFIG_ERROR").withContext("`onError` ended the run");
    }
  }
  return { result: toolResult(given.call, content, { isError: true }) };
}
