import * as http from "node:http";
import * as https from "node:https";

/** What a request adds to its options, so that Node need not find out anew where its idle connections are. */
export interface PooledOptions extends https.RequestOptions {
  /** Host and port. All connections of one of these agents are made with the agent's own TLS options. */
  pool?: string;
}

/** An agent that finds its idle connections by `pool`: Node's joins every option into a name, for every request. */
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
