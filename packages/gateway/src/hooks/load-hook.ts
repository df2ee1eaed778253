import { stat } from "node:fs/promises";
import type { HookNode } from "../config/route-schema.js";
import { configError } from "../config-error.js";
import { importFile } from "../import-file.js";
import { requirePublicAddress } from "../public-address.js";
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
}

/**
 * Loads a hook.
 * @throws {AiLibError} `CONFIG_ERROR` for a module without a `hook`, and for an address that is none or must not be asked.
 */
export async function loadHook({ at, module, url, timeoutMs, onFailure }: HookNode): Promise<LoadedHook> {
  const run = module === undefined ? atAddress(url ?? "") : await inModule(module);
  return { at, run, timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS, refuses: onFailure !== "continue" };
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
  return async (event, signal) => {
    const reply = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(event),
      redirect: "error",
      signal,
    });
    const text = await reply.text();
    if (!reply.ok || text.length > MAX_ANSWER) throw new Error(`The hook answered with ${reply.status}`);
    return text.trim() === "" ? undefined : (JSON.parse(text) as HookResult);
  };
}
