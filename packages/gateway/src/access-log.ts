import type { Attempt } from "ai-lib";
import type { LedgerRow } from "./admission.js";
import { quoteText } from "./terminal-text.js";

/** One request in the access log: no query, no header, no key and no content. */
export interface AccessEntry {
  readonly at: number;
  readonly endedAt: number;
  readonly method: string;
  readonly path: string;
  /** 0 where the client left before an answer. */
  readonly status: number;
  /** The client disconnected before the answer had ended. */
  readonly left: boolean;
  /** The id of the key; undefined for a request without a valid one. */
  readonly key: string | undefined;
  /** Of a request that became a call. */
  readonly row: LedgerRow | undefined;
}

/** Characters of a path that are logged. */
const MAX_PATH = 256;

/** Writes a request as one line of JSON. Written out, since every request has one: `JSON.stringify` takes far longer. */
export function formatAccess({ at, endedAt, method, path, status, left, key, row }: AccessEntry): string {
  const time = new Date(at).toISOString();
  let line = `{"time":"${time}","method":${JSON.stringify(method)},"path":${quoteText(maskKeys(path.slice(0, MAX_PATH)))}`;
  line += `,"status":${status},"ms":${Math.round(endedAt - at)}`;
  if (left) line += ',"left":true';
  if (row !== undefined) return `${line}${callFields(row)}}\n`;
  return key === undefined ? `${line}}\n` : `${line},"key":${JSON.stringify(key)}}\n`;
}

/** A path without keys of clients: some write one where no dialect has it. */
function maskKeys(path: string): string {
  return path.includes("aik_") ? path.replace(/aik_[\w-]+/g, "aik_***") : path;
}

function callFields({
  id,
  principal,
  route,
  dialect,
  kind,
  mode,
  model,
  end,
  code,
  firstContentMs,
}: LedgerRow) {
  let fields = `,"call":"${id}","key":${JSON.stringify(principal.id)},"route":${JSON.stringify(route)}`;
  fields += `,"dialect":"${dialect}","kind":"${kind}","mode":"${mode}"`;
  if (model !== undefined) fields += `,"model":${quoteText(model.slice(0, MAX_PATH))}`;
  let made = 0;
  let answered: Attempt | undefined;
  for (const attempt of end.attempts) {
    if (attempt.outcome !== "skipped") made++;
    if (attempt.outcome === "success") answered = attempt;
  }
  if (answered !== undefined) {
    const { provider, model: target } = answered.target;
    fields += `,"provider":${JSON.stringify(provider)}`;
    if (target !== undefined) fields += `,"target":${quoteText(target)}`;
  }
  fields += `,"attempts":${made}`;
  if (code !== undefined) fields += `,"code":"${code}"`;
  if (firstContentMs !== undefined) fields += `,"firstContentMs":${Math.round(firstContentMs)}`;
  if (end.usage !== undefined)
    fields += `,"inputTokens":${end.usage.inputTokens},"outputTokens":${end.usage.outputTokens}`;
  return end.estimated ? `${fields},"estimated":true` : fields;
}
