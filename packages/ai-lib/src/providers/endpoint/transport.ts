import { deferredFlow } from "../../core/contract/deferred-flow.js";
import type { Transport } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";

let shared: Promise<Transport> | undefined;

/** The transport of this platform, loaded at first use and shared by all providers without one of their own. */
export function defaultTransport(): Promise<Transport> {
  shared ??= import("#transport").then((module) => module.defaultTransport());
  return shared;
}

/**
 * A transport through a proxy, or without one (`false`) regardless of the environment. Only `node:http` supports
 * proxies; it is loaded at the first request.
 */
export function proxiedTransport(proxy: string | false): Transport {
  let made: Transport | undefined;
  const make = async () => {
    const { transportThrough } = await import("#transport");
    made ??= transportThrough(proxy);
    return made;
  };
  return {
    open(request, sink) {
      if (made !== undefined) return made.open(request, sink);
      return deferredFlow(
        make(),
        (transport) => transport.open(request, sink),
        (error) => sink.fail(AiLibError.from(error, "CONFIG_ERROR")),
      );
    },
    secrets: (url) => made?.secrets?.(url) ?? [],
    async close() {
      await made?.close?.();
    },
  };
}
