import { once } from "node:events";
import { AiLibError } from "ai-lib";
import { environmentSettings } from "./admin/environment-settings.js";
import type { AdminContext, ServedAdmin } from "./admin/start-admin.js";
import { formatBanner } from "./banner.js";
import { bootPlan, findFile } from "./boot.js";
import { readPepper } from "./config/declared.js";
import type { Plan } from "./config/plan.js";
import type { GatewayConfig } from "./config/schema.js";
import { settingsWithoutFile } from "./config/storage-settings.js";
import { configError } from "./config-error.js";
import type { Demo } from "./demo.js";
import { environmentTable } from "./environment-routes.js";
import { givenKey } from "./first-key.js";
import type { Address, GatewayParts } from "./gateway.js";
import { Gateway } from "./gateway.js";
import type { Io } from "./io.js";
import { KeyService } from "./keys/key-service.js";
import { makeSecret } from "./keys/secret.js";
import type { Storage } from "./ledger/storage.js";
import { isLoopback } from "./loopback.js";
import type { ModelTable } from "./model-table.js";
import { admissionOf, type PartsContext, partsOf, sinksOf } from "./parts.js";
import { openPrices } from "./prices.js";
import { ignoreHangup, inTurn, onChange } from "./reload.js";
import { type StoreLocation, TEMPORARY } from "./store/location.js";
import { StoredKeys } from "./store/stored-keys.js";

/** Options of the command, as texts. */
export interface StartOptions {
  readonly workers?: string;
  readonly config?: string;
  readonly host?: string;
  readonly port?: string;
  readonly demo?: boolean;
  readonly open?: boolean;
  readonly watch?: boolean;
}

const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_PORT = 4100;

/**
 * Starts the gateway, and runs it until the command is interrupted.
 * @param onListening called once the gateway accepts calls
 * @throws {AiLibError} `CONFIG_ERROR` for a wrong option or file, and without anything to serve.
 */
export async function startGateway(io: Io, options: StartOptions, onListening: () => void): Promise<void> {
  if (options.workers !== undefined)
    throw configError(
      "--workers is not available: the limits of keys are counted in the memory of one process. Start one gateway",
    );
  const opened: Closable[] = [];
  try {
    await run(io, options, opened, onListening);
  } finally {
    for (const part of opened.reverse()) await part.close();
  }
}

/** What is closed at the end, also where a start fails. */
interface Closable {
  close(): Promise<void>;
}

async function run(
  io: Io,
  options: StartOptions,
  opened: Closable[],
  onListening: () => void,
): Promise<void> {
  const file = options.demo === true ? undefined : findFile(options.config);
  if (options.demo === true && options.config !== undefined)
    throw configError("--demo serves simulated models and reads no file; use either --demo or --config");
  const plan = file === undefined ? undefined : await bootPlan(file, io.environment, reporter(io));
  const address = addressOf(options, plan);
  const open = options.open === true || plan?.config.open === true;
  if (open && !isLoopback(address.host))
    throw configError(
      `A gateway without keys is only allowed on 127.0.0.1, ::1 and localhost, not on ${address.host}`,
    );
  const given = givenKey(io.environment);
  const storage = await openStorage(plan, io);
  if (storage !== undefined) opened.push(storage);
  const pepper = plan?.declared.pepper ?? readPepper({}, io.environment);
  const keys = await KeyService.open({
    pepper,
    ...(storage !== undefined && {
      store: new StoredKeys(storage.store.documents),
      history: storage.store.usage,
    }),
  });
  const hasKeys = keys.directory.keys().length > 0;
  const firstKey = given ?? (hasKeys ? undefined : makeSecret());
  const context: PartsContext = { io, host: address.host, keys, pepper, firstKey, open, storage };
  const demo = options.demo === true ? await (await import("./demo.js")).startDemo() : undefined;
  const parts = plan === undefined ? await partsWithoutFile(context, demo) : await partsOf(plan, context);
  requireModels(parts.table);
  const gateway = await Gateway.start(parts, address).catch((error: NodeJS.ErrnoException) => {
    throw configError(
      `The gateway cannot listen on ${address.host}:${address.port}: ${error.code ?? error.message}`,
    );
  });
  const read =
    file === undefined || plan === undefined
      ? undefined
      : reloads({ file, first: plan, gateway, context, admin: () => admin });
  const admin: ServedAdmin | undefined = await serveAdmin({
    io,
    plan,
    gateway,
    table: parts.table,
    keys,
    store: storage?.store,
    reload: read,
  }).catch(async (error: unknown) => {
    await gateway.cut();
    throw error;
  });
  onListening();
  const made = !open && given === undefined && (plan?.declared.keys ?? []).length === 0;
  const models = parts.table.names();
  io.stdout.write(
    formatBanner({
      url: gateway.url,
      key: made ? firstKey : undefined,
      open,
      model: models[0] ?? "default",
      models,
      admin,
      ledger: storage === undefined ? undefined : placeOf(plan?.storage.location),
    }),
  );
  const stop =
    file === undefined || read === undefined
      ? undefined
      : options.watch === false
        ? ignoreHangup()
        : onChange(file, read, reporter(io));
  if (!io.signal.aborted) await once(io.signal, "abort");
  stop?.();
  await admin?.close();
  await gateway.close();
  await keys.close();
  await demo?.simulator.close();
}

/** Starts the admin API where the file or the environment asks for one. Its code is loaded only then. */
async function serveAdmin(context: AdminContext): Promise<ServedAdmin | undefined> {
  const { plan, io } = context;
  const settings = plan === undefined ? environmentSettings(io.environment) : plan.admin;
  if (settings === undefined) return undefined;
  const { startAdmin } = await import("./admin/start-admin.js");
  return startAdmin(settings, context);
}

/** Writes lines for the operator to standard error. */
function reporter(io: Io): (line: string) => void {
  return (line) => void io.stderr.write(`${line}\n`);
}

/**
 * Opens the store of a configuration; without a file, one that ends with the process.
 * @throws {AiLibError} `CONFIG_ERROR` for a store that cannot be used.
 */
async function openStorage(plan: Plan | undefined, io: Io): Promise<Storage | undefined> {
  const report = reporter(io);
  const { location } = plan?.storage ?? { location: { sqlite: TEMPORARY } };
  if (location === undefined) return undefined;
  const { Storage } = await import("./ledger/storage.js");
  try {
    return await Storage.open(location, report);
  } catch (error) {
    if (!AiLibError.is(error) || (plan !== undefined && plan.config.store !== undefined)) throw error;
    if (plan !== undefined)
      throw configError(`${error.message}. \`store\` names another place; \`store: none\` stores nothing`);
    // For a trial, calls matter more than their records.
    report(`There is no ledger: ${error.message}`);
    return undefined;
  }
}

/** Where a store is, for people. */
function placeOf(location: StoreLocation | undefined): string {
  if (location === undefined) return "in memory, until the gateway ends";
  if ("postgres" in location) return "in PostgreSQL";
  return location.sqlite === ":memory:" ? "in memory, until the gateway ends" : `in ${location.sqlite}`;
}

interface Reload {
  readonly file: string;
  /** The configuration of the start. */
  readonly first: Plan;
  readonly gateway: Gateway;
  readonly context: PartsContext;
  readonly admin: () => ServedAdmin | undefined;
}

/** Makes what reads the file again and serves it, one at a time. */
function reloads(parts: Reload): () => Promise<string> {
  let served = parts.first;
  return inTurn(async () => {
    served = await reload(parts, served);
    return `${parts.file}: revision ${served.revision} is served`;
  });
}

/** The parts of a configuration that only a start applies, by their names. The limits are those of the HTTP server. */
function fixedParts({ listen, open, pepper, store, limits = {} }: GatewayConfig): [string, unknown][] {
  const { headerBytes, headersMs, requestMs, connections } = limits;
  return [
    ...Object.entries({ listen, open, pepper, store }),
    ...Object.entries({ headerBytes, headersMs, requestMs, connections }).map(
      ([name, value]): [string, unknown] => [`limits.${name}`, value],
    ),
  ];
}

/** Reads the file again and serves it; the last good configuration stays where it is wrong. */
async function reload({ file, first, gateway, context, admin }: Reload, served: Plan): Promise<Plan> {
  try {
    const plan = await bootPlan(file, context.io.environment, reporter(context.io));
    const changed = fixedParts(plan.config).find(
      ([name, value]) =>
        JSON.stringify(value) !== JSON.stringify(new Map(fixedParts(first.config)).get(name)),
    );
    if (changed !== undefined)
      throw configError(`${file}: \`${changed[0]}\` cannot change while the gateway runs; start it again`);
    if (admin() === undefined && plan.admin !== undefined)
      throw configError(`${file}: \`admin\` cannot be added while the gateway runs; start it again`);
    admin()?.check(plan);
    plan.live.takeOver(served.live);
    await gateway.replace(await partsOf(plan, context));
    admin()?.replace(plan);
    gateway.noteReload(true);
    return plan;
  } catch (error) {
    gateway.noteReload(false);
    throw error;
  }
}

async function partsWithoutFile(context: PartsContext, demo: Demo | undefined): Promise<GatewayParts> {
  const { io, host, storage } = context;
  const prices = await openPrices();
  const table = demo?.table ?? environmentTable(io.environment, prices);
  storage?.serve(settingsWithoutFile(prices));
  return {
    table,
    ledger: storage?.ledger,
    admission: await admissionOf(context, table),
    openMetrics: isLoopback(host),
    ...sinksOf(io, true),
  };
}

function addressOf({ host, port }: StartOptions, plan: Plan | undefined): Address {
  const { listen } = plan?.config ?? {};
  return { host: host ?? listen?.host ?? DEFAULT_HOST, port: portOf(port) ?? listen?.port ?? DEFAULT_PORT };
}

function portOf(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (/^\d{1,5}$/.test(given) && Number(given) <= 65_535) return Number(given);
  throw configError(`--port must be a number from 0 to 65535, not ${JSON.stringify(given)}`);
}

function requireModels(table: ModelTable): void {
  if (table.served().length > 0) return;
  throw configError(
    [
      "There is nothing to serve: no file, and no key of a provider in the environment. Do one of these:",
      "  export OPENAI_API_KEY=...     or the key of any other provider",
      "  ai-lib-gateway init           write a first configuration file",
      "  ai-lib-gateway --demo         serve simulated models, which need no key",
    ].join("\n"),
  );
}
