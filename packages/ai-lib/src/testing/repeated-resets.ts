import type { NodeOutput } from "../serve/node.js";
import type { ServedCall } from "../serve/options.js";
import type { Fault } from "./fault.js";

/**
 * Requests that a client repeats after a reset. A client whose connection is reset may send the same request once more
 * on a new connection, if it used the first one before, and counts both as one attempt. So does the simulator: it
 * resets the second request as well.
 */
export class RepeatedResets {
  /** Connections that served a request before. */
  private readonly used = new WeakSet<object>();
  /** Requests that were reset on such a connection: endpoint and body. */
  private readonly expected = new Set<string>();

  /** Resets a request that repeats one of these. @returns whether it does. */
  repeat({ http, reply }: ServedCall<NodeOutput>, endpoint: string): boolean {
    const { socket } = reply.output.response;
    if (socket === null || this.used.has(socket)) return false;
    if (!this.expected.delete(`${endpoint} ${http.body}`)) return false;
    socket.resetAndDestroy();
    return true;
  }

  /** Records a request, its connection and its fault. */
  note({ http, reply }: ServedCall<NodeOutput>, endpoint: string, fault: Fault | undefined): void {
    const { socket } = reply.output.response;
    if (socket === null) return;
    if (fault?.reset === "head" && this.used.has(socket)) this.expected.add(`${endpoint} ${http.body}`);
    this.used.add(socket);
  }
}
