import type { HttpRequest } from "../core/contract/transport.js";
import type { Kind, RequestOf } from "../core/values/kinds.js";
import type { Usage } from "../core/values/usage.js";
import type { Fault } from "./fault.js";

/** One request of a kind as the simulator saw it. Times are epoch milliseconds. */
export interface SimulatedAttempt<K extends Kind = "chat"> {
  /** The endpoint it was sent to; see {@link Simulator.baseUrl}. */
  readonly endpoint: string;
  readonly dialect: string;
  readonly kind: K;
  readonly http: HttpRequest;
  readonly request: RequestOf<K>;
  readonly mode: "unary" | "stream";
  readonly fault: Fault | undefined;
  /** What it reports to have used, where the answer gets that far. */
  readonly usage: Usage;
  readonly startedAt: number;
  endedAt?: number;
  /** Frames that were sent. */
  frames: number;
  /** `answered`: all was sent; `faulted`: as its fault says; `left`: the client closed the connection first. */
  outcome: "running" | "answered" | "faulted" | "left";
}
