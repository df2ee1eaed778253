import { stat } from "node:fs/promises";
import type { HookNode } from "../config/route-schema.js";
import { configError } from "../config-error.js";
import { importFile } from "../import-file.js";
import { requirePublicAddress } from "../public-address.js";
import { FailureReport, HookFailure } from "./failure-report.js";
import type { Hook, HookResult } from "./hook.js";

/** Characters of an answer of a hook at an address. */
const MAX_ANSWER = 8 * 1024 * 1024;

const DEFAULT_TIMEOUT_MS = 5_000;

/** A hook that is ready to be called. */
export interface LoadedHook {
  readonly at: HookNode["at"];
  readonly run: Hook;
  readonly timeoutMs: number;
  /** A hook that fails or takes too long refuses the call. */
  readonly refuses: boolean;
  /** Receives its failures, for the operator. */
  readonly failures?: FailureReport | undefined;
}

/**
 * Loads a hook.
 * @param report receives its failures, for the operator. Default: they are not reported
 * @throws {AiLibError} `CONFIG_ERROR` for a module without a `hook`, and for an address that is none or must not be asked.
 */
export async function loadHook(
  { at, module, url, timeoutMs, onFailure }: HookNode,
  report?: (line: string) => void,
): Promise<LoadedHook> {
  const run = module === undefined ? atAddress(url ?? "") : await inModule(module);
  const name = `The hook ${module ?? placeOf(url ?? "")} at ${at}`;
  return {
    ...{ at, run, timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS, refuses: onFailure !== "continue" },
    failures: report === undefined ? undefined : new FailureReport(name, report),
  };
}

/** A URL without its query. */
function placeOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

async function inModule(file: string): Promise<Hook> {
  const { mtimeMs } = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw configError(`the module ${file} cannot be read: ${error.code}`);
  });
  const loaded = await importFile(file, String(mtimeMs)).catch((error: Error) => {
    throw configError(`the module ${file} cannot be loaded: ${error.message}`);
  });
  const { hook } = loaded as { readonly hook?: unknown };
  if (typeof hook !== "function") throw configError(`the module ${file} exports no function \`hook\``);
  return hook as Hook;
}

function atAddress(url: string): Hook {
  requirePublicAddress(url);
  const { username, password } = new URL(url);
  if (username !== "" || password !== "")
    throw configError("the address of a hook has no user and no password: fetch does not send them");
  return async (event, signal) => {
    const reply = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(event),
      redirect: "error",
      signal,
    }).catch(({ cause }: Error) => {
      const { code } = (cause ?? {}) as NodeJS.ErrnoException;
      throw new HookFailure(`it cannot be reached${code === undefined ? "" : ` (${code})`}`);
    });
    const text = await reply.text();
    if (!reply.ok) throw new HookFailure(`it answered with status ${reply.status}`);
    if (text.length > MAX_ANSWER) throw new HookFailure(`its answer is longer than ${MAX_ANSWER} characters`);
    if (text.trim() === "") return undefined;
    try {
      return JSON.parse(text) as HookResult;
    } catch {
      throw new HookFailure("its answer is not JSON");
    }
  };
}
