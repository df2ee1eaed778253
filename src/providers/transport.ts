import type { Transport } from "../core/http.js";

let shared: Promise<Transport> | undefined;

/** The transport of this platform, loaded at first use and shared by every provider that was given none. */
export function defaultTransport(): Promise<Transport> {
  shared ??= import("#transport").then((module) => module.defaultTransport());
  return shared;
}
