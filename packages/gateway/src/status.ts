import type { RequestHead } from "ai-lib/serve";

/** How the last reload of the configuration went. */
export interface ReloadOutcome {
  readonly at: number;
  readonly ok: boolean;
}

/** What `/ready` says: nothing of keys, routes or providers. */
export interface Readiness {
  readonly draining: boolean;
  /** The revision of the configuration that is served; undefined without a file. */
  readonly revision: string | undefined;
  readonly reload: ReloadOutcome | undefined;
}

/** The answer to a question about the gateway itself. */
export interface StatusReply {
  readonly status: number;
  readonly body: string;
}

/** Answers `/live` and `/ready`, which need no key. */
export function statusReply(
  { method, path }: Pick<RequestHead, "path"> & { readonly method: string },
  { draining, revision, reload }: Readiness,
): StatusReply | undefined {
  if (method !== "GET" && method !== "HEAD") return undefined;
  switch (path) {
    case "/live":
      return { status: 200, body: JSON.stringify({ status: "live" }) };
    case "/ready":
      return {
        status: draining ? 503 : 200,
        body: JSON.stringify({
          status: draining ? "draining" : "ready",
          ...(revision !== undefined && { revision }),
          ...(reload !== undefined && {
            reload: { at: new Date(reload.at).toISOString(), outcome: reload.ok ? "applied" : "refused" },
          }),
        }),
      };
    default:
      return undefined;
  }
}
