import type { Transport } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";

/** What a memory transport answers with. */
export interface MemoryReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Bytes a read; default: all at once. */
  readonly segment?: number;
  /** Bytes after which the connection is cut; default: never. */
  readonly cutAt?: number;
}

/** A transport that answers every request with the same bytes, segmented or cut as told. */
export function memoryTransport(reply: MemoryReply): Transport {
  return {
    open(_request, sink) {
      let silent = false;
      queueMicrotask(() => {
        if (silent) return;
        sink.head(reply.status, reply.headers);
        const end = Math.min(reply.cutAt ?? reply.body.length, reply.body.length);
        const segment = reply.segment ?? Math.max(1, reply.body.length);
        for (let at = 0; at < end && !silent; at += segment)
          sink.data(reply.body.subarray(at, Math.min(at + segment, end)));
        if (silent) return;
        if (reply.cutAt === undefined) sink.end();
        else sink.fail(new AiLibError({ code: "NETWORK_ERROR", message: "The connection was reset" }));
      });
      return {
        pause() {},
        resume() {},
        abort() {
          silent = true;
          return undefined;
        },
      };
    },
  };
}
