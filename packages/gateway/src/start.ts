import { once } from "node:events";
import { formatBanner } from "./banner.js";
import { configError } from "./config-error.js";
import { startDemo } from "./demo.js";
import { environmentTable } from "./environment-routes.js";
import { Gateway } from "./gateway.js";
import type { Io } from "./io.js";
import type { ModelTable } from "./model-table.js";
import { makeKey, OpenAdmission, StaticKeys } from "./static-keys.js";

/** Options of the command, as texts. */
export interface StartOptions {
  readonly host?: string;
  readonly port?: string;
  readonly demo?: boolean;
  readonly open?: boolean;
}

const DEFAULT_HOST = "127.0.0.1";
const DEFAULT_PORT = 4100;

const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.1", "::1", "localhost"]);

/**
 * Starts the gateway, and runs it until the command is interrupted.
 * @throws {AiLibError} `CONFIG_ERROR` for a wrong option, and without anything to serve.
 */
export async function startGateway(io: Io, options: StartOptions): Promise<void> {
  const host = options.host ?? DEFAULT_HOST;
  const port = portOf(options.port);
  if (options.open === true && !LOOPBACK.has(host))
    throw configError(
      `--open serves without a key, which is only allowed on 127.0.0.1, ::1 and localhost, not on ${host}`,
    );
  const demo = options.demo === true ? await startDemo() : undefined;
  const table = demo?.table ?? (await environmentTable(io.environment));
  requireModels(table);
  const key = options.open === true ? undefined : (io.environment["AI_LIB_GATEWAY_KEY"] ?? makeKey());
  const gateway = await Gateway.start(
    {
      table,
      admission: key === undefined ? new OpenAdmission() : new StaticKeys({ first: key }),
      onError: (error) => io.stderr.write(`${(error as Error).stack ?? String(error)}\n`),
    },
    { host, port },
  ).catch((error: unknown) => {
    throw configError(`The gateway cannot listen on ${host}:${port}: ${(error as Error).message}`);
  });
  const models = table.list().map(({ id }) => id);
  const printed = io.environment["AI_LIB_GATEWAY_KEY"] === undefined ? key : undefined;
  io.stdout.write(formatBanner({ url: gateway.url, key: printed, model: models[0] ?? "default", models }));
  if (!io.signal.aborted) await once(io.signal, "abort");
  await gateway.close();
  await demo?.simulator.close();
}

function portOf(given: string | undefined): number {
  if (given === undefined) return DEFAULT_PORT;
  if (/^\d{1,5}$/.test(given) && Number(given) <= 65_535) return Number(given);
  throw configError(`--port must be a number from 0 to 65535, not ${JSON.stringify(given)}`);
}

function requireModels(table: ModelTable): void {
  if (table.list().length > 0) return;
  throw configError(
    [
      "There is nothing to serve: no key of a provider is in the environment. Do one of these:",
      "  export OPENAI_API_KEY=...     or the key of any other provider",
      "  ai-lib-gateway --demo         serve simulated models, which need no key",
    ].join("\n"),
  );
}
