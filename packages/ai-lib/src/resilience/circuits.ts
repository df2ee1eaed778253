import { synchronous } from "../core/contract/guard.js";
import type { CellLink, CircuitCell, CircuitView } from "../core/contract/state.js";
import { configError, messageOf } from "../core/errors/error.js";
import { ModelMap } from "../core/recovery/model-map.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type Json,
  type JsonObject,
} from "../core/values/json.js";
import type { BreakerRule, BreakerRuleFactory } from "./breaker-rules.js";
import { Circuit, type CircuitKind, type CircuitSettings, OPENED_BY_HAND, type Refusal } from "./circuit.js";

/**
 * The most models with a circuit in one breaker; beyond it the least recently used one is dropped, a closed one first.
 */
export const MAX_CIRCUITS = 1_000;

/** The circuits of one target, one for each model. */
export class Circuits implements CircuitCell {
  private readonly circuits = new ModelMap<Circuit>(MAX_CIRCUITS, (circuit) => circuit.isIdle);
  /** An operator isolated the whole target. */
  private isolated = false;

  constructor(
    private readonly rules: readonly BreakerRuleFactory[],
    private readonly settings: CircuitSettings,
    private readonly link: CellLink,
  ) {}

  /** The circuit of a model, made at first use. */
  of(model: string | undefined): Circuit {
    return this.circuits.use(model, () => this.make(model));
  }

  /** Why no call of any model may pass; undefined while calls may. */
  get isolation(): Refusal | undefined {
    return this.isolated ? { why: OPENED_BY_HAND } : undefined;
  }

  /** Where a model's circuit is at a time. */
  kindAt(now: number, model: string | undefined): CircuitKind {
    if (this.isolated) return "open";
    return this.circuits.get(model)?.kindAt(now) ?? "closed";
  }

  list(now: number): readonly CircuitView[] {
    const all: readonly CircuitView[] = this.isolated ? [{ state: "open", why: OPENED_BY_HAND }] : [];
    return [
      ...all,
      ...[...this.circuits.entries()].flatMap(([model, circuit]) =>
        circuit.isIdle ? [] : [{ ...(model === undefined ? {} : { model }), ...circuit.view(now) }],
      ),
    ];
  }

  open(model?: string): void {
    this.isolate(model);
    this.link.publish({ isolate: true, model });
  }

  close(model?: string): void {
    this.reset(model);
    this.link.publish({ close: true, model });
  }

  snapshot(): Json | undefined {
    const circuits = [...this.circuits.entries()].flatMap(([model, circuit]) => {
      const state = circuit.snapshot();
      return state === undefined ? [] : [{ ...state, model }];
    });
    if (circuits.length === 0 && !this.isolated) return undefined;
    return { isolated: this.isolated, circuits };
  }

  restore(snapshot: Json): void {
    const { isolated, circuits } = asObject(snapshot) ?? {};
    this.isolated = isolated === true;
    this.circuits.clear();
    for (const one of asArray(circuits).slice(0, MAX_CIRCUITS)) {
      if (isObject(one)) this.of(asString(one["model"])).restore(one);
    }
  }

  merge(change: Json, now: number): void {
    const { isolate, close, turn, model: named } = asObject(change) ?? {};
    const model = asString(named);
    if (isolate === true) this.isolate(model);
    else if (close === true) this.reset(model);
    else if (isObject(turn)) this.adopt(turn, model, now);
  }

  private adopt(turn: JsonObject, model: string | undefined, now: number): void {
    const until = asNumber(turn["until"]);
    const circuit = this.of(model);
    if (until === undefined) circuit.closeAfterPeer();
    else circuit.openAfterPeer(now, until, asString(turn["why"]) ?? "");
  }

  private isolate(model: string | undefined): void {
    if (model === undefined) this.isolated = true;
    else this.of(model).isolate();
  }

  private reset(model: string | undefined): void {
    if (model !== undefined) {
      this.circuits.get(model)?.reset();
      return;
    }
    this.isolated = false;
    for (const [, circuit] of this.circuits.entries()) circuit.reset();
  }

  private make(model: string | undefined): Circuit {
    return new Circuit(this.rules.map(makeRule), this.settings, (until, why) =>
      this.link.publish({ turn: until === undefined ? {} : { until, why }, model }),
    );
  }
}

/** @throws {AiLibError} `CONFIG_ERROR` where the user's function throws, which does not count against the target. */
function makeRule(factory: BreakerRuleFactory): BreakerRule {
  try {
    return synchronous(factory(), "The function");
  } catch (error) {
    throw configError(`A rule of circuitBreaker cannot be made: ${messageOf(error)}`);
  }
}
