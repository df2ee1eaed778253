import type { BatchFacts, BatchService } from "../../core/contract/batch-service.js";
import { type Call, callOf, contextOf } from "../../core/contract/call.js";
import { deferredFlow } from "../../core/contract/deferred-flow.js";
import type { Job } from "../../core/contract/dialect.js";
import type { FileStore } from "../../core/contract/file.js";
import type { FollowOptions, JobHandle, JobService } from "../../core/contract/job.js";
import type { Flow, Sink } from "../../core/contract/sink.js";
import type { ChatStream } from "../../core/contract/stream.js";
import { AiLibError } from "../../core/errors/error.js";
import { chatLaws } from "../../core/kinds/chat/laws.js";
import type { AttemptRun } from "../../core/run/attempt.js";
import { openAttempt } from "../../core/run/open-attempt.js";
import type { ChatRequest } from "../../core/values/chat-request.js";
import type { Kind } from "../../core/values/kinds.js";
import { BatchAccess } from "./batch-access.js";
import { FollowedChat } from "./followed-stream.js";
import { lazyFiles } from "./lazy-files.js";
import { lazyJobs } from "./lazy-jobs.js";
import { ownTools } from "./own-tools.js";
import type { Sending } from "./sending.js";
import type { ServiceHost, Services } from "./service-host.js";
import { SERVICE_LOADERS } from "./service-loaders.js";
import { storeFacts } from "./store-facts.js";

type Followed = typeof import("./followed.js").followed;

/** Files, batches and jobs, whose code is loaded at the first use. */
export const SERVICES: Services = { files, batches, jobs };

function files({ provider, requests }: ServiceHost): FileStore | undefined {
  const { data, name } = provider;
  const { files: store } = data;
  if (store === undefined) return undefined;
  return lazyFiles(SERVICE_LOADERS.files, {
    provider: name,
    store: storeFacts(store, data.dialect),
    ...requests,
  });
}

function batches(host: ServiceHost): BatchService | undefined {
  const { provider, leaf, variables, model } = host;
  const { batches: given } = provider.data;
  if (given === undefined || given === null) return undefined;
  const { api, needs = [], ...known } = given;
  const missing = needs.filter((name) => variables[name] === undefined);
  const facts: BatchFacts =
    missing.length === 0 ? known : { ...known, missing: variableNames(host, missing) };
  return new BatchAccess(facts, model, async () => {
    const { openBatches } = await SERVICE_LOADERS.batches();
    return openBatches(api, {
      provider: provider.name,
      facts,
      variables,
      model,
      files: provider.files,
      kind: host.codec,
      target: (name, context) => host.target(name, context.clock.now()),
      factsOf: (name) => provider.facts(name),
      place: host.place,
      price: (name) => leaf.price?.(name),
      cost: (name, usage, at) => leaf.cost?.(name, usage, at, "batch"),
      ...host.requests,
    });
  });
}

/** The environment variables of variables of the endpoint. */
function variableNames({ provider }: ServiceHost, names: readonly string[]): string {
  return names.map((name) => provider.data.variables?.[name]?.env[0] ?? name).join(" and ");
}

function jobs(host: ServiceHost): JobService {
  return lazyJobs(SERVICE_LOADERS.jobs, host.leaf, {
    model: host.model,
    target: (model, context, kind) => host.target(model, context.clock.now(), kind),
    codec: host.codec,
    place: host.place,
    ...host.requests,
    follow: (handle, options) => follow(host, handle, options),
  });
}

/** The stream of a chat that runs in the background. */
function follow(host: ServiceHost, handle: JobHandle, { after, ...options }: FollowOptions = {}): ChatStream {
  const { request, names } = ownTools(handle.tools);
  const asked = { model: handle.model, messages: [], ...request };
  const call = callOf<Kind>(chatLaws as never, asked, "stream", contextOf(options));
  const open = (one: Call, sink: Sink): Flow =>
    openAttempt(host.leaf, one, sink, (run) =>
      deferredFlow(
        Promise.all([host.prepare(), SERVICE_LOADERS.followed()]),
        ([means, { followed }]) =>
          followFrom(host, handle.job, { call: one, run, codec: undefined, names, ...means }, followed),
        (error) => run.fail(AiLibError.from(error)),
      ),
    );
  return new FollowedChat({ name: host.provider.name, open }, call, after);
}

function followFrom(
  host: ServiceHost,
  job: Job,
  given: Omit<Sending, "target" | "model" | "run"> & { readonly run: AttemptRun<Kind> },
  followed: Followed,
): Flow {
  const { call, run, half, transport } = given;
  const { model = "" } = call.request as ChatRequest;
  run.resolveModel(model);
  const target = host.target(model, run.startedAt);
  const background = half.background?.(target);
  if (background === undefined)
    throw new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `${host.provider.name} runs no chats in the background`,
      local: true,
    });
  const { context } = call;
  const resume = (after: number | undefined) =>
    host.make(background.stream(job, after, target), context.headers, context);
  const followedTransport = followed(transport, { ...background, resume }, context);
  const parts = { ...given, target, model, transport: followedTransport };
  return host.exchange(parts, background.stream(job, undefined, target), run.headers);
}
