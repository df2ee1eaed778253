import type { BatchItem, BatchOptions } from "../contract/batch.js";
import type { CallOptions } from "../contract/call.js";
import type { StoredFile } from "../contract/file.js";
import type { ChatProvider } from "../contract/provider.js";
import { closeContent, type FileUpload, type UploadOptions } from "../contract/upload.js";
import { AiLibError, configError } from "../errors/error.js";
import type { ChatRequest } from "../values/chat-request.js";
import type { ModelInfo } from "../values/model.js";
import { nearest } from "../values/nearest.js";
import type { VoiceInfo } from "../values/speech.js";

/*
 * What a composition asks of its members besides calls: models, health, uploads, batches. One member that fails or that
 * lacks a service does not fail the composition while another member has it.
 */

/** The part of a composition that its members' services use. */
interface Group {
  readonly name: string;
  readonly members: readonly ChatProvider[];
}

/**
 * The models of every member that can list them, each once. A member whose list fails is left out.
 * @throws {AiLibError} the first member's error where every list failed.
 */
export function listModelsOf({ members }: Group, options?: CallOptions): Promise<ModelInfo[]> {
  return joinLists(members.map(async (member) => member.listModels?.(options)));
}

/**
 * The voices of every member that can list them, each once. A member whose list fails is left out.
 * @throws {AiLibError} the first member's error where every list failed.
 */
export function listVoicesOf({ members }: Group, options?: CallOptions): Promise<VoiceInfo[]> {
  return joinLists(members.map(async (member) => member.listVoices?.(options)));
}

/** The entries of all lists that arrived, each once. @throws {AiLibError} the first error where none arrived. */
async function joinLists<T extends { readonly id: string; readonly provider: string }>(
  asked: readonly Promise<readonly T[] | undefined>[],
): Promise<T[]> {
  const lists = await Promise.allSettled(asked);
  const seen = new Map<string, T>();
  for (const list of lists) {
    if (list.status === "rejected") continue;
    for (const info of list.value ?? []) {
      const key = `${info.provider}/${info.id}`;
      if (!seen.has(key)) seen.set(key, info);
    }
  }
  const failed = lists.find((list) => list.status === "rejected");
  const answered = lists.some((list) => list.status === "fulfilled" && list.value !== undefined);
  if (failed !== undefined && !answered) throw AiLibError.from(failed.reason);
  return [...seen.values()];
}

/**
 * One model, of the first member that has it: by the member's own lookup, else by its list.
 * @param nameFor the member's name for the model
 * @throws {AiLibError} `MODEL_NOT_FOUND` with near names; the error of a member that could not be asked, which may have
 *   the model; `UNSUPPORTED_FEATURE` where no member can tell.
 */
export async function modelInfoOf(
  { name, members }: Group,
  id: string,
  options: CallOptions | undefined,
  nameFor: (member: ChatProvider) => string,
): Promise<ModelInfo> {
  const known: string[] = [];
  let missing: AiLibError | undefined;
  let failed: AiLibError | undefined;
  for (const member of members) {
    if (member.getModelInfo === undefined && member.listModels === undefined) continue;
    try {
      const wanted = nameFor(member);
      if (member.getModelInfo !== undefined) return await member.getModelInfo(wanted, options);
      const models = (await member.listModels?.(options)) ?? [];
      const found = models.find((model) => model.id === wanted);
      if (found !== undefined) return found;
      known.push(...models.map((model) => model.id));
    } catch (error) {
      const cause = AiLibError.from(error);
      if (cause.code === "MODEL_NOT_FOUND") missing ??= cause;
      else if (!isUnsupported(cause)) failed ??= cause;
    }
  }
  if (failed !== undefined) throw failed;
  const near = nearest(id, known);
  if (known.length === 0 && missing !== undefined) throw missing;
  if (known.length === 0) throw unsupported(name, "looks models up");
  throw new AiLibError({
    code: "MODEL_NOT_FOUND",
    message: `${name} has no model "${id}"${near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`}`,
  });
}

/**
 * Resolves when one member is healthy. Members are asked in order; one without a check is taken for healthy only where
 * no member has a check.
 * @throws {AiLibError} the last member's error.
 */
export async function checkHealthOf({ name, members }: Group, options?: CallOptions): Promise<void> {
  if (members.length === 0) throw configError(`${name} has no member that could be healthy`);
  let last: unknown;
  let checked = false;
  for (const member of members) {
    if (member.checkHealth === undefined) continue;
    checked = true;
    try {
      await member.checkHealth(options);
      return;
    } catch (error) {
      last = error;
    }
  }
  if (checked) throw last;
}

/**
 * Uploads to the first member that has a store.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` where no member has one; else that member's error.
 */
export async function uploadToMember(
  { name, members }: Group,
  file: FileUpload,
  options?: UploadOptions,
): Promise<StoredFile> {
  for (const member of members) {
    try {
      if (member.uploadFile !== undefined) return await member.uploadFile(file, options);
    } catch (error) {
      if (!isUnsupported(error)) throw error;
    }
  }
  closeContent(file.content);
  throw unsupported(name, "has a file store");
}

/**
 * A batch by the first member that has something better than one call each; undefined where none has. A batch that fails
 * as a whole moves on to the next such member. Failures of single requests stay their items'.
 * @param requestFor the request as a member gets it
 */
export function batchOfMember(
  { members }: Group,
  requests: readonly ChatRequest[],
  options: BatchOptions | undefined,
  requestFor: (member: ChatProvider, request: ChatRequest) => ChatRequest,
): Promise<BatchItem[]> | undefined {
  const able = members.filter(hasBatch);
  if (able.length === 0) return undefined;
  const ask = async (): Promise<BatchItem[]> => {
    let last: unknown;
    for (const member of able) {
      try {
        const own = requests.map((request) => requestFor(member, request));
        return (await member.batch?.(own, options)) ?? [];
      } catch (error) {
        last = error;
        if (options?.signal?.aborted === true) break;
      }
    }
    throw AiLibError.from(last);
  };
  return ask();
}

/** Whether a provider, or a member somewhere within it, has something better than one call each. */
function hasBatch({ batch, members }: ChatProvider): boolean {
  return members === undefined ? batch !== undefined : members.some(hasBatch);
}

/** Closes every member, also where one fails. @throws {AiLibError} the first failure. */
export async function closeMembers({ members }: Group): Promise<void> {
  const closed = await Promise.allSettled(members.map(async (member) => member.close?.()));
  const failed = closed.find((each) => each.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** Whether a provider said, without asking its endpoint, that it lacks a service. */
function isUnsupported(error: unknown): boolean {
  return AiLibError.is(error) && error.code === "UNSUPPORTED_FEATURE" && error.local;
}

function unsupported(name: string, what: string): AiLibError {
  return new AiLibError({
    code: "UNSUPPORTED_FEATURE",
    message: `No member of "${name}" ${what}`,
    local: true,
  });
}
