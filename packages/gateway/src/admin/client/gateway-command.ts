import type { Io } from "../../io.js";
import { type AdminOptions, connect, formatTable, print } from "./connect.js";
import { limitOf, timeOf } from "./filters.js";
import { presentRows } from "./node-options.js";

/** Options of `audit`, as texts. */
export interface AuditOptions extends AdminOptions {
  readonly since?: string;
  readonly until?: string;
  readonly actor?: string;
  readonly action?: string;
  readonly target?: string;
  readonly limit?: string;
}

interface Status {
  readonly version: string;
  readonly revision?: string;
  readonly draining: boolean;
  readonly running: number;
  readonly reload?: { readonly at: string; readonly outcome: string };
}

interface ServedConfig {
  readonly revision: string;
  readonly config: Readonly<Record<string, unknown>>;
}

interface AuditEntry {
  readonly at: string;
  readonly actor: string;
  readonly role: string;
  readonly action: string;
  readonly target: string;
  readonly status: number;
}

/** Prints the state of the process. */
export async function showStatus(io: Io, options: AdminOptions): Promise<void> {
  const { body } = await connect(io, options).call<Status>("GET", "/status");
  print(io, options, body, ({ version, revision, draining, running, reload }) =>
    formatTable(
      ["GATEWAY", version],
      presentRows([
        ["state", draining ? "draining" : "ready"],
        ["running", String(running)],
        ["revision", revision],
        ["reload", reload === undefined ? undefined : `${reload.outcome} ${reload.at}`],
      ]),
    ),
  );
}

/** Prints the configuration that is served, as YAML. */
export async function showConfig(io: Io, options: AdminOptions): Promise<void> {
  const { body } = await connect(io, options).call<ServedConfig>("GET", "/config");
  const { stringify } = await import("yaml");
  print(
    io,
    options,
    body,
    ({ revision, config }) => `# revision ${revision}\n${stringify(config).trimEnd()}`,
  );
}

/** Reads the file of the gateway again. */
export async function reloadConfig(io: Io, options: AdminOptions): Promise<void> {
  const { body } = await connect(io, options).call<ServedConfig>("POST", "/config/reload");
  print(io, options, body, ({ revision }) => `The revision ${revision} is served`);
}

/** Drops the answers of caches. @param route default: of all routes */
export async function purgeCache(io: Io, route: string | undefined, options: AdminOptions): Promise<void> {
  const client = connect(io, options);
  const { body } = await client.call<{ readonly parts: readonly string[] }>("POST", "/cache/purge", {
    body: { route },
  });
  print(io, options, body, ({ parts }) =>
    parts.length === 0
      ? "There is no cache"
      : formatTable(
          ["PURGED"],
          parts.map((part) => [part]),
        ),
  );
}

/** Prints changes that were made or refused, the latest first. */
export async function showAudit(io: Io, options: AuditOptions): Promise<void> {
  const { since, until, actor, action, target, limit } = options;
  const query = {
    ...{ actor, action, target },
    from: since === undefined ? undefined : timeOf(since, "--since"),
    to: until === undefined ? undefined : timeOf(until, "--until"),
  };
  const entries = await connect(io, options).all<AuditEntry>("/audit", query, limitOf(limit, "entries"));
  print(io, options, entries, () =>
    entries.length === 0
      ? "No change matches"
      : formatTable(
          ["AT", "ACTOR", "ROLE", "ACTION", "TARGET", "STATUS"],
          entries.map(({ at, actor: who, role, action: what, target: which, status }) => [
            ...[at, who, role, what, which],
            String(status),
          ]),
        ),
  );
}
