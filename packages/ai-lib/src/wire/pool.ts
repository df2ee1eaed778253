import * as https from "node:https";
import { http } from "./node-http.js";

/** Options of a request that name its pool of idle connections. */
export interface PooledOptions extends https.RequestOptions {
  /** Host and port. All connections of one agent have the same TLS options. */
  pool?: string;
}

/** An agent that finds idle connections by `pool`. The agent of Node joins all options into a name for every request. */
export class PooledAgent extends http.Agent {
  override getName(options?: PooledOptions): string {
    return options?.pool ?? super.getName(options);
  }
}

/** {@link PooledAgent} over TLS. */
export class SecurePooledAgent extends https.Agent {
  override getName(options?: PooledOptions): string {
    return options?.pool ?? super.getName(options);
  }
}
