import { existsSync } from "node:fs";
import type { Environment, Transport } from "ai-lib";
import { makePlan, type Plan } from "./config/plan.js";
import { readSource } from "./config/source.js";
import { configError } from "./config-error.js";
import { openPrices } from "./prices.js";
import { hasProxy, undiciTransport } from "./undici-transport.js";

/** The names of files that are read where no option names one. */
export const FILE_NAMES = ["yaml", "yml", "json", "mjs", "js", "ts"].map(
  (ending) => `ai-lib-gateway.${ending}`,
);

/** The file of the option, else the first known name in the working folder; undefined for none. */
export function findFile(given: string | undefined): string | undefined {
  return given ?? FILE_NAMES.find((name) => existsSync(name));
}

/** Shared by all revisions of a file, so that a reload closes no connection. */
let undici: Transport | undefined;

/**
 * The transport that a file asks for; undefined for that of ai-lib. Default: undici, which takes less time for each
 * request, unless the environment names a proxy.
 * @throws {AiLibError} `CONFIG_ERROR` for undici if the environment names a proxy.
 */
function transportNamed(
  name: "node" | "undici" | undefined,
  environment: Environment,
): Transport | undefined {
  if (name === "node") return undefined;
  if (hasProxy(environment)) {
    if (name === undefined) return undefined;
    throw configError("undici does not support proxies, and the environment names one; remove `transport`");
  }
  undici ??= undiciTransport();
  return undici;
}

/**
 * Reads a file, checks it and makes everything that it describes, as a start does, but without a port.
 * @param report receives what fails later, for the operator. Default: it is not reported
 * @throws {AiLibError} `CONFIG_ERROR` that lists every problem with its file and line.
 */
export async function bootPlan(
  file: string,
  environment: Environment,
  report?: (line: string) => void,
): Promise<Plan> {
  const [source, prices] = await Promise.all([readSource(file), openPrices()]);
  return makePlan(source, {
    ...{ environment, prices, transport: (name) => transportNamed(name, environment) },
    ...(report !== undefined && { report }),
  });
}
