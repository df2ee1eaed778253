import type { Call, CallOptions } from "../core/contract/call.js";
import { CHAT_ONLY } from "../core/contract/provider.js";
import type { Flow, Sink } from "../core/contract/sink.js";
import { AiLibError, type AiLibErrorInit, configError } from "../core/errors/error.js";
import { refuseUnknown } from "../core/errors/options.js";
import { provideChatStreams } from "../core/kinds/chat/provide-streams.js";
import type { AttemptRun } from "../core/run/attempt.js";
import { OpenProvider } from "../core/run/compose.js";
import { leafPrices } from "../core/run/leaf-prices.js";
import { openAttempt } from "../core/run/open-attempt.js";
import { type ChatEvent, isContent } from "../core/values/chat-event.js";
import type { FinishReason } from "../core/values/chat-response.js";
import type { Kind, ReplyOf, RequestOf } from "../core/values/kinds.js";
import type { ModelFacts } from "../core/values/model.js";
import type { Target } from "../core/values/target.js";
import type { Usage } from "../core/values/usage.js";
import { sampleReply } from "./sample-reply.js";

// Its answers are events, of whole calls too.
provideChatStreams();

/** What a scripted provider does with one call. Times are milliseconds of the call's clock. */
export interface ScriptedReply {
  /** Before anything comes. Default 0: in the same turn. */
  readonly delayMs?: number | undefined;
  /** The answer's text, piece by piece. Default: one piece that names the provider. */
  readonly text?: string | readonly string[] | undefined;
  /** After each piece but the last. Default 0. */
  readonly everyMs?: number | undefined;
  /** Events in place of `text`. */
  readonly events?: readonly ChatEvent[] | undefined;
  /** Fails with this after the other content; with neither `text` nor `events`, immediately. */
  readonly error?: AiLibErrorInit | undefined;
  /** Stays silent after the other content, until it is aborted. Default false. */
  readonly silent?: boolean | undefined;
  /** The connection ends after the other content, without a terminator. Default false. */
  readonly cut?: boolean | undefined;
  readonly usage?: Usage | undefined;
  /** What a call of another kind than chat is answered with. Default: a small sample of its kind. */
  readonly reply?: ReplyOf | undefined;
  /** Default `"stop"`. */
  readonly finishReason?: FinishReason | undefined;
}

/** A scripted provider's part. */
export interface Script {
  readonly name: string;
  /** Default `{ provider: name }`. */
  readonly target?: Target | undefined;
  /**
   * One reply a call, in order; the last one repeats. Or a function of the number of earlier calls. Default: every call
   * is answered with the provider's name.
   */
  readonly replies?: readonly ScriptedReply[] | ((before: number, call: Call) => ScriptedReply) | undefined;
  /** The kinds of call that it answers. Default: `chat`. */
  readonly kinds?: readonly string[] | undefined;
  readonly facts?: ModelFacts | ((model: string | undefined) => ModelFacts | undefined) | undefined;
  /** What `checkHealth` does. Default: it resolves. */
  readonly health?: ((options?: CallOptions) => Promise<void>) | undefined;
}

const SCRIPT_NAMES: ReadonlySet<string> = new Set(["name", "target", "replies", "kinds", "facts", "health"]);

const REPLY_NAMES: ReadonlySet<string> = new Set([
  "delayMs",
  "text",
  "everyMs",
  "events",
  "error",
  "silent",
  "cut",
  "usage",
  "reply",
  "finishReason",
] satisfies (keyof ScriptedReply)[]);

/** Checks a reply before a call plays it. */
function checked(reply: ScriptedReply): ScriptedReply {
  refuseUnknown("member of a scripted reply", reply, REPLY_NAMES);
  if (reply.error === undefined) return reply;
  try {
    new AiLibError(reply.error);
  } catch (cause) {
    throw configError(
      `The error of a scripted reply: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  return reply;
}

/** A leaf that plays a script: for tests of whatever is built around providers. */
export class ScriptedProvider<K extends Kind = "chat"> extends OpenProvider {
  readonly name: string;
  readonly target: Target;
  /** The requests that reached it, in order. */
  readonly requests: RequestOf<K>[] = [];
  /** Calls that are running now. */
  running = 0;
  /** The most calls that ever ran at the same time. */
  peak = 0;
  /** Calls that were aborted before their end. */
  aborted = 0;
  /** Whether the latest call is paused. */
  paused = false;
  /** The time of each call, in epoch milliseconds of its clock. */
  readonly times: number[] = [];

  /** @throws {AiLibError} `CONFIG_ERROR` for an unknown member or error code. */
  constructor(private readonly script: Script) {
    super();
    refuseUnknown("member of a script", script, SCRIPT_NAMES);
    if (Array.isArray(script.replies)) script.replies.forEach(checked);
    this.name = script.name;
    this.target = script.target ?? { provider: script.name };
  }

  /** Calls that reached it. */
  get calls(): number {
    return this.requests.length;
  }

  override kinds(): ReadonlySet<string> {
    return this.script.kinds === undefined ? CHAT_ONLY : new Set(this.script.kinds);
  }

  private readonly prices = leafPrices((model) => this.facts(model)?.price);

  open(call: Call, sink: Sink): Flow {
    const leaf = {
      target: this.target,
      provider: this,
      ...this.prices,
    };
    return openAttempt(leaf, call, sink, (run) => {
      const reply = this.reply(call);
      this.requests.push(call.request as RequestOf<K>);
      this.times.push(call.context.clock.now());
      this.running++;
      this.peak = Math.max(this.peak, this.running);
      return new ScriptedFlow(this as ScriptedProvider<Kind>, reply, call, run);
    });
  }

  facts(model?: string): ModelFacts | undefined {
    const { facts } = this.script;
    return typeof facts === "function" ? facts(model) : facts;
  }

  async checkHealth(options?: CallOptions): Promise<void> {
    await this.script.health?.(options);
  }

  private reply(call: Call): ScriptedReply {
    const { replies = [{}] } = this.script;
    const before = this.requests.length;
    if (typeof replies === "function") return checked(replies(before, call));
    return replies[Math.min(before, replies.length - 1)] ?? {};
  }
}

/** One call being played. */
class ScriptedFlow implements Flow {
  private readonly events: readonly ChatEvent[];
  private at = 0;
  private over = false;
  private paused = false;
  /** It is paused and continues at `resume`. */
  private held = false;
  private cancelWait: (() => void) | undefined;

  constructor(
    private readonly provider: ScriptedProvider<Kind>,
    private readonly reply: ScriptedReply,
    private readonly call: Call,
    private readonly run: AttemptRun<Kind>,
  ) {
    this.events = call.kind === "chat" ? scriptedEvents(reply, provider.name) : [];
    this.later(reply.delayMs ?? 0);
  }

  pause(): void {
    this.paused = true;
    this.provider.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.provider.paused = false;
    if (!this.held) return;
    this.held = false;
    this.later(0);
  }

  abort(): undefined {
    if (this.over) return;
    this.leave();
    this.provider.aborted++;
  }

  private leave(): void {
    this.over = true;
    this.cancelWait?.();
    this.provider.running--;
  }

  private later(ms: number): void {
    if (ms > 0) this.cancelWait = this.call.context.clock.after(ms, () => this.play());
    else queueMicrotask(() => this.play());
  }

  private play(): void {
    const { reply } = this;
    while (!this.over && this.at < this.events.length) {
      if (this.paused) {
        this.held = true;
        return;
      }
      this.run.touch();
      const event = this.events[this.at++] as ChatEvent;
      this.run.event(event);
      if (this.over) return;
      if (this.at < this.events.length && isContent(event) && (reply.everyMs ?? 0) > 0) {
        this.later(reply.everyMs ?? 0);
        return;
      }
    }
    if (!this.over && reply.silent !== true) this.end();
  }

  private end(): void {
    const { reply, run } = this;
    this.leave();
    if (reply.error !== undefined) run.fail(new AiLibError(reply.error));
    else if (reply.cut === true)
      run.fail(
        new AiLibError({
          code: "STREAM_TRUNCATED",
          message: `The stream of "${this.provider.name}" ended without its terminator`,
        }),
      );
    else if (this.call.kind !== "chat") run.reply(reply.reply ?? sampleReply(this.call));
    else
      (run as unknown as AttemptRun).finish({
        finishReason: reply.finishReason ?? "stop",
        ...(reply.usage === undefined ? {} : { usage: reply.usage }),
      });
  }
}

function scriptedEvents(reply: ScriptedReply, name: string): readonly ChatEvent[] {
  if (reply.events !== undefined) return reply.events;
  const ends = reply.error !== undefined || reply.silent === true || reply.cut === true;
  const text = reply.text ?? (ends ? [] : `I am ${name}.`);
  const pieces = typeof text === "string" ? [text] : text;
  if (pieces.length === 0) return [];
  const events: ChatEvent[] = [{ type: "part-start", index: 0, part: { type: "text" } }];
  for (const piece of pieces) events.push({ type: "text-delta", index: 0, text: piece });
  return events;
}

/** A leaf that plays a script; a bare string is its name. */
export function scripted<K extends Kind = "chat">(script: string | Script): ScriptedProvider<K> {
  return new ScriptedProvider<K>(typeof script === "string" ? { name: script } : script);
}
