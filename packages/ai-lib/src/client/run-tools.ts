import type { CallOptions } from "../core/contract/call.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { cancelled, configError, messageOf } from "../core/errors/error.js";
import { onAbort } from "../core/run/abort.js";
import { report } from "../core/run/report.js";
import { snapshotRequest } from "../core/run/snapshot.js";
import { type ChatInput, type ChatRequest, toChatRequest } from "../core/values/chat-request.js";
import type { JsonObject } from "../core/values/json.js";
import type { ToolCallPart, ToolResultPart } from "../core/values/message.js";
import { sumStatus, sumUsage } from "../core/values/sum-usage.js";
import { toolResult } from "../core/values/tool.js";
import type { ToolRound, ToolRunResult } from "../core/values/tool-run.js";
import type { Usage, UsageStatus } from "../core/values/usage.js";
import { type AnySchema, type OutputOf, type PreparedSchema, prepareSchema } from "./schema.js";

/** What a running tool receives beside its arguments. */
export interface ToolContext {
  /** Aborted with the call. */
  readonly signal: AbortSignal;
  readonly call: ToolCallPart;
  readonly round: number;
}

/** A tool with the code that runs it. */
export interface RunnableTool<S extends AnySchema = AnySchema> {
  readonly name: string;
  readonly description?: string | undefined;
  /** What it takes: a JSON Schema, or a schema of zod, valibot or arktype. */
  readonly parameters: S;
  readonly strict?: boolean | undefined;
  /** Runs it. What it returns goes to the model, as text or as JSON; what it throws goes there as an error. */
  // biome-ignore lint/suspicious/noExplicitAny: a list holds tools of different arguments; `defineTool` types each.
  execute(args: any, context: ToolContext): unknown;
}

/** Types a tool's arguments by its schema: `defineTool({ parameters: z.object({...}), execute: ({ city }) => ... })`. */
export function defineTool<S extends AnySchema>(
  tool: Omit<RunnableTool<S>, "execute"> & { execute(args: OutputOf<S>, context: ToolContext): unknown },
): RunnableTool<S> {
  return tool;
}

/** Options of a tool loop. */
export interface RunToolsOptions extends CallOptions {
  /**
   * Rounds of tool calls. Default 8. After the last one the model is asked once more and may call none
   * (`toolChoice: "none"`), so that the loop ends with an answer.
   */
  readonly maxRounds?: number | undefined;
  /**
   * How often the model may pause and go on. A provider pauses a long turn of its own tools (`finishReason: "paused"`);
   * the answer is then sent back, and the model continues. Default 8. A pause is no round.
   */
  readonly maxPauses?: number | undefined;
  /** Called after each round, before the next request. */
  readonly onRound?: ((round: ToolRound) => void) | undefined;
}

const DEFAULT_MAX_ROUNDS = 8;
const DEFAULT_MAX_PAUSES = 8;

interface ReadyTool {
  readonly tool: RunnableTool;
  readonly schema: PreparedSchema;
}

/** See {@link AiClient.runTools}. */
export async function runToolLoop(
  client: ChatProvider,
  input: ChatInput,
  tools: readonly RunnableTool[],
  given: RunToolsOptions = {},
): Promise<ToolRunResult> {
  const { maxRounds = DEFAULT_MAX_ROUNDS, maxPauses = DEFAULT_MAX_PAUSES, onRound, ...options } = given;
  if (!(maxRounds >= 0)) throw configError(`maxRounds must be 0 or more, not ${maxRounds}`);
  if (!(maxPauses >= 0)) throw configError(`maxPauses must be 0 or more, not ${maxPauses}`);
  const asked = snapshotRequest(toChatRequest(input));
  const ready = await prepareTools(tools);
  let request = withTools(asked, [...ready.values()]);
  const rounds: ToolRound[] = [];
  let pauses = 0;
  let usage: Usage = { inputTokens: 0, outputTokens: 0 };
  let usageStatus: UsageStatus = "final";
  let cost: number | undefined = 0;
  for (let round = 1; ; ) {
    const last = round > maxRounds;
    const response = await client.chat(last ? { ...request, toolChoice: "none" } : request, options);
    usage = sumUsage(usage, response.usage);
    usageStatus = sumStatus(usageStatus, response.usageStatus);
    cost = cost === undefined || response.cost === undefined ? undefined : cost + response.cost;
    const messages = [...request.messages, response.message];
    const { toolCalls } = response;
    const paused = response.finishReason === "paused";
    if (paused && toolCalls.length === 0 && response.content.length > 0 && pauses < maxPauses) {
      pauses++;
      request = { ...request, messages };
      continue;
    }
    if (last || toolCalls.length === 0 || !(paused || response.finishReason === "tool-calls"))
      return {
        outcome: "answered",
        response,
        rounds,
        messages,
        usage,
        usageStatus,
        ...(cost === undefined ? {} : { cost }),
        pending: [],
        object: undefined,
      };
    const results = await runCalls(toolCalls, ready, round, options.signal);
    const done: ToolRound = { round, response, results };
    rounds.push(done);
    if (onRound !== undefined) report(() => onRound(done), "onRound");
    round++;
    request = {
      ...request,
      toolChoice: freed(request),
      messages: [...messages, { role: "tool", content: results }],
    };
  }
}

/** A choice that forces a call holds for the first round: with it the loop could never end. A list stays a list. */
function freed({ toolChoice }: ChatRequest): ChatRequest["toolChoice"] {
  if (typeof toolChoice === "object" && "names" in toolChoice) return { names: toolChoice.names };
  return toolChoice === "none" ? "none" : "auto";
}

async function prepareTools(tools: readonly RunnableTool[]): Promise<Map<string, ReadyTool>> {
  const ready = new Map<string, ReadyTool>();
  for (const tool of tools) {
    if (ready.has(tool.name)) throw configError(`The tool "${tool.name}" is there twice`);
    ready.set(tool.name, { tool, schema: await prepareSchema(tool.parameters) });
  }
  return ready;
}

function withTools(request: ChatRequest, ready: readonly ReadyTool[]): ChatRequest {
  const functions = ready.map(({ tool, schema }) => ({
    type: "function" as const,
    name: tool.name,
    parameters: schema.json as JsonObject,
    description: tool.description,
    strict: tool.strict,
  }));
  return { ...request, tools: [...(request.tools ?? []), ...functions] };
}

async function runCalls(
  calls: readonly ToolCallPart[],
  ready: ReadonlyMap<string, ReadyTool>,
  round: number,
  signal: AbortSignal | undefined,
): Promise<ToolResultPart[]> {
  const aborted = () => cancelled("The tools were aborted by their caller", signal?.reason);
  if (signal?.aborted === true) throw aborted();
  const abort = new AbortController();
  // A tool that ignores the abort must not hold up the caller's ending.
  const { promise: left, reject } = deferred<never>();
  const stop = () => {
    abort.abort(signal?.reason);
    reject(aborted());
  };
  const cancelSignal = signal === undefined ? undefined : onAbort(signal, stop);
  try {
    const running = Promise.all(
      calls.map((call) => runCall(call, ready, { signal: abort.signal, call, round })),
    );
    return await Promise.race([running, left]);
  } finally {
    cancelSignal?.();
  }
}

async function runCall(
  call: ToolCallPart,
  ready: ReadonlyMap<string, ReadyTool>,
  context: ToolContext,
): Promise<ToolResultPart> {
  const found = ready.get(call.name);
  const refuse = (why: string) => toolResult(call, why, { isError: true });
  if (found === undefined)
    return refuse(`There is no tool "${call.name}". There are: ${[...ready.keys()].join(", ")}`);
  if (call.arguments === undefined && call.argumentsText !== undefined)
    return refuse("The arguments are no JSON object");
  const checked = await found.schema.check(call.arguments ?? {});
  if ("problem" in checked) return refuse(`The arguments do not fit at ${checked.problem}`);
  try {
    return toolResult(call, await found.tool.execute(checked.value, context));
  } catch (error) {
    return refuse(messageOf(error));
  }
}

function deferred<T>(): { readonly promise: Promise<T>; readonly reject: (error: unknown) => void } {
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<T>((_resolve, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}
