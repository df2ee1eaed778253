import type { JobHandle, JobService, StartOptions } from "../core/contract/job.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { AiLibError, configError } from "../core/errors/error.js";
import type { KindLaws } from "../core/kinds/laws.js";
import { kindsOf } from "../core/run/member.js";
import type { Kind, RequestOf, ResponseOf } from "../core/values/kinds.js";
import { Run } from "./run.js";

/**
 * Starts a job without waiting for it, at the first member that answers the kind with jobs.
 *
 * @example
 * import { transcribeLaws } from "ai-lib/kinds/transcribe";
 *
 * const request = { audio: { url: "https://example.com/meeting.mp3" } };
 * const run = await startRun(provider("assemblyai"), transcribeLaws, request);
 * const stored = JSON.stringify(run.handle);
 * const { text } = await run.result();
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` where no member answers the kind with jobs: call its method then; else as
 *   calls do.
 */
export async function startRun<K extends Kind>(
  provider: ChatProvider,
  laws: KindLaws<K>,
  request: RequestOf<K>,
  options?: StartOptions,
): Promise<Run<ResponseOf<K>>> {
  let refusal: unknown;
  for (const leaf of leavesOf(provider)) {
    if (leaf.jobs === undefined || !kindsOf(leaf).has(laws.kind)) continue;
    try {
      return new Run(leaf.jobs.source(laws), await leaf.jobs.start(laws, request, options));
    } catch (error) {
      // It answers the kind without a job, or lacks an option; another member may not.
      if (!AiLibError.is(error) || error.code !== "UNSUPPORTED_FEATURE" || !error.local) throw error;
      refusal ??= error;
    }
  }
  throw (
    refusal ??
    new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `No provider of "${provider.name}" answers calls of the kind "${laws.kind}" with a job`,
      local: true,
    })
  );
}

/**
 * A job that this or another process started, by its handle.
 * @throws {AiLibError} `CONFIG_ERROR` where no member of `provider` is the handle's, or the handle is malformed.
 */
export function resumeRun<K extends Kind>(
  provider: ChatProvider,
  laws: KindLaws<K>,
  handle: JobHandle,
): Run<ResponseOf<K>> {
  checkHandle(handle, laws.kind);
  return new Run(serviceFor(provider, handle.provider).source(laws), { state: "pending", handle });
}

function serviceFor(provider: ChatProvider, id: string): JobService {
  const leaf = leavesOf(provider).find((one) => one.target?.provider === id && one.jobs !== undefined);
  if (leaf?.jobs === undefined)
    throw configError(`The handle belongs to the provider "${id}", which is not part of "${provider.name}"`);
  return leaf.jobs;
}

/** A handle may come from a file or a database. */
function checkHandle({ provider, kind, model, startedAt, job }: Partial<JobHandle>, wanted: string): void {
  if (
    typeof provider !== "string" ||
    typeof model !== "string" ||
    typeof startedAt !== "number" ||
    typeof job?.id !== "string"
  )
    throw configError("The handle is malformed: pass what `run.handle` was, as it was");
  if (kind !== wanted) throw configError(`The handle is of the kind "${kind}", not "${wanted}"`);
}

function leavesOf(provider: ChatProvider): ChatProvider[] {
  const { members } = provider;
  return members === undefined ? [provider] : members.flatMap(leavesOf);
}
