import type { HttpReply } from "../core/contract/transport.js";

/** What an output reports about its client. */
export interface OutputListener {
  /** The client has caught up with what was written. */
  drained(): void;
  /** The client disconnected before the reply had ended. */
  left(): void;
}

/** The raw reply to one client: bytes, with back-pressure. `node:http` and the web have one each. */
export interface ReplyOutput {
  /** Whether the head was sent. */
  readonly begun: boolean;
  /** Whether nothing more can be sent: the reply has ended, or its client left. */
  readonly closed: boolean;
  /**
   * Sends the status and the headers, once and before anything else. Names are in lower case.
   * @returns false where the source must pause until the client has them; {@link OutputListener.drained} follows.
   */
  head(status: number, headers: Readonly<Record<string, string>>): boolean;
  /** Sends what was written so far without waiting for more. */
  flush(): void;
  /**
   * Sends a piece of the body. A string is UTF-8.
   * @returns false where the client reads more slowly; {@link OutputListener.drained} follows.
   */
  write(chunk: string | Uint8Array): boolean;
  /** Ends the reply, with a last piece of the body. */
  end(chunk?: string | Uint8Array): void;
  /** Resets the connection, so that the client sees that the reply is incomplete. */
  destroy(): void;
  /** Sets the listener; the previous one receives nothing more. */
  listen(listener: OutputListener): void;
}

const encoder = new TextEncoder();

/** Sends a whole reply. It has a length, so that a client notices a cut reply. */
export function sendReply(output: ReplyOutput, reply: HttpReply): void {
  if (output.closed) return;
  const body = reply.bytes ?? encoder.encode(reply.body);
  const headers: Record<string, string> = { "content-length": "", ...reply.headers };
  headers["content-length"] = String(body.length);
  output.head(reply.status, headers);
  output.end(body);
}
