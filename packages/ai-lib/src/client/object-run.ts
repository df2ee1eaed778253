import type { CallOptions } from "../core/contract/call.js";
import { AiLibError } from "../core/errors/error.js";
import { untilAborted } from "../core/run/abort.js";
import type { Attempt } from "../core/values/attempt.js";
import type { StreamEvent } from "../core/values/chat-event.js";
import type { ChatRequest } from "../core/values/chat-request.js";
import type { ChatResponse } from "../core/values/chat-response.js";
import type { Message } from "../core/values/message.js";
import { toolResult } from "../core/values/tool.js";
import type { ToolRunResult } from "../core/values/tool-run.js";
import { JsonReader } from "./json-text.js";
import { type Asked, type Broken, readAnswer, readRepaired } from "./object-answer.js";
import {
  isModeIgnored,
  isModeRefused,
  type ObjectPlan,
  objectRequest,
  planObject,
  shownSchema,
} from "./object-request.js";
import type { ObjectMode, ObjectOptions, ObjectResult } from "./object-types.js";
import { resolveRunOptions } from "./run-tools-options.js";
import { type PreparedSchema, prepareSchema } from "./schema.js";
import type { AnySchema } from "./standard-schema.js";
import { shownTools } from "./tool-loop.js";
import { LoopRun, type RunClient } from "./tool-run.js";
import { Totals } from "./totals.js";

/** The reader of an object in progress: a new one for each answer. */
export interface ObjectSoFar {
  readonly reader: JsonReader;
  readonly wrapped: boolean;
  readonly schema: PreparedSchema;
}

/** The steps of an object call: it yields after each piece of JSON, and returns the object. */
export type ObjectSteps<T> = AsyncGenerator<ObjectSoFar, ObjectResult<T>, undefined>;

/** One object call: tries the modes in order, repairs what does not fit, and adds up what all answers used. */
export class ObjectCall<T> {
  private readonly totals = new Totals();
  private readonly attempts: Attempt[] = [];
  private repairs = 0;
  private toolRun: ToolRunResult | undefined;

  private constructor(
    private readonly client: RunClient,
    private readonly schema: PreparedSchema<T>,
    private readonly request: ChatRequest,
    private readonly plan: ObjectPlan,
    private readonly streams: boolean,
  ) {}

  /** @param streams whether answers are streamed: without, nothing is yielded. */
  static async *steps<T>(
    client: RunClient,
    schema: AnySchema,
    read: () => ChatRequest,
    options: ObjectOptions,
    streams: boolean,
  ): ObjectSteps<T> {
    const request = read();
    const plan = planObject(client, request, options);
    const prepared = (await prepareSchema(schema)) as PreparedSchema<T>;
    return yield* new ObjectCall(client, prepared, request, plan, streams).run();
  }

  private async *run(): ObjectSteps<T> {
    const { modes } = this.plan;
    for (const [i, mode] of modes.entries()) {
      const isLast = i === modes.length - 1;
      const { json, wrapped } = shownSchema(this.schema.json);
      const request = objectRequest(this.request, json, mode, this.plan);
      const asked: Asked = { mode, name: this.plan.name, wrapped };
      let response: ChatResponse;
      try {
        response = yield* this.first(request, asked);
      } catch (error) {
        if (!AiLibError.is(error)) throw error;
        if (isLast || !isModeRefused(error, mode)) throw this.complete(error);
        this.attempts.push(...error.attempts);
        continue;
      }
      if (isLast || !isModeIgnored(response, mode)) return yield* this.settle(response, request, asked);
      this.attempts.push(...response.attempts);
    }
    throw new TypeError("An object call has at least one mode");
  }

  /** The first answer in one mode: that of a run of tools, where tools are given. */
  private async *first(
    request: ChatRequest,
    asked: Asked,
  ): AsyncGenerator<ObjectSoFar, ChatResponse, undefined> {
    const { tools, run } = this.plan;
    if (tools === undefined) return yield* this.ask(request, asked);
    const loop = new LoopRun(this.client, request, tools, run);
    if (this.streams) yield* this.read(loop, asked);
    const result = await loop.result();
    this.totals.add(result);
    this.toolRun = result;
    const { outcome, response, pending, state } = result;
    const gave = asked.mode === "tool" && response.toolCalls.some(({ name }) => name === asked.name);
    if (outcome === "answered" || gave) return response;
    if (outcome === "paused" && state !== undefined)
      throw new AiLibError({
        code: "INVALID_RESPONSE",
        message: `The run of tools paused before the object: ${pending.map(({ name }) => name).join(", ")} wait; finish the run with runTools() first`,
        partial: response,
        toolRun: { ...result, state },
      });
    return yield* this.askAgain(request, asked, []);
  }

  private async *settle(
    first: ChatResponse,
    request: ChatRequest,
    asked: Asked,
  ): AsyncGenerator<ObjectSoFar, ObjectResult<T>, undefined> {
    let response = first;
    for (;;) {
      this.attempts.push(...response.attempts);
      const read = await this.readOrRepair(response, asked);
      if ("object" in read) return this.result(read.object, response, asked.mode);
      if (!read.repairable || this.repairs >= this.plan.maxRepairs) throw this.complete(read.error);
      this.repairs++;
      response = yield* this.askAgain(request, asked, [response, read]);
    }
  }

  private async readOrRepair(response: ChatResponse, asked: Asked): Promise<{ readonly object: T } | Broken> {
    const { signal } = this.plan.run;
    const read = await readAnswer(response, this.schema, asked, signal);
    const { repair } = this.plan;
    if ("object" in read || repair === undefined || !(read.repairable || read.issues.length > 0)) return read;
    const { text, issues, error } = read;
    let repaired: string | undefined;
    try {
      const broken = { text, issues, message: error.message, schema: this.schema.json };
      repaired = await untilAborted((async () => repair(broken))(), signal);
    } catch (thrown) {
      throw AiLibError.from(thrown, "CONFIG_ERROR").withContext("`repair` failed");
    }
    if (typeof repaired !== "string") return read;
    return (await readRepaired(repaired, this.schema, asked.wrapped, signal)) ?? read;
  }

  /** Asks again: with what is wrong, or for the object alone after a run of tools that was stopped. */
  private async *askAgain(
    request: ChatRequest,
    asked: Asked,
    wrong: readonly [ChatResponse, Broken] | readonly [],
  ): AsyncGenerator<ObjectSoFar, ChatResponse, undefined> {
    const [response, broken] = wrong;
    const { tools } = this.plan;
    const before = this.toolRun?.messages ?? request.messages;
    const follows = this.toolRun?.response === response ? before : undefined;
    const messages =
      response === undefined || broken === undefined
        ? before
        : [...(follows ?? withAnswer(before, response, broken)), complaint(broken)];
    const functions = tools === undefined ? [] : await shownTools(tools);
    const next: ChatRequest = {
      ...request,
      messages,
      ...(tools === undefined ? {} : { tools: [...(request.tools ?? []), ...functions] }),
      ...(asked.mode === "tool"
        ? { toolChoice: { name: asked.name }, parallelToolCalls: false }
        : tools === undefined
          ? {}
          : { toolChoice: "none" }),
    };
    return yield* this.ask(next, asked);
  }

  private async *ask(
    request: ChatRequest,
    asked: Asked,
  ): AsyncGenerator<ObjectSoFar, ChatResponse, undefined> {
    const options = this.callOptions();
    let response: ChatResponse;
    if (this.streams) {
      const stream = this.client.stream(request, options);
      yield* this.read(stream, asked);
      response = await stream.response();
    } else response = await this.client.chat(request, options);
    this.totals.add(response);
    return response;
  }

  /** The options of each call. Without tools, options of a run are refused as unknown. */
  private callOptions(): CallOptions {
    const { tools, run } = this.plan;
    return tools === undefined ? run : resolveRunOptions(run).call;
  }

  /** Yields after each piece of the object. */
  private async *read(
    events: AsyncIterable<{ readonly type: string }>,
    { mode, name, wrapped }: Asked,
  ): AsyncGenerator<ObjectSoFar, void, undefined> {
    const { schema } = this;
    let reader = new JsonReader();
    let index = -1;
    /** Texts that the model says on the way. */
    const commentary = new Set<number>();
    for await (const one of events) {
      const event = one as StreamEvent;
      if (event.type === "start" || event.type === "restart") {
        reader = new JsonReader();
        index = -1;
        commentary.clear();
      } else if (event.type === "part-start") {
        if (event.part.type === "tool-call" && event.part.name === name) index = event.index;
        if (event.part.type === "text" && event.part.phase === "commentary") commentary.add(event.index);
      } else if (
        mode === "tool"
          ? event.type === "tool-call-delta" && event.index === index
          : event.type === "text-delta" && !commentary.has(event.index)
      ) {
        if (!("text" in event)) continue;
        reader.push(event.text);
        yield { reader, wrapped, schema };
      }
    }
  }

  private result(object: T, response: ChatResponse, mode: ObjectMode): ObjectResult<T> {
    const { repairs, toolRun, attempts } = this;
    return {
      object,
      response: attempts.length === response.attempts.length ? response : { ...response, attempts },
      mode,
      repairs,
      ...this.totals.facts(),
      ...(toolRun === undefined ? {} : { toolRun }),
    };
  }

  /** An error with the attempts of all answers. */
  private complete(error: AiLibError): AiLibError {
    const { attempts } = this;
    const all = error.partial?.attempts === undefined ? [...attempts, ...error.attempts] : attempts;
    return error.with({ attempts: [...all] });
  }
}

/** The conversation with an answer that is wrong, in which every call has a result. */
function withAnswer(
  messages: ChatRequest["messages"],
  { message, content, toolCalls }: ChatResponse,
  { error }: Broken,
): ChatRequest["messages"] {
  if (content.length === 0) return messages;
  if (toolCalls.length === 0) return [...messages, message];
  const results = toolCalls.map((call) => toolResult(call, error.message, { isError: true }));
  return [...messages, message, { role: "tool", content: results }];
}

/** The request to the model after an answer that does not fit. */
function complaint({ error }: Broken): Message {
  return {
    role: "user",
    content: `${error.message}. Answer again with the whole object, and with nothing else.`,
  };
}
