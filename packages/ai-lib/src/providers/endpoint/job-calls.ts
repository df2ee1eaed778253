import {
  type Call,
  type CallContext,
  type CallOptions,
  callOf,
  callWith,
  contextOf,
} from "../../core/contract/call.js";
import { modelOf } from "../../core/contract/call-facts.js";
import { randomId } from "../../core/contract/clock.js";
import type {
  BackgroundCodec,
  ClientHalf,
  DialectTarget,
  Job,
  JobCodec,
  JobStep,
  KindCodec,
} from "../../core/contract/dialect.js";
import type {
  FollowOptions,
  JobHandle,
  JobReport,
  JobService,
  JobSource,
  StartOptions,
} from "../../core/contract/job.js";
import type { ChatStream } from "../../core/contract/stream.js";
import type { HttpReply, HttpRequest } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { provideChatChecks } from "../../core/kinds/chat/provide.js";
import type { KindLaws } from "../../core/kinds/laws.js";
import type { LeafFacts } from "../../core/run/attempt-record.js";
import { callForTarget } from "../../core/run/for-target.js";
import { isPassing } from "../../core/run/poll.js";
import { snapshotRequest } from "../../core/run/snapshot.js";
import type { Warning } from "../../core/values/answer.js";
import type { Reply } from "../../core/values/chat-response.js";
import type { Kind, ReplyOf, RequestOf, ResponseOf } from "../../core/values/kinds.js";
import { costOf } from "../../core/values/price.js";
import { retryAfter } from "../../core/values/retry-time.js";
import { sseFramer } from "../../wire/sse.js";
import { fileOf, fileRequest } from "./downloads.js";
import { chatPreparation, encodeChatCall } from "./encode.js";
import { encodeKindCall } from "./encode-kind.js";
import { ownTools } from "./own-tools.js";
import { prepareChat } from "./prepare-chat.js";
import { withOwnCalls } from "./reply-tools.js";

chatPreparation.provide(prepareChat);

provideChatChecks();

/** What calls by jobs need of their endpoint. */
export interface JobEndpoint {
  model(kind: Kind): string | undefined;
  /** @param kind the kind of a request that is encoded for the target. Default: a chat. */
  target(model: string, context: CallContext, kind?: Kind): DialectTarget;
  codec(kind: Kind): Promise<{ readonly half: ClientHalf; readonly codec: KindCodec<Kind> | undefined }>;
  place(http: HttpRequest, call: Call, model: string): HttpRequest;
  send<T>(http: HttpRequest, context: CallContext, decode: (reply: HttpReply) => T): Promise<T>;
  /** Resolves to the bytes of a reply once its head is there. */
  read(http: HttpRequest, context: CallContext): Promise<AsyncIterable<Uint8Array>>;
  /** The stream of a chat that runs in the background. */
  follow(handle: JobHandle, options?: FollowOptions): ChatStream;
}

/** The calls of one endpoint that its vendor answers with jobs, one request at a time. Streams of them: `lazyJobs`. */
export class JobCalls implements JobService {
  constructor(
    private readonly leaf: LeafFacts,
    private readonly endpoint: JobEndpoint,
  ) {}

  async start<K extends Kind>(
    laws: KindLaws<K>,
    given: RequestOf<K>,
    { webhook, follow = false, ...options }: StartOptions = {},
  ): Promise<JobReport<ResponseOf<K>>> {
    const snapshot = snapshotRequest(given);
    laws.validate(snapshot);
    const context = contextOf(options);
    const mode = follow ? "stream" : "unary";
    const original: Call = callOf<Kind>(laws as never, snapshot, mode, context);
    const model = modelOf(original) ?? this.endpoint.model(laws.kind);
    if (model === undefined) throw this.noJobs(laws.kind);
    const target = this.endpoint.target(model, context, laws.kind);
    const changes: Warning[] = [];
    const asked = callForTarget(original, target, (warning) => changes.push(warning));
    const request = asked.request as RequestOf<K>;
    const { half, codec, job, background } = await this.codecOf(laws.kind, target);
    if (follow && background === undefined) throw this.lacks(`streams of the kind "${laws.kind}" to follow`);
    if (webhook !== undefined && job.withWebhook === undefined)
      throw this.lacks("webhooks of single requests: set one in the settings of the vendor, if it has any");
    const prepared = background?.prepare(request as RequestOf<"chat">, target) ?? request;
    const call = callWith(asked, { request: prepared });
    const { http, names, ...encoded } =
      codec === undefined ? encodeChatCall(half, call, target) : encodeKindCall(codec, call, target);
    const warnings = [...changes, ...encoded.warnings];
    const placed = this.endpoint.place(http, call, model);
    const sent = webhook === undefined ? placed : (job.withWebhook?.(placed, webhook) ?? placed);
    const step =
      follow && background !== undefined
        ? await this.beginStream(background, sent, context)
        : await this.endpoint.send(sent, context, (reply) =>
            timed(reply, context, job.begin(reply, target, request)),
          );
    const tools = toolsOf(request, names);
    const handle: JobHandle = {
      provider: this.leaf.target.provider,
      kind: laws.kind,
      model,
      startedAt: context.clock.now(),
      job: { id: "" },
      ...(laws.wantsFiles?.(request) === true ? { files: true } : {}),
      ...(warnings.length === 0 ? {} : { warnings }),
      ...(tools === undefined ? {} : { tools }),
    };
    return this.settled(laws, await this.goOn(job, step, target, context), handle, context);
  }

  source<K extends Kind>(laws: KindLaws<K>): JobSource<ResponseOf<K>> {
    return {
      poll: (handle, options) => this.poll(laws, handle, options),
      cancel: (handle, options) => this.cancel(laws.kind, handle, options),
    };
  }

  /** Starts a stream, reads the job from it, and closes it: the job continues. */
  private async beginStream(
    background: BackgroundCodec,
    http: HttpRequest,
    context: CallContext,
  ): Promise<TimedStep> {
    let job: Job | undefined;
    const frames = sseFramer((frame) => {
      job ??= background.begun(frame);
    });
    for await (const piece of await this.endpoint.read(http, context)) {
      frames.push(piece);
      if (job !== undefined) return { step: { state: "pending", job }, afterMs: undefined };
    }
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: "The stream ended before it named its response",
    });
  }

  private async poll<K extends Kind>(
    laws: KindLaws<K>,
    handle: JobHandle,
    options?: CallOptions,
  ): Promise<JobReport<ResponseOf<K>>> {
    const context = contextOf(options);
    const target = this.endpoint.target(handle.model, context);
    const { job } = await this.codecOf(laws.kind, target);
    try {
      const step = await this.ask(job, handle.job, target, context);
      return this.settled(laws, await this.goOn(job, step, target, context), handle, context);
    } catch (thrown) {
      const error = AiLibError.from(thrown);
      if (isPassing(error) || error.code === "CANCELLED" || error.code === "TIMEOUT") throw error;
      return { state: "failed", handle, error };
    }
  }

  private async cancel(kind: Kind, handle: JobHandle, options?: CallOptions): Promise<void> {
    const context = contextOf(options);
    const target = this.endpoint.target(handle.model, context);
    const { job } = await this.codecOf(kind, target);
    const http = job.cancel?.(handle.job, target);
    if (http === undefined)
      throw new AiLibError({
        code: "UNSUPPORTED_FEATURE",
        message: `${handle.provider} cannot stop this job; it continues, and its result is not read`,
        local: true,
      });
    await this.endpoint.send(http, context, () => undefined);
  }

  private ask(
    codec: JobCodec<Kind>,
    job: JobHandle["job"],
    target: DialectTarget,
    context: CallContext,
  ): Promise<TimedStep> {
    return this.endpoint.send(codec.next(job, target), context, (reply) =>
      timed(reply, context, codec.read(reply, job, target)),
    );
  }

  /** Takes the steps that are due without a wait. */
  private async goOn(
    codec: JobCodec<Kind>,
    first: TimedStep,
    target: DialectTarget,
    context: CallContext,
  ): Promise<TimedStep> {
    let timedStep = first;
    while ("job" in timedStep.step && timedStep.step.now === true)
      timedStep = await this.ask(codec, timedStep.step.job, target, context);
    return timedStep;
  }

  private async settled<K extends Kind>(
    laws: KindLaws<K>,
    { step, afterMs }: TimedStep,
    handle: JobHandle,
    context: CallContext,
  ): Promise<JobReport<ResponseOf<K>>> {
    if (step.state === "cancelled") return { state: "cancelled", handle, error: step.error };
    if (step.state !== "done") {
      const { state, job, progress, word } = step;
      return { state, handle: { ...handle, job }, progress, word, afterMs };
    }
    const decoded = withHandleTools(step.reply as ReplyOf<K>, handle);
    const reply = await this.withFiles(laws, decoded, handle, context);
    const own: readonly Warning[] = laws.warningsOf(reply);
    const response = laws.respond(reply, [...(handle.warnings ?? []), ...own], {
      provider: handle.provider,
      model: handle.model,
      id: randomId(context.random),
      attempts: [],
      estimateInput: () => 0,
    });
    const cost = costOf(response.usage, this.leaf.price?.(response.model));
    return { state: "done", handle, result: cost === undefined ? response : { ...response, cost } };
  }

  /** The reply with its files, if the request asks for them. A file that cannot be fetched keeps its URL. */
  private async withFiles<K extends Kind>(
    laws: KindLaws<K>,
    reply: ReplyOf<K>,
    { files }: JobHandle,
    context: CallContext,
  ): Promise<ReplyOf<K>> {
    const urls = files === true ? (laws.files?.(reply) ?? []) : [];
    if (urls.length === 0) return reply;
    const fetched = await Promise.all(
      urls.map((url) => this.endpoint.send(fileRequest(url), context, fileOf).catch(() => undefined)),
    );
    return laws.withFiles?.(reply, fetched) ?? reply;
  }

  /** How jobs of a kind are written and read. A chat runs in the background. */
  private async codecOf(kind: Kind, target: DialectTarget): Promise<FoundCodec> {
    const { half, codec } = await this.endpoint.codec(kind);
    const background = kind === "chat" ? half.background?.(target) : undefined;
    const job = background ?? codec?.job;
    if (job === undefined) throw this.noJobs(kind);
    return { half, codec, job: job as JobCodec<Kind>, background };
  }

  private lacks(what: string): AiLibError {
    return new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `${this.leaf.target.provider} has no ${what}`,
      local: true,
    });
  }

  private noJobs(kind: Kind): AiLibError {
    return new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `${this.leaf.target.provider} answers calls of the kind "${kind}" without a job: call its method`,
      local: true,
    });
  }
}

/** How jobs of one kind are written and read. */
interface FoundCodec {
  readonly half: ClientHalf;
  readonly codec: KindCodec<Kind> | undefined;
  readonly job: JobCodec<Kind>;
  readonly background: BackgroundCodec | undefined;
}

/** The facts about tools that the reply to a chat needs; undefined for none. */
function toolsOf(request: RequestOf, names: ReadonlyMap<string, string> | undefined): JobHandle["tools"] {
  const { tools = [] } = request as Partial<RequestOf<"chat">>;
  const texts = tools.flatMap((tool) => (tool.type === "text-tool" ? [tool.name] : []));
  if (texts.length === 0 && (names === undefined || names.size === 0)) return undefined;
  return { names: Object.fromEntries(names ?? []), texts };
}

/** A step, and how long to wait after it. */
interface TimedStep {
  readonly step: JobStep<ReplyOf>;
  readonly afterMs: number | undefined;
}

/** A reply whose tool calls have the names and the inputs of the caller. */
function withHandleTools<K extends Kind>(reply: ReplyOf<K>, { kind, tools }: JobHandle): ReplyOf<K> {
  return kind === "chat" ? (withOwnCalls(reply as Reply, ownTools(tools)) as ReplyOf<K>) : reply;
}

function timed(reply: HttpReply, { clock }: CallContext, step: JobStep<ReplyOf>): TimedStep {
  const at = retryAfter(reply.headers, clock.now());
  return { step, afterMs: at === undefined ? undefined : Math.max(0, at - clock.now()) };
}
