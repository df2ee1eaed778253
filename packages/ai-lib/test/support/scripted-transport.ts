import type { Transport, TransportRequest } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";

/** One reply of a {@link ScriptedTransport}: JSON, bytes, or a connection that fails. */
export interface WireReply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly broken?: boolean;
  /** The reply never comes. */
  readonly silent?: boolean;
}

/** Answers requests one after the other, and records them. */
export class ScriptedTransport implements Transport {
  readonly requests: TransportRequest[] = [];
  aborted = 0;

  constructor(private readonly replies: readonly WireReply[]) {}

  /** `"POST /v1/jobs"` of each request. */
  get sent(): string[] {
    return this.requests.map(({ method, url }) => `${method} ${url.replace(/^http:\/\/127\.0\.0\.1:1/, "")}`);
  }

  readonly open: Transport["open"] = (request, sink) => {
    const reply = this.replies[this.requests.length] ?? { status: 404, json: { detail: "no reply is left" } };
    this.requests.push(request);
    let silent = reply.silent === true;
    queueMicrotask(() => {
      if (silent) return;
      if (reply.broken === true) {
        sink.fail(new AiLibError({ code: "NETWORK_ERROR", message: "The connection was reset" }));
        return;
      }
      sink.head(reply.status ?? 200, { "content-type": "application/json", ...reply.headers });
      sink.data(reply.bytes ?? new TextEncoder().encode(JSON.stringify(reply.json ?? {})));
      if (!silent) sink.end();
    });
    return {
      pause() {},
      resume() {},
      abort: () => {
        silent = true;
        this.aborted++;
        return undefined;
      },
    };
  };
}
