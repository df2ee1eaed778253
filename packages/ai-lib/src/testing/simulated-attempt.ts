import type { HttpRequest } from "../core/contract/transport.js";
import type { ChatRequest } from "../core/values/chat-request.js";
import type { Usage } from "../core/values/usage.js";
import type { Fault } from "./fault.js";

/** One request as the simulator saw it. Times are epoch milliseconds. */
export interface SimulatedAttempt {
  /** The endpoint it was sent to; see {@link Simulator.baseUrl}. */
  readonly endpoint: string;
  readonly dialect: string;
  readonly http: HttpRequest;
  readonly request: ChatRequest;
  readonly mode: "unary" | "stream";
  readonly fault: Fault | undefined;
  /** What it reports to have used, where the answer gets that far. */
  readonly usage: Usage;
  readonly startedAt: number;
  endedAt?: number;
  /** Frames that were sent. */
  frames: number;
  /** `answered`: all was sent; `faulted`: as the fault has it; `left`: the client closed the connection first. */
  outcome: "running" | "answered" | "faulted" | "left";
}
