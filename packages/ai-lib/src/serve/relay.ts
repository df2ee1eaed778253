import { type Call, type CallOptions, callOf, contextOf } from "../core/contract/call.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { type AiLibError, cancelled, configError } from "../core/errors/error.js";
import { publicError } from "../core/errors/public-error.js";
import { openMember } from "../core/run/member.js";
import { CallRun } from "../core/run/run.js";
import type { Attempt } from "../core/values/attempt.js";
import type { EventOf, Kind, ResponseOf } from "../core/values/kinds.js";
import type { ServedCall, ServedCallOf } from "./options.js";
import type { ServedReply } from "./served-reply.js";

/** Options of {@link relay}: those of the call, and what its client may see. */
export interface RelayOptions extends CallOptions {
  /**
   * Tell the client what happened behind the server: the message of every error, with attempts, names of keys and
   * addresses. Default false: for errors that the client's own request did not cause, it gets the code alone.
   */
  readonly expose?: boolean | undefined;
  /** Called once, as the call ends and before its end is written. It must not throw. */
  readonly onEnd?: ((end: RelayEnd) => void) | undefined;
}

/** How a relayed call ended: with a response or an error. */
export interface RelayEnd {
  readonly response?: ResponseOf<Kind> | undefined;
  /** `CANCELLED` where the client disconnected. */
  readonly error?: AiLibError | undefined;
  /** The attempts of the call, members that were passed over included. */
  readonly attempts: readonly Attempt[];
}

/**
 * Answers a served call with a provider, a strategy or a client: events go out as the dialect's frames while they
 * come. The provider is paused while the client reads more slowly, and its connection is closed once the client
 * leaves.
 * @param options those of the call; `signal` ends it besides the client. `midStream: "restart"` is refused, since no
 *   dialect can take back what was sent.
 * @throws {AiLibError} `CONFIG_ERROR` for an option that cannot be honoured, `INVALID_REQUEST` for a request that no
 *   provider could answer.
 */
export function relay(
  call: ServedCall,
  provider: ChatProvider,
  { expose = false, onEnd, ...options }: RelayOptions = {},
): void {
  const { request, mode, laws } = call as ServedCallOf<Kind>;
  const all = provider.callOptions?.(options) ?? options;
  if (all.midStream === "restart")
    throw configError('A relay cannot take back what it sent; use midStream "splice" or "fail"');
  laws.validate(request);
  const asked = callOf(laws, request, mode, contextOf(all));
  new RelayRun(provider, call.reply as ServedReply, asked, { expose, onEnd }).begin();
}

/** A call whose caller is the client of a server. */
class RelayRun extends CallRun<Kind> {
  constructor(
    provider: ChatProvider,
    private readonly reply: ServedReply,
    call: Call,
    private readonly options: Pick<RelayOptions, "expose" | "onEnd">,
  ) {
    super({ name: provider.name, open: (inner, sink) => openMember(provider, inner, sink) }, call, true);
  }

  begin(): void {
    this.reply.attach({
      pause: () => this.pauseSource(),
      resume: () => this.resumeSource(),
      abort: () => {
        this.cancel(cancelled("The client disconnected"));
        return undefined;
      },
    });
    this.start();
  }

  event(event: EventOf<Kind>): void {
    this.reply.event(event);
  }

  protected settleWith(response: ResponseOf<Kind>): void {
    this.options.onEnd?.({ response, attempts: this.call.context.attempts });
    this.reply.finish(response);
  }

  protected settleError(error: AiLibError): void {
    this.options.onEnd?.({ error, attempts: error.attempts });
    const refused = !error.local && (error.code === "AUTH_FAILED" || error.code === "PERMISSION_DENIED");
    const known = this.options.expose === true ? error : publicError(error);
    this.reply.fail(refused ? upstreamRefusal(known) : known, {
      ...(refused && { status: 502 }),
      headers: retryHeaders(error, this.call.context.clock.now()),
    });
  }
}

/** A provider refused the server's own key: no fault of the client, whose key may be right. */
function upstreamRefusal(error: AiLibError): AiLibError {
  return error.with({
    code: "PROVIDER_ERROR",
    message: "The server's own access to the provider was refused",
    body: undefined,
  });
}

/** Tells SDKs when to come back, and not to repeat at once what was tried here already. */
function retryHeaders({ attempts, retryAt }: AiLibError, now: number): Readonly<Record<string, string>> {
  const tried = attempts.some(({ outcome }) => outcome === "error");
  return {
    ...(tried && { "x-should-retry": "false" }),
    ...(retryAt !== undefined && { "retry-after": String(Math.max(0, Math.ceil((retryAt - now) / 1_000))) }),
  };
}
