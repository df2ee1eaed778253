import { MemoryAuditLog } from "../../src/admin/audit.js";
import { Authenticator } from "../../src/admin/auth/authenticator.js";
import type { AdminParts } from "../../src/admin/parts.js";
import type { ServedState } from "../../src/admin/served-state.js";
import { AdminServer } from "../../src/admin/server.js";
import type { AdminSettings } from "../../src/admin/settings.js";
import { LiveCalls } from "../../src/live/live-calls.js";
import { ModelTable } from "../../src/model-table.js";

/** The tokens of the tests, one for each role. */
export const TOKENS = {
  viewer: "viewer-token-that-must-not-leak",
  operator: "operator-token-that-must-not-leak",
  owner: "owner-token-that-must-not-leak",
} as const;

export const SETTINGS: AdminSettings = {
  address: { host: "127.0.0.1", port: 0 },
  publicUrl: undefined,
  tls: undefined,
  tokens: (["viewer", "operator", "owner"] as const).map((role) => ({
    name: `the-${role}`,
    secret: TOKENS[role],
    role,
  })),
  oidc: undefined,
  sessions: { idleMs: 3_600_000, totalMs: 43_200_000 },
  changesPerMinute: 1_000,
};

export const SERVED: ServedState = {
  plan: () => undefined,
  table: () => new ModelTable({ routes: [], providers: new Map() }),
  readiness: () => ({ draining: false, revision: "abc", reload: { at: 0, ok: true } }),
  running: () => 0,
  calls: new LiveCalls(),
};

/** An admin API on loopback, with what it wrote. */
export interface Started {
  readonly server: AdminServer;
  readonly audit: MemoryAuditLog;
  readonly logs: string[];
  readonly faults: unknown[];
  /** The options with which it was started, for {@link AdminServer.replace}. */
  readonly options: Parameters<AdminServer["replace"]>[1];
  call(method: string, path: string, call?: Call): Promise<Answer>;
}

export interface Call {
  readonly role?: keyof typeof TOKENS | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: any;
  readonly text: string;
  readonly headers: Headers;
}

export async function startAdmin(
  settings: Partial<AdminSettings> = {},
  parts: Partial<AdminParts> = {},
): Promise<Started> {
  const audit = new MemoryAuditLog();
  const logs: string[] = [];
  const faults: unknown[] = [];
  const own = { ...SETTINGS, ...settings };
  const options = {
    parts: (origin: string): AdminParts => ({
      auth: new Authenticator(own),
      origin,
      served: SERVED,
      audit,
      ...parts,
    }),
    writeLog: (line: string) => void logs.push(line),
    onError: (error: unknown) => void faults.push(error),
  };
  const server = await AdminServer.start(own, options);
  return {
    ...{ server, audit, logs, faults, options },
    async call(method, path, { role, headers = {}, body } = {}) {
      const response = await fetch(`${server.url}/admin/v1${path}`, {
        method,
        redirect: "manual",
        headers: {
          ...(role !== undefined && { authorization: `Bearer ${TOKENS[role]}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get("content-type") === "application/json";
      return {
        status: response.status,
        text,
        body: isJson ? JSON.parse(text) : undefined,
        headers: response.headers,
      };
    },
  };
}
