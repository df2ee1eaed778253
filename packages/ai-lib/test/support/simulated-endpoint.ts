import type { DialectId } from "../../src/core/contract/dialect.js";
import type { Transport, TransportRequest } from "../../src/core/contract/transport.js";
import type { Simulator } from "../../src/testing/simulator.js";
import { nodeTransport } from "../../src/wire/transport-node.js";

/** Carries every request to a simulator in place of its host, and keeps what would have been sent to the host. */
export interface SimulatedEndpoint extends Transport {
  readonly sent: TransportRequest[];
}

/**
 * A transport by which a provider believes that it talks to its own endpoint: host, path, query and headers are
 * decided as in earnest, and only the host is another in the end.
 */
export function simulatedEndpoint(
  simulator: Simulator,
  endpoint: string,
  dialect: DialectId,
): SimulatedEndpoint {
  const carrier = nodeTransport({ proxy: false });
  const sent: TransportRequest[] = [];
  return {
    sent,
    open(request, sink) {
      sent.push(request);
      const { pathname, search } = new URL(request.url);
      const url = `${simulator.baseUrl(endpoint, dialect)}${pathname}${search}`;
      return carrier.open({ ...request, url }, sink);
    },
    close: async () => carrier.close?.(),
  };
}
