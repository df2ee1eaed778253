import type { Call } from "../core/contract/call.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { HeaderFields } from "../core/contract/transport.js";
import { type AiLibError, cancelled } from "../core/errors/error.js";
import { publicError } from "../core/errors/public-error.js";
import type { KindLaws } from "../core/kinds/laws.js";
import { Preamble } from "../core/recovery/preamble.js";
import { openMember } from "../core/run/member.js";
import { CallRun } from "../core/run/run.js";
import type { Warning } from "../core/values/answer.js";
import type { Attempt } from "../core/values/attempt.js";
import type { EventOf, Kind, ResponseOf } from "../core/values/kinds.js";
import type { RelayedReply } from "./relayed-reply.js";
import type { ServedReply } from "./served-reply.js";

/** How a relayed call ended: with a response or an error. */
export interface RelayEnd {
  readonly response?: ResponseOf<Kind> | undefined;
  /** `CANCELLED` where the client disconnected. */
  readonly error?: AiLibError | undefined;
  /** The attempts of the call, including skipped members. */
  readonly attempts: readonly Attempt[];
}

/** The facts of an answer when its head is sent. */
export interface AnswerHead {
  readonly attempts: readonly Attempt[];
  /** Warnings so far, such as fields that the provider's dialect cannot carry. */
  readonly warnings: readonly Warning[];
  /** The bytes of the client and of the provider are passed on as they are. */
  readonly bytes: boolean;
}

/** What a relay does besides calling. */
export interface RelayBehaviour {
  /**
   * Sends the client all details of errors: every message, with attempts, names of keys and addresses. Default false:
   * for errors that the client's own request did not cause, it gets the code alone.
   */
  readonly expose?: boolean | undefined;
  /** Called once, as the call ends and before its end is written. It must not throw. */
  readonly onEnd?: ((end: RelayEnd) => void) | undefined;
  /** Headers of the answer, asked for before its head is sent. Default: none. */
  readonly headersOf?: ((head: AnswerHead) => HeaderFields) | undefined;
  /**
   * What happens once the client disconnects: `abort` closes the provider's connection, so that nothing more is billed;
   * `drain` reads the answer to its end, such as for a cache. Default `abort`.
   */
  readonly onDisconnect?: "abort" | "drain" | undefined;
  /**
   * Milliseconds without a byte after which, at the latest, a stream of server-sent events gets a comment, so that no
   * proxy closes the connection. Default: none.
   */
  readonly heartbeatMs?: number | undefined;
  /**
   * When heartbeats begin: with the first content, or with the call. Those before the content send the head, so that a
   * later error can only be inside the stream. Default `content`.
   */
  readonly heartbeatFrom?: "content" | "call" | undefined;
}

/** A comment of server-sent events, which every client skips. */
const HEARTBEAT = ": keep-alive\n\n";

/** A call whose caller is the client of a server. */
export class RelayRun extends CallRun<Kind> {
  private readonly preamble: Preamble;
  private readonly laws: KindLaws;
  /** The reply whose bytes are passed on, once it is known. */
  private source: RelayedReply | undefined;
  /** It is decided whether bytes or events are passed on. */
  private decided = false;
  /** Content has reached the client. */
  private committed = false;
  private cancelHeartbeat: (() => void) | undefined;

  constructor(
    provider: ChatProvider,
    private readonly reply: ServedReply,
    call: Call,
    /** The replies of attempts that sent the client's bytes. */
    private readonly replies: readonly RelayedReply[],
    private readonly behaviour: RelayBehaviour,
  ) {
    super({ name: provider.name, open: (inner, sink) => openMember(provider, inner, sink) }, call, true);
    this.preamble = new Preamble(call);
    this.laws = call.laws as KindLaws;
  }

  begin(): void {
    const drains = this.behaviour.onDisconnect === "drain";
    this.reply.attach({
      pause: () => this.pauseSource(),
      resume: () => this.resumeSource(),
      abort: () => {
        if (drains) this.resumeSource();
        else this.cancel(cancelled("The client disconnected"));
        return undefined;
      },
    });
    if (this.behaviour.heartbeatFrom === "call") this.beat();
    this.start();
  }

  event(event: EventOf<Kind>): void {
    if (!this.decided) this.decide(event);
    if (this.committed) {
      if (this.source === undefined) this.reply.event(event);
      return;
    }
    if (!this.laws.isContent(event) && this.preamble.hold(event)) return;
    this.commit();
    if (this.source === undefined) this.reply.event(event);
  }

  protected settleWith(response: ResponseOf<Kind>): void {
    this.end({ response, attempts: this.call.context.attempts });
    const whole = this.replies.find((one) => one.response === response && one.readable);
    if (this.call.mode === "unary" || !this.decided) {
      // A whole answer comes without events, also to a client that wants a stream.
      this.source = this.call.mode === "unary" ? whole : undefined;
      this.addHeaders((response as { readonly warnings?: readonly Warning[] }).warnings ?? []);
    } else if (!this.committed) this.commit();
    if (this.source === undefined) this.reply.finish(response);
    else this.reply.finishRelayed(this.source, response);
  }

  protected settleError(error: AiLibError): void {
    this.end({ error, attempts: error.attempts });
    const refused = !error.local && (error.code === "AUTH_FAILED" || error.code === "PERMISSION_DENIED");
    const known = this.behaviour.expose === true ? error : publicError(error);
    if (!this.committed) this.addHeaders([]);
    this.reply.fail(refused ? upstreamRefusal(known) : known, {
      ...(refused && { status: 502 }),
      headers: retryHeaders(error, this.call.context.clock.now()),
    });
  }

  /** The first event identifies the attempt that answers, and so whether its bytes can be passed on. */
  private decide(event: EventOf<Kind>): void {
    this.decided = true;
    this.source = this.replies.find(({ opening }) => opening !== undefined && opening === event);
  }

  /** At the first content: sends the head, and what was held back. */
  private commit(): void {
    this.committed = true;
    this.answerBegan();
    const held = this.preamble.take();
    // A reply in another framing than the dialect's own needs frames of ours.
    if (this.source?.readable === false) this.source = undefined;
    this.addHeaders(held.flatMap(warningIn));
    if (this.source !== undefined) this.reply.relay(this.source);
    else for (const one of held) this.reply.event(one);
    if (this.behaviour.heartbeatFrom !== "call") this.beat();
  }

  private addHeaders(warnings: readonly Warning[]): void {
    const { headersOf } = this.behaviour;
    if (headersOf === undefined || this.reply.output.begun) return;
    const { attempts } = this.call.context;
    this.reply.addHeaders(headersOf({ attempts, warnings, bytes: this.source !== undefined }));
  }

  private end(end: RelayEnd): void {
    this.cancelHeartbeat?.();
    this.behaviour.onEnd?.(end);
  }

  /** Sends a comment after each silence. Looking twice in that time is cheaper than a timer for each write. */
  private beat(): void {
    const { heartbeatMs = Number.POSITIVE_INFINITY } = this.behaviour;
    const { clock } = this.call.context;
    if (heartbeatMs === Number.POSITIVE_INFINITY || this.reply.encoding.stream?.framing !== "sse") return;
    const wait = (): void => {
      this.cancelHeartbeat = clock.after(heartbeatMs / 2, () => {
        this.reply.commentIfSilent(HEARTBEAT);
        wait();
      });
    };
    wait();
  }
}

function warningIn(event: object): readonly Warning[] {
  const { warning } = event as { readonly warning?: Warning };
  return warning === undefined ? [] : [warning];
}

/** A provider refused the server's own key, which is not a fault of the client. */
function upstreamRefusal(error: AiLibError): AiLibError {
  return error.with({
    code: "PROVIDER_ERROR",
    message: "The server's own access to the provider was refused",
    body: undefined,
  });
}

/**
 * Headers that say when SDKs may repeat the request, and that they must not repeat attempts of this relay immediately.
 */
function retryHeaders({ attempts, retryAt }: AiLibError, now: number): HeaderFields {
  const tried = attempts.some(({ outcome }) => outcome === "error");
  return {
    ...(tried && { "x-should-retry": "false" }),
    ...(retryAt !== undefined && { "retry-after": String(Math.max(0, Math.ceil((retryAt - now) / 1_000))) }),
  };
}
