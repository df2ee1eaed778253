import { type ChatProvider, systemClock } from "ai-lib";
import { targetOf } from "ai-lib/kit";
import type { ConcurrencyProvider, RateLimitProvider } from "ai-lib/resilience";
import { type CircuitView, type CooldownView, type MemoryState, memory } from "ai-lib/state";
import type { PurgeableCache } from "./purgeable-cache.js";

/** The words of the file whose members have state. */
export const STATEFUL = [
  "circuitBreaker",
  "rateLimit",
  "concurrencyLimit",
  "keys",
  "leastBusy",
  "leastLatency",
  "cache",
] as const;

/** One of {@link STATEFUL}. */
export type StatefulWord = (typeof STATEFUL)[number];

/** One strategy or wrapper of a route that has state. */
export interface LivePart {
  /** Names it for operators, such as `chat: circuitBreaker(openai)`. It is equal after a reload that does not concern it. */
  readonly id: string;
  readonly route: string;
  readonly word: StatefulWord;
  readonly provider: ChatProvider;
  readonly options: Readonly<Record<string, unknown>>;
  readonly cache?: PurgeableCache | undefined;
}

/** A cooldown with the target that it is about. */
export interface TargetCooldown extends CooldownView {
  readonly target: string;
}

/** Why a call would not pass a member now. */
export interface Obstacle {
  /** For people. */
  readonly why: string;
  /** Whether the call is refused; else it waits. */
  readonly refuses: boolean;
  /** The cooldown that it is. */
  readonly cooldown?: CooldownView | undefined;
}

/** The state of the routes of one configuration, for operators. */
export class LiveState {
  readonly parts: LivePart[] = [];
  private readonly ids = new Set<string>();
  private readonly store: MemoryState = memory();

  /** A new id for a strategy or wrapper, which no other has. */
  idFor(route: string, word: StatefulWord, members: readonly ChatProvider[]): string {
    const base = `${route}: ${word}(${members.map(labelOf).join(", ").slice(0, 500)})`;
    let id = base;
    for (let count = 2; this.ids.has(id); count++) id = `${base} #${count}`;
    this.ids.add(id);
    return id;
  }

  /** The options by which the library keeps the state of a part here. */
  optionsFor(id: string): { readonly state: MemoryState; readonly stateKey: string } {
    return { state: this.store, stateKey: id };
  }

  /** Circuits of a part that are not closed. */
  circuits({ id }: LivePart, now: number): readonly CircuitView[] {
    return this.store.get("circuits", id)?.list(now) ?? [];
  }

  /** Cooldowns of a part that have not ended. */
  cooldowns(part: LivePart, now: number): readonly TargetCooldown[] {
    return this.cooldownKeys(part).flatMap(({ key, target }) =>
      (this.store.get("cooldowns", key)?.list(now) ?? []).map((view) => ({ ...view, target })),
    );
  }

  /** What a call of a model would find at a strategy or wrapper now; undefined where it would pass. */
  obstacle(
    provider: ChatProvider,
    model: string | undefined,
    now: number = systemClock.now(),
  ): Obstacle | undefined {
    const part = this.partOf(provider);
    switch (part?.word) {
      case "circuitBreaker":
        return this.behindBreaker(part, model ?? modelOf(provider), now);
      case "rateLimit":
        return inRateLimit(part, now);
      case "concurrencyLimit":
        return inPlaces(part);
      default:
        return undefined;
    }
  }

  /** Why a strategy would skip one of its members for a call of a model now: `keys`, whose keys cool down. */
  memberObstacle(
    provider: ChatProvider,
    index: number,
    model: string | undefined,
    now: number = systemClock.now(),
  ): Obstacle | undefined {
    const part = this.partOf(provider);
    const member = provider.members?.[index];
    if (part?.word !== "keys" || member === undefined) return undefined;
    const asked = model ?? modelOf(member);
    // The cells of a part are in the order of its members.
    const cell = this.cooldownKeys(part)[index];
    const cooldown = this.store
      .get("cooldowns", cell?.key ?? "")
      ?.list(now)
      .find((one) => concerns(one, asked));
    return cooldown === undefined ? undefined : coolingDown(cooldown);
  }

  /** Lets no call to a part pass until it is released. @param model default: all models */
  isolate({ id }: LivePart, model: string | undefined): void {
    this.store.get("circuits", id)?.open(model);
  }

  /** Ends cooldowns of a part, and closes its circuits, early. @param model default: of all models */
  release(part: LivePart, model: string | undefined): void {
    for (const { key } of this.cooldownKeys(part)) this.store.get("cooldowns", key)?.release(model);
    this.store.get("circuits", part.id)?.close(model);
  }

  /** Takes over the state that an earlier configuration has for the parts that are in both. */
  takeOver(earlier: LiveState): void {
    const snapshot = earlier.store.snapshot();
    const own = (key: string) => this.ids.has(key) || [...this.ids].some((id) => key.startsWith(`${id}/`));
    this.store.restore({ ...snapshot, cells: snapshot.cells.filter(({ key }) => own(key)) });
  }

  private partOf(provider: ChatProvider): LivePart | undefined {
    return this.parts.find((one) => one.provider === provider);
  }

  private behindBreaker(part: LivePart, model: string | undefined, now: number): Obstacle | undefined {
    const cooldown = this.cooldowns(part, now).find((one) => concerns(one, model));
    if (cooldown !== undefined) return coolingDown(cooldown);
    const circuit = this.circuits(part, now).find((one) => one.state === "open" && concerns(one, model));
    if (circuit === undefined) return undefined;
    return { why: `its circuit is open: ${circuit.why ?? "after errors"}`, refuses: true };
  }

  /** The cells of a part's cooldowns: `keys` has one for each member. */
  private cooldownKeys({ id, word, provider }: LivePart): readonly { key: string; target: string }[] {
    if (word === "circuitBreaker")
      return [{ key: id, target: provider.members?.map(labelOf).join(", ") ?? id }];
    if (word !== "keys") return [];
    return this.store
      .names()
      .filter(({ kind, key }) => kind === "cooldowns" && key.startsWith(`${id}/`))
      .map(({ key }) => ({ key, target: key.slice(id.length + 1) }));
  }
}

function labelOf(provider: ChatProvider): string {
  const model = targetOf(provider)?.model;
  return model === undefined ? provider.name : `${provider.name}/${model}`;
}

function modelOf(provider: ChatProvider): string | undefined {
  return targetOf(provider)?.model ?? provider.members?.map((member) => targetOf(member)?.model)[0];
}

function concerns(one: { readonly model?: string | undefined }, model: string | undefined): boolean {
  return one.model === undefined || one.model === model;
}

function coolingDown(cooldown: CooldownView): Obstacle {
  return { why: `cooling down after ${cooldown.code}`, refuses: true, cooldown };
}

function inRateLimit({ provider, options }: LivePart, now: number): Obstacle | undefined {
  const limiter = provider as RateLimitProvider;
  const ms = Math.ceil(limiter.roomAt(now) - now);
  if (ms <= 0) return undefined;
  return {
    why: `its rate limit has no room for another ${ms} ms`,
    refuses: isRefused(options, limiter.waiting, ms),
  };
}

function inPlaces({ provider, options }: LivePart): Obstacle | undefined {
  const { running, waiting } = provider as ConcurrencyProvider;
  const { limit } = options;
  if (typeof limit !== "number" || running < limit) return undefined;
  const why = `all of its places (${limit}) are taken, and ${waiting} calls wait`;
  return { why, refuses: isRefused(options, waiting, 1) };
}

/** Whether a call may not wait so many milliseconds for room, or as one more. */
function isRefused({ maxQueue, maxWaitMs }: LivePart["options"], waiting: number, ms: number): boolean {
  // The library's own default.
  const places = typeof maxQueue === "number" ? maxQueue : 100;
  return waiting >= places || (typeof maxWaitMs === "number" && ms >= maxWaitMs);
}
