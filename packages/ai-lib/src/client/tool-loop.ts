import type { Clock } from "../core/contract/clock.js";
import { AiLibError, configError } from "../core/errors/error.js";
import { onlyToolFields } from "../core/kinds/chat/known-fields.js";
import { report } from "../core/run/report.js";
import type { ChatRequest } from "../core/values/chat-request.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import type { Message, ToolResultPart } from "../core/values/message.js";
import type { FunctionTool, TextTool } from "../core/values/tool.js";
import type {
  OpenRound,
  ToolRound,
  ToolRunProgress,
  ToolRunResult,
  ToolRunState,
} from "../core/values/tool-run.js";
import type { PendingCall, ToolEvent, ToolRunOutcome } from "../core/values/tool-run-event.js";
import type { RunStop } from "./run-stop.js";
import type { LoopOptions, RoundChanges } from "./run-tools-options.js";
import { prepareSchema } from "./schema.js";
import type { RunSoFar, StopCondition } from "./stop-when.js";
import type { AnyRunnableTool } from "./tool.js";
import { type ReadyTool, runCalls } from "./tool-calls.js";
import { roundMessages, storedResponse } from "./tool-run-state.js";
import { type Totaled, Totals } from "./totals.js";

/** What a run of tools needs of those around it. */
export interface LoopPorts {
  /** Asks the model, streamed or not. */
  ask(request: ChatRequest): Promise<ChatResponse>;
  emit(event: ToolEvent): void;
  /** Resolves once the reader has caught up; undefined where it has. */
  room(): Promise<void> | undefined;
  readonly stop: RunStop;
  readonly clock: Clock;
}

/** What a run begins with. */
export interface LoopStart {
  readonly state: ToolRunState;
  readonly approvals: ReadonlyMap<string, unknown>;
  readonly results: ReadonlyMap<string, unknown>;
}

/** A round, ready to be asked. */
interface Offer {
  readonly request: ChatRequest;
  readonly tools: ReadonlyMap<string, ReadyTool>;
}

const NONE: ReadonlyMap<string, unknown> = new Map();
const NO_RESULT_YET = "This call has no result yet: the run was interrupted before it ended.";
const NOT_RUN = "This call was not run.";

/** The rounds of one run: asks, runs the tools that the model calls, and asks again until the model answers. */
export class ToolLoop {
  private request: ChatRequest;
  private round: number;
  private pauses: number;
  /** What the whole run used, and this round. */
  private readonly total: Totals;
  private ofRound = new Totals();
  private open: { readonly response: ChatResponse; readonly results: (ToolResultPart | null)[] } | undefined;
  private readonly rounds: ToolRound[] = [];
  /** Tools whose schemas are ready. */
  private readonly prepared = new Map<AnyRunnableTool, ReadyTool>();

  constructor(
    private readonly tools: readonly AnyRunnableTool[],
    private readonly options: LoopOptions,
    private readonly start: LoopStart,
    private readonly ports: LoopPorts,
  ) {
    const { request, round, pauses, open } = start.state;
    this.request = request;
    this.round = round;
    this.pauses = pauses;
    this.total = new Totals(start.state);
    if (open !== undefined) this.open = { response: open.response, results: [...open.results] };
  }

  /** @throws {AiLibError} with `toolRun`, whatever went wrong. */
  async run(): Promise<ToolRunResult> {
    try {
      for (;;) {
        const result = await this.oneRound();
        if (result !== undefined) return result;
      }
    } catch (thrown) {
      const error = AiLibError.from(thrown, "CONFIG_ERROR");
      const { partial } = error;
      if (partial !== undefined) this.count(partial);
      throw error.with({ toolRun: this.progress() });
    }
  }

  /** One round; the result of the run where it is the last one. */
  private async oneRound(): Promise<ToolRunResult | undefined> {
    const { round, ports, options } = this;
    ports.stop.throwIfStopped();
    const offer = await this.prepare();
    ports.emit({ type: "round-start", round });
    this.ofRound = new Totals();
    if (this.open === undefined) {
      const response = await this.answer(offer);
      if (!this.hasCallsToRun(response)) {
        this.request = { ...this.request, messages: this.withRound(response, [], NOT_RUN) };
        this.endRound(round);
        return this.result("answered", response, []);
      }
      this.open = { response, results: response.toolCalls.map(() => null) };
    }
    const { response, results } = this.open;
    const pending = await this.runOpenCalls(offer, response, results);
    if (pending.length > 0) return this.result("paused", response, pending);
    const done: ToolRound = { round, response, results: results as ToolResultPart[] };
    this.rounds.push(done);
    const { onRound } = options;
    this.request = {
      ...this.request,
      toolChoice: withoutForce(this.request.toolChoice),
      messages: this.withRound(response, results, NOT_RUN),
    };
    this.open = undefined;
    this.round++;
    if (onRound !== undefined) report(() => onRound(done), "onRound");
    this.endRound(round);
    return (await this.stops(done)) ? this.result("stopped", response, []) : undefined;
  }

  /** The answer of a round, with the pauses of the provider. */
  private async answer(offer: Offer): Promise<ChatResponse> {
    let { request } = offer;
    for (;;) {
      const response = await this.ports.ask(request);
      this.count(response);
      const { finishReason, toolCalls, content, message } = response;
      const goesOn =
        finishReason === "paused" &&
        toolCalls.length === 0 &&
        content.length > 0 &&
        this.pauses < this.options.maxPauses;
      if (!goesOn) return response;
      this.pauses++;
      this.request = { ...this.request, messages: [...this.request.messages, message] };
      request = { ...request, messages: [...request.messages, message] };
    }
  }

  private hasCallsToRun({ toolCalls, finishReason }: ChatResponse): boolean {
    if (this.round > this.options.maxRounds || toolCalls.length === 0) return false;
    return finishReason === "tool-calls" || finishReason === "paused";
  }

  private async runOpenCalls(
    { tools, request }: Offer,
    response: ChatResponse,
    results: (ToolResultPart | null)[],
  ): Promise<PendingCall[]> {
    const { ports, options, start, round } = this;
    const declared = new Set(
      (this.request.tools ?? []).flatMap((tool) => (tool.type === "provider" ? [] : [tool.name])),
    );
    return ports.stop.until(
      runCalls(response.toolCalls, results, {
        round,
        tools,
        declared,
        messages: request.messages,
        options,
        clock: ports.clock,
        stop: ports.stop,
        emit: (event) => ports.emit(event),
        room: () => ports.room(),
        // Ids may repeat in later rounds, for which there are no decisions yet.
        approvals: round === start.state.round ? start.approvals : NONE,
        results: round === start.state.round ? start.results : NONE,
      }),
    );
  }

  /** The request and the tools of a round. */
  private async prepare(): Promise<Offer> {
    const changes = await this.changes();
    const { tools: chosen, ...fields } = changes;
    const base: ChatRequest = { ...this.request, ...definedFields(fields) };
    const tools = await this.ready(chosen === undefined ? this.tools : chosen.map((one) => this.named(one)));
    const shown = [...tools.values()].map(shownTool);
    const request: ChatRequest = {
      ...base,
      tools: [...(this.request.tools ?? []), ...shown],
      ...(this.round > this.options.maxRounds ? { toolChoice: "none" as const } : {}),
    };
    return { request, tools };
  }

  private async changes(): Promise<RoundChanges> {
    const { prepareRound } = this.options;
    if (prepareRound === undefined) return {};
    try {
      const { state: _state, ...soFar } = this.progress();
      return (await this.ports.stop.until(this.promised(prepareRound, soFar))) ?? {};
    } catch (error) {
      throw callbackError(error, "`prepareRound` failed");
    }
  }

  private async promised(
    prepareRound: NonNullable<LoopOptions["prepareRound"]>,
    soFar: Omit<ToolRunProgress, "state">,
  ): Promise<RoundChanges | undefined> {
    return prepareRound({ ...soFar, round: this.round });
  }

  private named(one: string | AnyRunnableTool): AnyRunnableTool {
    if (typeof one !== "string") return one;
    const found = this.tools.find((tool) => tool.name === one);
    if (found === undefined)
      throw configError(`\`prepareRound\` names the tool "${one}", which the run does not have`);
    return found;
  }

  private async ready(tools: readonly AnyRunnableTool[]): Promise<Map<string, ReadyTool>> {
    const ready = new Map<string, ReadyTool>();
    for (const tool of tools) {
      if (ready.has(tool.name)) throw configError(`The tool "${tool.name}" is there twice`);
      const known = this.prepared.get(tool) ?? (await readyTool(tool));
      this.prepared.set(tool, known);
      ready.set(tool.name, known);
    }
    return ready;
  }

  private async stops(last: ToolRound): Promise<boolean> {
    const { stopWhen } = this.options;
    if (stopWhen.length === 0) return false;
    const { state: _state, ...soFar } = this.progress();
    try {
      return await this.ports.stop.until(anyHolds(stopWhen, { ...soFar, last }));
    } catch (error) {
      throw callbackError(error, "A condition of `stopWhen` failed");
    }
  }

  private count(response: Totaled): void {
    this.total.add(response);
    this.ofRound.add(response);
  }

  private endRound(round: number): void {
    const { usageStatus: _status, ...spent } = this.ofRound.facts();
    this.ports.emit({ type: "round-end", round, ...spent });
  }

  private withRound(
    response: ChatResponse,
    results: readonly (ToolResultPart | null)[],
    missing: string,
  ): readonly Message[] {
    return [...this.request.messages, ...roundMessages({ response, results }, missing)];
  }

  private progress(): ToolRunProgress {
    const { request, round, pauses, rounds, open } = this;
    const total = this.total.facts();
    const stored: OpenRound | undefined =
      open === undefined
        ? undefined
        : { response: storedResponse(open.response), results: [...open.results] };
    return {
      messages:
        open === undefined ? request.messages : this.withRound(open.response, open.results, NO_RESULT_YET),
      rounds: [...rounds],
      ...total,
      state: {
        type: "tool-run",
        version: 1,
        request,
        round,
        pauses,
        ...total,
        ...(stored === undefined ? {} : { open: stored }),
      },
    };
  }

  private result(
    outcome: ToolRunOutcome,
    response: ChatResponse,
    pending: readonly PendingCall[],
  ): ToolRunResult {
    const { state, ...progress } = this.progress();
    this.ports.emit({
      type: "run-end",
      outcome,
      round: outcome === "stopped" ? this.round - 1 : this.round,
      ...this.total.facts(),
      pending,
    });
    return { outcome, response, ...progress, pending, ...(outcome === "answered" ? {} : { state }) };
  }
}

/** The error of a callback of the run; an abort while it ran is no failure of its own. */
function callbackError(thrown: unknown, what: string): AiLibError {
  const error = AiLibError.from(thrown, "CONFIG_ERROR");
  return error.code === "CANCELLED" ? error : error.withContext(what);
}

async function anyHolds(conditions: readonly StopCondition[], run: RunSoFar): Promise<boolean> {
  for (const condition of conditions) if (await condition(run)) return true;
  return false;
}

/** A choice that forces a call holds for the first round: with it the run could never end. A list stays a list. */
function withoutForce(choice: ChatRequest["toolChoice"]): ChatRequest["toolChoice"] {
  if (typeof choice === "object" && "names" in choice) return { names: choice.names };
  return choice === "none" ? "none" : "auto";
}

/** Tools as the model is shown them. */
export async function shownTools(tools: readonly AnyRunnableTool[]): Promise<(FunctionTool | TextTool)[]> {
  return Promise.all(tools.map(async (tool) => shownTool(await readyTool(tool))));
}

async function readyTool(tool: AnyRunnableTool): Promise<ReadyTool> {
  return "type" in tool ? { tool } : { tool, schema: await prepareSchema(tool.parameters) };
}

function shownTool({ tool, schema }: ReadyTool): FunctionTool | TextTool {
  if (schema === undefined) return onlyToolFields(tool, "text-tool") as unknown as TextTool;
  const described = { ...onlyToolFields(tool, "function"), type: "function", parameters: schema.json };
  return described as unknown as FunctionTool;
}

/** The fields that are there: one that is undefined changes nothing. */
function definedFields<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
