import type { Plan } from "../config/plan.js";
import { configError } from "../config-error.js";
import type { Gateway } from "../gateway.js";
import type { Io } from "../io.js";
import type { KeyService } from "../keys/key-service.js";
import type { ModelTable } from "../model-table.js";
import { sinksOf } from "../parts.js";
import type { Store } from "../store/store.js";
import { MemoryAuditLog } from "./audit.js";
import { Authenticator } from "./auth/authenticator.js";
import { makeAdminToken } from "./auth/tokens.js";
import type { AdminParts } from "./parts.js";
import { AdminServer } from "./server.js";
import type { AdminSettings } from "./settings.js";

/** What an admin API is started for. */
export interface AdminContext {
  readonly io: Io;
  /** The configuration; undefined for a gateway without a file. */
  readonly plan: Plan | undefined;
  readonly gateway: Gateway;
  readonly table: ModelTable;
  readonly keys: KeyService;
  /** Undefined for a gateway without a store. */
  readonly store: Pick<Store, "audit" | "rates" | "usage"> | undefined;
  /** Reads the file again; undefined without one. */
  readonly reload: (() => Promise<string>) | undefined;
}

/** The admin API of a running gateway. */
export interface ServedAdmin {
  readonly url: string;
  /** The token of this run; undefined if the configuration has tokens or a login. */
  readonly token: string | undefined;
  /** @throws {AiLibError} `CONFIG_ERROR` for a change that needs a new start. */
  check(plan: Plan): void;
  /** Applies another configuration. */
  replace(plan: Plan): void;
  close(): Promise<void>;
}

/**
 * Starts the admin API of a gateway.
 * @throws {AiLibError} `CONFIG_ERROR` where it cannot listen.
 */
export async function startAdmin(given: AdminSettings, context: AdminContext): Promise<ServedAdmin> {
  const { io, gateway, table, keys, store } = context;
  let { plan } = context;
  const { reload } = context;
  const token = hasWayIn(given) ? undefined : makeAdminToken();
  const audit = store?.audit ?? new MemoryAuditLog();
  let auth: Authenticator | undefined;
  const served = {
    plan: () => plan,
    table: () => plan?.table ?? table,
    readiness: () => gateway.readiness,
    running: () => gateway.requests,
    calls: gateway.calls,
    ...(reload !== undefined && { reload }),
  };
  const optionsOf = (settings: AdminSettings) => ({
    ...sinksOf(io, plan?.config.logs?.access !== false),
    parts: (origin: string): AdminParts => {
      auth = new Authenticator(settings, auth?.sessions, auth?.tickets);
      return {
        ...{ auth, origin, served, audit, usage: store?.usage, rates: store?.rates },
        keys: keys.directory,
        limitsOf: (id, kind) => keys.limitsOf(id, kind),
        preview: (call) => keys.preview(call),
        wasUsed: (kind, id) => keys.wasUsed(kind, id),
      };
    },
  });
  const first = withToken(given, token);
  const server = await AdminServer.start(first, optionsOf(first)).catch((error: NodeJS.ErrnoException) => {
    const { host, port } = first.address;
    throw configError(`The admin API cannot listen on ${host}:${port}: ${error.code ?? error.message}`);
  });
  return {
    url: server.url,
    token,
    check(next) {
      const fixed = (settings: AdminSettings | undefined) =>
        JSON.stringify([settings?.address, settings?.tls !== undefined]);
      if (fixed(next.admin) !== fixed(given))
        throw configError(
          "`admin.listen` cannot change while the gateway runs, and `admin.tls` be neither added nor removed; start it again",
        );
      if (token === undefined && next.admin !== undefined && !hasWayIn(next.admin))
        throw configError("`admin` needs `tokens` or `oidc`: only a start makes a token of its own");
    },
    replace(next) {
      plan = next;
      if (next.admin === undefined) return;
      const settings = withToken(next.admin, token);
      server.replace(settings, optionsOf(settings));
    },
    close: () => server.close(),
  };
}

function hasWayIn({ tokens, oidc }: AdminSettings): boolean {
  return tokens.length > 0 || oidc !== undefined;
}

/** The settings with the token of this run, if they have neither tokens nor a login. */
function withToken(settings: AdminSettings, token: string | undefined): AdminSettings {
  if (token === undefined || hasWayIn(settings)) return settings;
  return { ...settings, tokens: [...settings.tokens, { name: "start", secret: token, role: "owner" }] };
}
