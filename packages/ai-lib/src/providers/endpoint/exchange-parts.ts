import type { Call } from "../../core/contract/call.js";
import type { KindCodec } from "../../core/contract/dialect.js";
import type { Flow, PartSink } from "../../core/contract/sink.js";
import type { Transport, TransportRequest } from "../../core/contract/transport.js";
import type { AiLibError } from "../../core/errors/error.js";
import type { AttemptRun } from "../../core/run/attempt.js";
import type { Kind } from "../../core/values/kinds.js";
import type { ReplyContext } from "./errors.js";

/** The part of an attempt that its exchange reports to; see {@link AttemptRun}. */
export type ExchangeRun = Pick<
  AttemptRun<Kind>,
  "over" | "size" | "rateLimits" | "raw" | "secrets" | "touch" | "replied" | "reply" | "fail"
> & {
  /** Takes the bytes of the reply. Absent for a piece, whose reply is no reply to the whole request. */
  tap?: AttemptRun<Kind>["tap"];
  /** @see AttemptRun.joinsTexts */
  joinsTexts?: boolean;
  /** Takes the events of a stream's decoder. Absent for a piece, whose reply comes whole. */
  event?: PartSink<Kind>["event"];
  finish?: PartSink<Kind>["finish"];
};

/** The code that names the calls of a reply as the request does. */
export type ReplyTools = typeof import("./reply-tools.js");

/** What one exchange needs. */
export interface ExchangeParts extends ReplyContext {
  readonly run: ExchangeRun;
  /** How the call's kind is read; absent for a chat, which the dialect reads. */
  readonly codec: KindCodec<Kind> | undefined;
  readonly call: Call;
  readonly transport: Transport;
  readonly request: TransportRequest;
  /** Sends the request again where its token was refused; absent for a credential that stays the same. */
  readonly resend?: ((error: AiLibError) => Flow | undefined) | undefined;
  /** What names the calls of a reply; there for a call with tools, see {@link hasTools}. */
  readonly replyTools: ReplyTools | undefined;
  /** The caller's names of tools by the names that were sent, where they differ. */
  readonly names?: ReadonlyMap<string, string> | undefined;
}
