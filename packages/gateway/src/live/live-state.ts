import { type ChatProvider, systemClock } from "ai-lib";
import { targetOf } from "ai-lib/kit";
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

  /** Why a circuit breaker would let no call of a model pass now; undefined where it would, and for other providers. */
  skipped(
    provider: ChatProvider,
    model: string | undefined,
    now: number = systemClock.now(),
  ): string | undefined {
    const part = this.parts.find((one) => one.provider === provider);
    if (part?.word !== "circuitBreaker") return undefined;
    const asked = model ?? provider.members?.map((member) => targetOf(member)?.model)[0];
    const concerns = (one: { readonly model?: string }) => one.model === undefined || one.model === asked;
    const cooldown = this.cooldowns(part, now).find(concerns);
    if (cooldown !== undefined) return `cooling down after ${cooldown.code}`;
    const circuit = this.circuits(part, now).find((one) => one.state === "open" && concerns(one));
    return circuit === undefined ? undefined : `its circuit is open: ${circuit.why ?? "after errors"}`;
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
