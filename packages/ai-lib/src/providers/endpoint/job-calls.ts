import {
  type Call,
  type CallContext,
  type CallOptions,
  callOf,
  contextOf,
} from "../../core/contract/call.js";
import { modelOf } from "../../core/contract/call-facts.js";
import { randomId } from "../../core/contract/clock.js";
import type { ClientHalf, DialectTarget, JobCodec, JobStep, KindCodec } from "../../core/contract/dialect.js";
import type { JobHandle, JobReport, JobService, JobSource } from "../../core/contract/job.js";
import type { HttpReply, HttpRequest } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import type { KindLaws } from "../../core/kinds/laws.js";
import type { LeafFacts } from "../../core/run/attempt-record.js";
import { isPassing } from "../../core/run/poll.js";
import { snapshotRequest } from "../../core/run/snapshot.js";
import type { Warning } from "../../core/values/answer.js";
import type { Kind, ReplyOf, RequestOf, ResponseOf } from "../../core/values/kinds.js";
import { costOf } from "../../core/values/price.js";
import { retryAfter } from "../../core/values/retry-time.js";
import { fileOf, fileRequest } from "./downloads.js";
import { encodeCall } from "./encode.js";

/** What calls by jobs need of their endpoint. */
export interface JobEndpoint {
  model(kind: Kind): string | undefined;
  target(model: string, context: CallContext): DialectTarget;
  codec(kind: Kind): Promise<{ readonly half: ClientHalf; readonly codec: KindCodec<Kind> | undefined }>;
  place(http: HttpRequest, call: Call, model: string): HttpRequest;
  send<T>(http: HttpRequest, context: CallContext, decode: (reply: HttpReply) => T): Promise<T>;
}

/** The calls of one endpoint that its vendor answers with jobs, one request at a time. */
export class JobCalls implements JobService {
  constructor(
    private readonly leaf: LeafFacts,
    private readonly endpoint: JobEndpoint,
  ) {}

  async start<K extends Kind>(
    laws: KindLaws<K>,
    given: RequestOf<K>,
    options?: CallOptions,
  ): Promise<JobReport<ResponseOf<K>>> {
    const request = snapshotRequest(given);
    laws.validate(request);
    const context = contextOf(options);
    const call: Call = callOf<Kind>(laws as never, request, "unary", context);
    const { half, codec } = await this.endpoint.codec(laws.kind);
    const { provider } = this.leaf.target;
    const model = modelOf(call) ?? this.endpoint.model(laws.kind);
    if (codec?.job === undefined || model === undefined) throw this.noJobs(laws.kind);
    const { job } = codec;
    const target = this.endpoint.target(model, context);
    const { http, warnings } = encodeCall(half, codec, call, target);
    const step = await this.endpoint.send(this.endpoint.place(http, call, model), context, (reply) =>
      timed(reply, context, job.begin(reply, target, request)),
    );
    const startedAt = context.clock.now();
    const handle: JobHandle = {
      provider,
      kind: laws.kind,
      model,
      startedAt,
      job: { id: "" },
      ...(laws.wantsFiles?.(request) === true ? { files: true } : {}),
      ...(warnings.length === 0 ? {} : { warnings }),
    };
    return this.settled(laws, await this.goOn(job, step, target, context), handle, context);
  }

  source<K extends Kind>(laws: KindLaws<K>): JobSource<ResponseOf<K>> {
    return {
      poll: (handle, options) => this.poll(laws, handle, options),
      cancel: (handle, options) => this.cancel(laws.kind, handle, options),
    };
  }

  private async poll<K extends Kind>(
    laws: KindLaws<K>,
    handle: JobHandle,
    options?: CallOptions,
  ): Promise<JobReport<ResponseOf<K>>> {
    const context = contextOf(options);
    const job = await this.codecOf(laws.kind);
    const target = this.endpoint.target(handle.model, context);
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
    const job = await this.codecOf(kind);
    const http = job.cancel?.(handle.job, this.endpoint.target(handle.model, context));
    if (http === undefined)
      throw new AiLibError({
        code: "UNSUPPORTED_FEATURE",
        message: `${handle.provider} cannot stop this job; it goes on, and its result is not read`,
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
    while (timedStep.step.state !== "done" && timedStep.step.now === true)
      timedStep = await this.ask(codec, timedStep.step.job, target, context);
    return timedStep;
  }

  private async settled<K extends Kind>(
    laws: KindLaws<K>,
    { step, afterMs }: TimedStep,
    handle: JobHandle,
    context: CallContext,
  ): Promise<JobReport<ResponseOf<K>>> {
    if (step.state !== "done") {
      const { state, job, progress, word } = step;
      return { state, handle: { ...handle, job }, progress, word, afterMs };
    }
    const reply = await this.withFiles(laws, step.reply as ReplyOf<K>, handle, context);
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

  /** The reply with its files, where the request wants them. One that cannot be fetched keeps its URL. */
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

  private async codecOf(kind: Kind): Promise<JobCodec<Kind>> {
    const { codec } = await this.endpoint.codec(kind);
    if (codec?.job === undefined) throw this.noJobs(kind);
    return codec.job;
  }

  private noJobs(kind: Kind): AiLibError {
    return new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `${this.leaf.target.provider} answers calls of the kind "${kind}" without a job: call its method`,
      local: true,
    });
  }
}

/** A step, and how long to wait after it. */
interface TimedStep {
  readonly step: JobStep<ReplyOf>;
  readonly afterMs: number | undefined;
}

function timed(reply: HttpReply, { clock }: CallContext, step: JobStep<ReplyOf>): TimedStep {
  const at = retryAfter(reply.headers, clock.now());
  return { step, afterMs: at === undefined ? undefined : Math.max(0, at - clock.now()) };
}
