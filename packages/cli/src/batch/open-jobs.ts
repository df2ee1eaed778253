import { join } from "node:path";
import { AiClient, type BatchJob, type BatchJobs, defineChatProvider, type ProviderOptions } from "ai-lib";
import { type BatchStore, batchJobs, folderBatches } from "ai-lib/batches";
import { usageError } from "../errors.js";
import type { Io } from "../io.js";
import { openPrices } from "../prices.js";
import { stateFolder } from "../private-store.js";
import { readSettings, resolveAlias } from "../settings.js";
import { listConfigured, readSetup } from "../setup.js";

/** The jobs of the command line: a folder beside its other state. */
function openStore(io: Io): Promise<BatchStore> {
  return folderBatches(join(stateFolder(io.environment), "batches"));
}

/** Jobs without a provider: they can be listed, shown and removed. */
export async function openStoredJobs(io: Io): Promise<BatchJobs> {
  const nobody = defineChatProvider({
    name: "none",
    chat: () => {
      throw usageError("This command asks no provider");
    },
  });
  return batchJobs({ provider: nobody }, { store: await openStore(io) });
}

/** Jobs of the provider that a model names, or of the first configured one with batches. */
export async function openNewJobs(
  io: Io,
  name: string | undefined,
): Promise<{ readonly jobs: BatchJobs; readonly model: string | undefined }> {
  const setup = await readSetup(io);
  const able = (id: string): boolean =>
    setup.factory.create(id, { environment: setup.environment }).batches !== undefined;
  const settings = await readSettings(io.environment);
  const given = name ?? settings.defaultModel;
  const found = given === undefined ? listConfigured(setup).find(able) : resolveAlias(settings, given);
  if (found === undefined)
    throw usageError(
      "No configured provider has batches. Store the key of one, such as `ai-lib keys set openai`",
    );
  const [id = "", ...rest] = found.split("/");
  return { jobs: await jobsOf(io, id), model: rest.length === 0 ? undefined : rest.join("/") };
}

/** A job, and the jobs of its provider. @throws {AiLibError} for an unknown id. */
export async function openJob(
  io: Io,
  id: string,
): Promise<{ readonly jobs: BatchJobs; readonly job: BatchJob }> {
  const stored = await openStoredJobs(io);
  const job = await stored.get(id);
  const provider = job.parts.find((part) => part.provider !== "")?.provider;
  return { jobs: provider === undefined ? stored : await jobsOf(io, provider), job };
}

async function jobsOf(io: Io, id: string): Promise<BatchJobs> {
  const { factory, environment } = await readSetup(io);
  const options: ProviderOptions = { environment, prices: await openPrices() };
  return new AiClient(factory.create(id, options), { batches: { store: await openStore(io) } }).batchJobs;
}
