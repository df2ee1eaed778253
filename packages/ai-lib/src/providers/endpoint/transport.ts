import type { Transport } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { deferredFlow } from "./deferred-flow.js";

let shared: Promise<Transport> | undefined;

/** The transport of this platform, loaded at first use and shared by every provider that was given none. */
export function defaultTransport(): Promise<Transport> {
  shared ??= import("#transport").then((module) => module.defaultTransport());
  return shared;
}

/**
 * A transport through a proxy, or through none (`false`) whatever the environment says. Only `node:http` can be
 * told of proxies; it is loaded at the first request.
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
    async close() {
      await made?.close?.();
    },
  };
}
