import { AiClient, AiLibError, type Observer, type ProviderOptions } from "ai-lib";
import type { ProviderFactory } from "ai-lib/providers";
import { usageError } from "./errors.js";
import type { Io } from "./io.js";
import { openPrices } from "./prices.js";
import { Progress } from "./progress.js";
import { readSettings, resolveAlias } from "./settings.js";
import { listConfigured, readSetup } from "./setup.js";

/** A client for one kind of call besides chat, and the model that the user named. */
export interface KindClient {
  readonly client: AiClient;
  /** Absent: the provider's default for the kind. */
  readonly model: string | undefined;
}

/** The kinds that commands ask for. */
export type CommandKind = "embed" | "rerank" | "transcribe" | "speak" | "image" | "countTokens";

/**
 * Creates the client of a command of a kind. Without a model, the first configured provider that has the kind answers.
 * @param name `provider/model`, `provider` alone for its default, or an alias
 * @throws {AiLibError} `CONFIG_ERROR` if no configured provider has the kind, or for an unknown provider.
 */
export async function createKindClient(
  io: Io,
  kind: CommandKind,
  name: string | undefined,
  observer?: Observer,
): Promise<KindClient> {
  const setup = await readSetup(io);
  const { environment, factory } = setup;
  const options: ProviderOptions = { environment, prices: await openPrices() };
  const resolved = name === undefined ? undefined : resolveAlias(await readSettings(io.environment), name);
  const [id = "", ...rest] = (resolved ?? findProvider(factory, listConfigured(setup), kind)).split("/");
  const provider = factory.create(id, options);
  const model = rest.length === 0 ? undefined : rest.join("/");
  return { client: new AiClient(provider, observer === undefined ? {} : { observer }), model };
}

function findProvider(factory: ProviderFactory, configured: readonly string[], kind: CommandKind): string {
  const found = configured.find((id) => factory.describe(id).kinds.includes(kind));
  if (found !== undefined) return found;
  const able = factory.ids().filter((id) => factory.describe(id).kinds.includes(kind));
  throw usageError(
    `No configured provider answers calls of the kind "${kind}". Store the key of one with \`ai-lib keys set NAME\`, or name one with -m: ${able.slice(0, 12).join(", ")}`,
  );
}

/** Runs a call with a line of progress on the terminal. */
export async function withProgress<T>(
  io: Io,
  quiet: boolean | undefined,
  run: (observer: Observer | undefined) => Promise<T>,
): Promise<T> {
  const progress = Progress.create(io, quiet);
  progress?.begin();
  try {
    return await run(progress);
  } finally {
    progress?.stop();
  }
}

/** Prints the warnings of an answer on standard error. */
export function printWarnings(
  io: Io,
  warnings: readonly { readonly message: string }[],
  quiet?: boolean,
): void {
  if (quiet === true) return;
  for (const { message } of warnings) io.stderr.write(`warning: ${message}\n`);
}

/**
 * The bytes of an answer.
 * @throws {AiLibError} `INVALID_RESPONSE` for an answer without any.
 */
export function bytesOf(data: string | undefined): Uint8Array {
  if (data !== undefined && data !== "") return Buffer.from(data, "base64");
  throw new AiLibError({ code: "INVALID_RESPONSE", message: "The answer holds no bytes" });
}
