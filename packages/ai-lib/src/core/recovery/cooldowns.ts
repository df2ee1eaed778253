import type { Budget, CallContext } from "../contract/call.js";
import type { CellLink, CooldownCell, CooldownView } from "../contract/state.js";
import type { AiLibError } from "../errors/error.js";
import { atLeast, refuseUnknown } from "../errors/options.js";
import { REACTIONS, reactionTo } from "../errors/reactions.js";
import type { ErrorCode, ErrorScope } from "../values/error-code.js";
import { asArray, asNumber, asObject, asString, type Json, type JsonObject } from "../values/json.js";
import type { Outcome } from "./interceptor.js";
import { ModelMap } from "./model-map.js";

/** How long a target is not asked after an error. Milliseconds. */
export interface CooldownTimes {
  /** After a `RATE_LIMIT` that names no time. Default 5,000. */
  readonly rateLimitMs?: number | undefined;
  /** After `AUTH_FAILED`, `PERMISSION_DENIED` and `MODEL_NOT_FOUND`. Default 60,000. */
  readonly cooldownMs?: number | undefined;
  /** After a `QUOTA_EXHAUSTED` that names no time. Default 600,000. */
  readonly quotaCooldownMs?: number | undefined;
  /** The longest cooldown, whatever time an error names, since limits often end earlier. Default 600,000. */
  readonly maxCooldownMs?: number | undefined;
  /** The longest cooldown after `QUOTA_EXHAUSTED`. Default 3,600,000: one hour. */
  readonly maxQuotaCooldownMs?: number | undefined;
}

const COOLDOWN_NAMES = [
  "rateLimitMs",
  "cooldownMs",
  "quotaCooldownMs",
  "maxCooldownMs",
  "maxQuotaCooldownMs",
] as const;

/**
 * Checks the option `cooldown` of a strategy or wrapper.
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown name or a negative time.
 */
export function cooldownTimes(what: string, times: CooldownTimes = {}): CooldownTimes {
  refuseUnknown(`cooldown of ${what}`, times, new Set(COOLDOWN_NAMES));
  for (const name of COOLDOWN_NAMES) atLeast(`cooldown.${name}`, times[name] ?? 0, 0);
  return times;
}

/**
 * The end of the cooldown that an error begins, in epoch milliseconds: the time that it names, up to the longest
 * cooldown, else the default of its row in the reaction table; undefined where its row begins none.
 */
export function cooldownUntil(error: AiLibError, now: number, times: CooldownTimes): number | undefined {
  switch (reactionTo(error).breaker) {
    case "cooldown": {
      const ms = error.code === "RATE_LIMIT" ? (times.rateLimitMs ?? 5_000) : (times.cooldownMs ?? 60_000);
      return Math.min(error.retryAt ?? now + ms, now + (times.maxCooldownMs ?? 600_000));
    }
    case "long-cooldown":
      return Math.min(
        error.retryAt ?? now + (times.quotaCooldownMs ?? 600_000),
        now + (times.maxQuotaCooldownMs ?? 3_600_000),
      );
    case "counts":
    case "none":
      return undefined;
    default: {
      const never: never = reactionTo(error).breaker as never;
      throw new TypeError(`Unknown reaction ${String(never)}`);
    }
  }
}

/** A time during which a target, or one model of it, is not asked. */
export interface Cooldown {
  /** Epoch milliseconds. */
  readonly until: number;
  readonly code: ErrorCode;
  readonly scope: ErrorScope;
  readonly message: string;
}

/** A cooldown, which stays after its end until a call has shown that the target answers again. */
interface Entry {
  readonly cooldown: Cooldown;
  /** The request, by its budget, whose call checks that now. */
  prober: Budget | undefined;
}

/** The one call that shows whether a target answers again after a cooldown. Return it with {@link Cooldowns.leave}. */
export interface Probe {
  /** The cooldowns that end with its success. */
  readonly entries: readonly Entry[];
}

/** Whether the outcome of a probe shows that its target answers again: an error about the request alone does, too. */
export function provesTarget(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case "success":
      return true;
    case "cancelled":
      return false;
    case "error":
      return !outcome.error.local && reactionTo(outcome.error).breaker === "none";
    default: {
      const never: never = outcome;
      throw new TypeError(`Unknown outcome ${String(never)}`);
    }
  }
}

/** Models with a cooldown of their own that one target keeps. */
const MAX_MODELS = 1_000;

/** The most characters of a stored message. */
const MESSAGE_LIMIT = 1_000;

/**
 * Cooldowns of one target: one for all its models, and one for each model that has its own. After the end of a cooldown
 * one call at a time is let in, until one has succeeded.
 */
export class Cooldowns implements CooldownCell {
  private all: Entry | undefined;
  private readonly models = new ModelMap<Entry>(MAX_MODELS, ({ cooldown }) => cooldown.until <= this.seen);
  /** Calls that wait for the end of a probe. */
  private readonly waiting = new Set<() => void>();
  /** The latest time that was asked about. */
  private seen = 0;

  constructor(private readonly link: CellLink) {}

  /** The current cooldown of a model; of two, the one that ends later. */
  at(now: number, model: string | undefined): Cooldown | undefined {
    const all = this.all?.cooldown;
    const own = this.entryOf(model)?.cooldown;
    const later = all !== undefined && all.until >= (own?.until ?? 0) ? all : own;
    return later !== undefined && later.until > now ? later : undefined;
  }

  /**
   * The cooldown that has ended and whose one call is under way; undefined where that is the same request, of which
   * several layers may share these cooldowns.
   */
  probing(model: string | undefined, { budget }: Pick<CallContext, "budget">): Cooldown | undefined {
    for (const entry of [this.all, this.entryOf(model)])
      if (entry?.prober !== undefined && entry.prober !== budget) return entry.cooldown;
    return undefined;
  }

  /**
   * Lets a call in while no cooldown runs: as the probe after one, or freely (undefined). Ask {@link probing} before.
   */
  enter(model: string | undefined, { budget }: Pick<CallContext, "budget">): Probe | undefined {
    const { all } = this;
    const own = this.entryOf(model);
    if (all === undefined && own === undefined) return undefined;
    const known = [all, own].filter((entry) => entry !== undefined);
    const entries = known.filter(({ prober }) => prober === undefined);
    if (entries.length === 0) return undefined;
    for (const entry of entries) entry.prober = budget;
    return { entries };
  }

  /** Returns a probe. @param answers the target answers again: all calls are let in */
  leave({ entries }: Probe, answers: boolean, model: string | undefined): void {
    for (const entry of entries) {
      entry.prober = undefined;
      if (!answers) continue;
      // A cooldown that began in the meantime is another entry.
      if (this.all === entry) this.all = undefined;
      else if (model !== undefined && this.models.get(model) === entry) this.models.delete(model);
    }
    this.wake();
  }

  /** Calls a function once, at the end of a probe. @returns a function that cancels this */
  onProbeEnd(callback: () => void): () => void {
    this.waiting.add(callback);
    return () => this.waiting.delete(callback);
  }

  private wake(): void {
    if (this.waiting.size === 0) return;
    const callbacks = [...this.waiting];
    this.waiting.clear();
    for (const callback of callbacks) callback();
  }

  private entryOf(model: string | undefined): Entry | undefined {
    return this.models.size === 0 || model === undefined ? undefined : this.models.get(model);
  }

  /**
   * Starts the cooldown after an error: of one model if the error is about a model, else of all.
   * @param until see {@link cooldownUntil}
   * @returns false where one that ends no earlier is running
   */
  begin(error: AiLibError, until: number, now: number, model: string | undefined): boolean {
    const own = error.scope === "model" ? model : undefined;
    const { code, scope } = error;
    const cooldown = { until, code, scope, message: error.message.slice(0, MESSAGE_LIMIT) };
    if (!this.extend(cooldown, now, own)) return false;
    this.link.publish({ begin: toJson(cooldown, own) });
    return true;
  }

  release(model?: string): void {
    this.end(model);
    this.link.publish({ release: true, model });
  }

  list(now: number): readonly CooldownView[] {
    return this.running(now).map(([model, { until, code, message }]) => ({
      ...(model === undefined ? {} : { model }),
      until,
      code,
      message,
    }));
  }

  snapshot(now: number): Json | undefined {
    const running = this.running(now);
    return running.length === 0 ? undefined : running.map(([model, cooldown]) => toJson(cooldown, model));
  }

  restore(snapshot: Json, now: number): void {
    this.all = undefined;
    this.models.clear();
    for (const one of asArray(snapshot).slice(0, MAX_MODELS + 1)) this.adopt(one, now);
  }

  merge(change: Json, now: number): void {
    const { begin, release, model } = asObject(change) ?? {};
    if (begin !== undefined) this.adopt(begin, now);
    else if (release === true) this.end(asString(model));
  }

  private adopt(value: unknown, now: number): void {
    const read = fromJson(value);
    if (read !== undefined) this.extend(read.cooldown, now, read.model);
  }

  /** @returns false where a cooldown that ends no earlier is running */
  private extend(cooldown: Cooldown, now: number, model: string | undefined): boolean {
    this.seen = now;
    const before = (model === undefined ? this.all : this.models.get(model))?.cooldown;
    if (before !== undefined && before.until >= cooldown.until) return false;
    const entry: Entry = { cooldown, prober: undefined };
    if (model === undefined) this.all = entry;
    else this.models.set(model, entry);
    return true;
  }

  private end(model: string | undefined): void {
    if (model !== undefined) this.models.delete(model);
    else {
      this.all = undefined;
      this.models.clear();
    }
    this.wake();
  }

  private running(now: number): readonly (readonly [string | undefined, Cooldown])[] {
    const all = this.all === undefined ? [] : [[undefined, this.all] as const];
    return [...all, ...this.models.entries()]
      .map(([model, { cooldown }]) => [model, cooldown] as const)
      .filter(([, { until }]) => until > now);
  }
}

function toJson({ until, code, scope, message }: Cooldown, model: string | undefined): JsonObject {
  return { until, code, scope, message, model };
}

function fromJson(value: unknown): { cooldown: Cooldown; model: string | undefined } | undefined {
  const object = asObject(value);
  const until = asNumber(object?.["until"]);
  const code = asString(object?.["code"]);
  if (until === undefined || code === undefined || !Object.hasOwn(REACTIONS, code)) return undefined;
  const known = code as ErrorCode;
  const scope = asString(object?.["scope"]);
  return {
    cooldown: {
      until,
      code: known,
      scope: isScope(scope) ? scope : REACTIONS[known].scope,
      message: (asString(object?.["message"]) ?? "").slice(0, MESSAGE_LIMIT),
    },
    model: asString(object?.["model"]),
  };
}

const SCOPES: ReadonlySet<string> = new Set([
  "request",
  "key",
  "account",
  "model",
  "region",
  "provider",
] satisfies ErrorScope[]);

function isScope(scope: string | undefined): scope is ErrorScope {
  return scope !== undefined && SCOPES.has(scope);
}
