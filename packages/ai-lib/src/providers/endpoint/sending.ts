import type { ClientHalf, DialectTarget } from "../../core/contract/dialect.js";
import type { Transport } from "../../core/contract/transport.js";
import type { Mutable } from "../../core/values/answer.js";
import type { ExchangeParts, ReplyTools } from "./exchange-parts.js";
import type { PieceRun } from "./pieces.js";

/** What is loaded before the first request. */
export interface Means {
  readonly half: ClientHalf;
  readonly transport: Transport;
  /** Loaded with the first call that has tools. */
  readonly replyTools: ReplyTools | undefined;
}

/** A call, or a piece of one, on its way to the endpoint. */
export interface Sending extends Omit<ExchangeParts, "request" | "url" | "models" | "target"> {
  readonly run: PieceRun;
  readonly model: string;
  readonly target: Mutable<DialectTarget>;
}
