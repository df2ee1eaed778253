import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Loads a module of the operator's: a configuration in code, or a hook. It is the only place that imports a computed
 * path.
 * @param version another one loads a file that has changed again
 */
export async function importFile(file: string, version: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(
    `${pathToFileURL(resolve(file)).href}?version=${encodeURIComponent(version)}`
  )) as Record<string, unknown>;
}
