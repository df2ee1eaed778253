import { basename, dirname, extname, resolve } from "node:path";
import type { DialectId, Environment, PriceSource } from "ai-lib";
import { type StoreLocation, TEMPORARY } from "../store/location.js";
import type { Problems } from "./problems.js";
import type { GatewayConfig } from "./schema.js";
import type { SecretNode } from "./secret-schema.js";
import { readSecret } from "./secrets.js";

/** The store of the gateway, and the data that it stores. */
export interface StorageSettings {
  /** Undefined for a gateway that stores nothing. */
  readonly location: StoreLocation | undefined;
  readonly prices: PriceSource;
  /** The dialects of the endpoints that the file defines, by their names. */
  readonly dialects: ReadonlyMap<string, DialectId>;
  readonly days: number;
  readonly auditDays: number;
  readonly content: ContentSettings | undefined;
}

/** How requests and answers are stored. */
export interface ContentSettings {
  readonly days: number;
  /** What is removed from them. */
  readonly secrets: readonly string[];
}

const DAYS = 90;
const AUDIT_DAYS = 365;

/** Variables whose values are secrets, by their names. */
const SECRET_NAME = /(key|token|secret|password|credentials)$/i;

/** What the settings of a store are read with. */
interface StorageMeans {
  /** The file of the configuration. */
  readonly file: string;
  readonly environment: Environment;
  readonly prices: PriceSource;
}

/** Reads the settings of the store and of the ledger. */
export function storageSettings(
  config: GatewayConfig,
  { file, environment, prices }: StorageMeans,
  problems: Problems,
): StorageSettings {
  const { store, ledger = {} } = config;
  const { days = DAYS, auditDays = AUDIT_DAYS, content } = ledger;
  if (config.ledger !== undefined && store === "none")
    problems.add(["ledger"], "`ledger` has no effect with `store: none`");
  if (content !== undefined && content.days > days)
    problems.add(
      ["ledger", "content", "days"],
      `content is not stored longer than its calls: at most ${days} days`,
    );
  return {
    ...{ prices, days, auditDays },
    dialects: dialectsOf(config),
    location:
      store === undefined ? defaultLocation(file, environment) : locationOf(store, environment, problems),
    content:
      content === undefined ? undefined : { days: content.days, secrets: secretsOf(config, environment) },
  };
}

function dialectsOf({ providers = {} }: GatewayConfig): ReadonlyMap<string, DialectId> {
  return new Map(
    Object.entries(providers).flatMap(([name, { dialect }]) =>
      dialect === undefined ? [] : [[name, dialect] as const],
    ),
  );
}

/** The variable that names the folder of the store of a gateway whose file names no store. */
const DATA_VARIABLE = "AI_LIB_GATEWAY_DATA";

/**
 * The store of a gateway whose file names none: SQLite, in a file named as that of the configuration. It is in the folder
 * that the environment names, which for a service of systemd is its `StateDirectory`, else beside the configuration.
 */
function defaultLocation(file: string, environment: Environment): StoreLocation {
  // Systemd separates several folders with colons (systemd.exec(5)).
  const folder = environment[DATA_VARIABLE] ?? environment["STATE_DIRECTORY"]?.split(":")[0];
  return {
    sqlite: resolve(
      folder === undefined || folder === "" ? dirname(file) : folder,
      `${basename(file, extname(file))}.db`,
    ),
  };
}

function locationOf(
  store: NonNullable<GatewayConfig["store"]>,
  environment: Environment,
  problems: Problems,
): StoreLocation | undefined {
  if (store === "none") return undefined;
  if ("sqlite" in store) return { sqlite: store.sqlite };
  const postgres = problems.try(["store", "postgres"], () => readSecret(store.postgres, environment));
  if (postgres === undefined) return undefined;
  if (!/^postgres(ql)?:\/\//.test(postgres)) {
    problems.add(
      ["store", "postgres"],
      "the secret must be an address such as postgres://user:password@host/database",
    );
    return undefined;
  }
  return { postgres };
}

/** The secrets of the configuration, and those that the environment seems to have. */
function secretsOf(config: GatewayConfig, environment: Environment): string[] {
  const found = Object.entries(environment).flatMap(([name, value]) =>
    value !== undefined && SECRET_NAME.test(name) ? [value.trim()] : [],
  );
  const visit = (node: unknown): void => {
    if (typeof node !== "object" || node === null) return;
    if (isSecret(node)) {
      try {
        found.push(readSecret(node, environment));
      } catch {
        // The code that needs the secret reports that it is absent.
      }
    } else for (const part of Object.values(node)) visit(part);
  };
  for (const part of [config.keys, config.pepper, config.providers, config.admin, config.store]) visit(part);
  return found;
}

function isSecret(node: object): node is SecretNode {
  const [name, ...more] = Object.keys(node);
  const value = Object.values(node)[0];
  return more.length === 0 && (name === "env" || name === "file") && typeof value === "string";
}

/** The settings of a gateway without a file. */
export function settingsWithoutFile(prices: PriceSource): StorageSettings {
  return {
    ...{ location: { sqlite: TEMPORARY }, prices, dialects: new Map(), content: undefined },
    ...{ days: DAYS, auditDays: AUDIT_DAYS },
  };
}
