import type { FollowOptions, JobHandle, JobService } from "../../core/contract/job.js";
import type { KindLaws } from "../../core/kinds/laws.js";
import type { LeafFacts } from "../../core/run/attempt-record.js";
import type { Kind, RequestOf } from "../../core/values/kinds.js";
import type { JobEndpoint } from "./job-calls.js";
import type { ServiceLoaders } from "./service-loaders.js";

/** Jobs of an endpoint whose code is loaded at their first use: most programs wait for their answers. */
export function lazyJobs(code: ServiceLoaders["jobs"], leaf: LeafFacts, endpoint: JobEndpoint): JobService {
  let loading: Promise<JobService> | undefined;
  const load = (): Promise<JobService> => {
    loading ??= code().then(({ JobCalls }) => new JobCalls(leaf, endpoint));
    return loading;
  };
  return {
    start: async <K extends Kind>(
      laws: KindLaws<K>,
      request: RequestOf<K>,
      options?: Parameters<JobService["start"]>[2],
    ) => (await load()).start(laws, request, options),
    source: <K extends Kind>(laws: KindLaws<K>) => ({
      poll: async (handle, options) => (await load()).source(laws).poll(handle, options),
      cancel: async (handle, options) => (await load()).source(laws).cancel(handle, options),
      ...(laws.kind === "chat"
        ? { stream: (handle: JobHandle, options?: FollowOptions) => endpoint.follow(handle, options) }
        : {}),
    }),
  };
}
