import { readFileSync } from "node:fs";

/** Set where the command line is one executable, which has no package.json (scripts/compile-cli.mjs). */
declare const AI_LIB_CLI_VERSION: string | undefined;

/** Whether the command line is one executable, without a folder of packages. */
export function isExecutable(): boolean {
  return typeof AI_LIB_CLI_VERSION === "string";
}

/** The version of this package, of its package.json. */
export function readVersion(): string {
  if (typeof AI_LIB_CLI_VERSION === "string") return AI_LIB_CLI_VERSION;
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  return manifest.version;
}
