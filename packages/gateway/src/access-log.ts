import type { LedgerRow } from "./admission.js";

/** One request, as the access log has it: no query, no header, no key and no content. */
export interface AccessEntry {
  readonly at: number;
  readonly endedAt: number;
  readonly method: string;
  readonly path: string;
  /** 0 where the client left before an answer. */
  readonly status: number;
  /** The client disconnected before the answer had ended. */
  readonly left: boolean;
  /** Of a request that became a call. */
  readonly row: LedgerRow | undefined;
}

/** Characters of a path that are logged. */
const MAX_PATH = 256;

/** Writes a request as one line of JSON. */
export function formatAccess({ at, endedAt, method, path, status, left, row }: AccessEntry): string {
  const answered = row?.end.attempts.findLast(({ outcome }) => outcome === "success");
  return `${JSON.stringify({
    time: new Date(at).toISOString(),
    method,
    path: path.slice(0, MAX_PATH),
    status,
    ms: Math.round(endedAt - at),
    ...(left && { left }),
    ...(row !== undefined && {
      call: row.id,
      key: row.principal.id,
      route: row.route,
      dialect: row.dialect,
      kind: row.kind,
      mode: row.mode,
      model: row.model?.slice(0, MAX_PATH),
      provider: answered?.target.provider,
      target: answered?.target.model,
      attempts: row.end.attempts.filter(({ outcome }) => outcome !== "skipped").length,
      code: row.code,
      firstContentMs: row.firstContentMs === undefined ? undefined : Math.round(row.firstContentMs),
      inputTokens: row.end.usage?.inputTokens,
      outputTokens: row.end.usage?.outputTokens,
      ...(row.end.estimated && { estimated: true }),
    }),
  })}\n`;
}
