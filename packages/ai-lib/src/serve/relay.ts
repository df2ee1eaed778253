import { type CallOptions, callOf, contextOf } from "../core/contract/call.js";
import type { OriginalRequest } from "../core/contract/original.js";
import type { ChatProvider } from "../core/contract/provider.js";
import type { Framing } from "../core/contract/transport.js";
import { configError } from "../core/errors/error.js";
import { atLeast } from "../core/errors/options.js";
import { provideChatChecks } from "../core/kinds/chat/provide.js";
import type { Kind } from "../core/values/kinds.js";
import type { ServedCall, ServedCallOf } from "./options.js";
import { type RelayBehaviour, RelayRun } from "./relay-run.js";
import { RelayedReply } from "./relayed-reply.js";
import type { ServedReply } from "./served-reply.js";

provideChatChecks();

/** Options of {@link relay}: those of the call, of what the client sees, and of how it is answered. */
export interface RelayOptions extends CallOptions, RelayBehaviour {
  /**
   * Send the client's own bytes on to a provider of the same dialect, with another `model` at most, and the provider's
   * bytes back, while they are decoded beside the wire. Layers between must pass events on unchanged, as all built-in
   * ones do: changes that your own layer makes to a stream would not reach the client. Streams are passed on under
   * `midStream: "fail"` alone. Default false: every request and every answer is encoded again.
   */
  readonly bytes?: boolean | undefined;
  /**
   * Where bytes pass, ask the provider for the usage of a stream although the client does not. The client does not get
   * it, so frames with nothing else are left out. Default false: the usage of such a stream is estimated.
   */
  readonly needsUsage?: boolean | undefined;
}

/**
 * Answers a served call with a provider, a strategy or a client: events go out as the dialect's frames while they
 * come, from the first content on. The provider is paused while the client reads more slowly, and its connection is
 * closed once the client leaves.
 * @param options those of the call; `signal` ends it besides the client. `midStream: "restart"` is refused, since no
 *   dialect can take back what was sent.
 * @throws {AiLibError} `CONFIG_ERROR` for an option that a relay cannot support, `INVALID_REQUEST` for a request that
 *   no provider could answer.
 */
export function relay(call: ServedCall, provider: ChatProvider, options: RelayOptions = {}): void {
  const { request, mode, laws } = call as ServedCallOf<Kind>;
  // The URLs are those of a client, which may be anyone; only an option of the relay itself lets this machine fetch them.
  const given = callOptionsIn(options);
  if (given.context === undefined) given.fetchMedia ??= false;
  const all = provider.callOptions?.(given) ?? given;
  if (all.midStream === "restart")
    throw configError('A relay cannot take back what it sent; use midStream "splice" or "fail"');
  if (options.heartbeatMs !== undefined) atLeast("heartbeatMs", options.heartbeatMs, 1, true);
  laws.validate(request);
  const context = contextOf(all);
  const replies: RelayedReply[] = [];
  const original =
    options.bytes === true
      ? originalOf(call as ServedCallOf<Kind>, context.midStream, options.needsUsage === true, replies)
      : undefined;
  const asked = callOf(laws, request, mode, { ...context, original, joinsTexts: true });
  new RelayRun(provider, call.reply as ServedReply, asked, replies, options).begin();
}

/** The options that are no call options. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  "expose",
  "onEnd",
  "headersOf",
  "onDisconnect",
  "heartbeatMs",
  "heartbeatFrom",
  "bytes",
  "needsUsage",
] satisfies Exclude<keyof RelayOptions, keyof CallOptions>[]);

type Draft = { -readonly [K in keyof CallOptions]: CallOptions[K] };

/** The call options among those of a relay. */
function callOptionsIn(options: RelayOptions): Draft {
  const given: Record<string, unknown> = {};
  for (const name in options) {
    const value = options[name as keyof RelayOptions];
    if (value !== undefined && !OWN_NAMES.has(name)) given[name] = value;
  }
  return given;
}

/** The request as its client sent it; undefined where its bytes cannot be passed on. */
function originalOf(
  { kind, mode, half, http, decoded, includeUsage, reply }: ServedCallOf<Kind>,
  midStream: string,
  needsUsage: boolean,
  replies: RelayedReply[],
): OriginalRequest | undefined {
  if (decoded === undefined || http.bytes === undefined || http.body === undefined) return undefined;
  const framing = reply.encoding.stream?.framing;
  if (mode === "stream" && (midStream !== "fail" || framing !== half.framing)) return undefined;
  return {
    dialect: half.id,
    kind,
    mode,
    request: decoded,
    http,
    needsUsage: needsUsage && mode === "stream" && includeUsage === false,
    tap(addsUsage) {
      const tapped = new RelayedReply(
        mode === "stream" ? (framing as Framing) : undefined,
        addsUsage ? half.usageFrames : undefined,
      );
      replies.push(tapped);
      return tapped;
    },
  };
}
