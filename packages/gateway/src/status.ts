import type { IncomingMessage } from "node:http";

/** The answer to a question about the gateway itself. */
export interface StatusReply {
  readonly status: number;
  readonly body: string;
}

/** Answers `/live` and `/ready`, which need no key and tell nothing of keys or routes. */
export function statusReply({
  method,
  url,
}: Pick<IncomingMessage, "method" | "url">): StatusReply | undefined {
  if (method !== "GET" && method !== "HEAD") return undefined;
  switch (url) {
    case "/live":
      return { status: 200, body: '{"status":"live"}' };
    case "/ready":
      return { status: 200, body: '{"status":"ready"}' };
    default:
      return undefined;
  }
}
