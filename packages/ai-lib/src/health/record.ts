import type { Call } from "../core/contract/call.js";
import { modelOf } from "../core/contract/call-facts.js";
import type { Cell, CellLink } from "../core/contract/state.js";
import type { Outcome } from "../core/recovery/interceptor.js";
import { asArray, asNumber, asObject, asString, type Json, type JsonObject } from "../core/values/json.js";
import { type CallStatistics, type PassiveRules, PassiveStatistics } from "./statistics.js";

/** Models of one provider with statistics of their own; calls of further models count for the provider alone. */
const MAX_MODELS = 100;

/** Models with longer names count for the provider alone: the name comes from outside. */
const LONGEST_MODEL = 256;

/** The most characters of a failed check's message. */
const MESSAGE_LIMIT = 300;

/** What is known of one provider's health: statistics of its calls, and the checks that failed in a row. */
export class HealthRecord implements Cell {
  private all: PassiveStatistics;
  private readonly models = new Map<string, PassiveStatistics>();
  private failed = 0;
  private checkedAt = 0;
  private message: string | undefined;

  constructor(
    private readonly rules: PassiveRules,
    private readonly link: CellLink,
  ) {
    this.all = new PassiveStatistics(rules);
  }

  /** Checks that failed in a row. */
  get failedChecks(): number {
    return this.failed;
  }

  /** Why the latest check failed. */
  get checkMessage(): string | undefined {
    return this.message;
  }

  addFirstContent(call: Call, afterMs: number): void {
    this.all.addFirstContent(afterMs);
    this.model(call)?.addFirstContent(afterMs);
  }

  addOutcome(call: Call, outcome: Outcome, now: number, tookMs: number): void {
    this.all.addOutcome(outcome, now, tookMs);
    this.model(call)?.addOutcome(outcome, now, tookMs);
  }

  /** Adds a check. @param passed undefined if it proves nothing */
  addCheck(passed: boolean | undefined, checkedAt: number, message: string | undefined): void {
    if (passed === false) this.failed++;
    else if (passed === true) this.failed = 0;
    this.checkedAt = checkedAt;
    this.message = message?.slice(0, MESSAGE_LIMIT);
    this.link.publish(this.check());
  }

  /** Down by its checks, unless a call succeeded after the latest of them. */
  failsChecks(limit: number): boolean {
    if (this.failed < limit) return false;
    return (this.all.lastSuccess ?? Number.NEGATIVE_INFINITY) <= this.checkedAt;
  }

  /** Down by its calls: those of the model, where there are enough of them, else all. */
  isDown(now: number, model: string | undefined): boolean {
    const own = model === undefined ? undefined : this.models.get(model);
    return own?.isDown(now) ?? this.all.isDown(now) ?? false;
  }

  statistics(now: number): CallStatistics {
    return this.all.at(now);
  }

  snapshot(now: number): Json | undefined {
    const all = this.all.snapshot(now);
    if (all === undefined && this.checkedAt === 0) return undefined;
    const models = [...this.models].map(([model, statistics]) => ({ model, ...statistics.snapshot(now) }));
    return { ...this.check(), all, models };
  }

  restore(snapshot: Json, now: number): void {
    const given = asObject(snapshot) ?? {};
    this.readCheck(given);
    this.all = PassiveStatistics.restore(this.rules, asObject(given["all"]), now);
    this.models.clear();
    for (const one of asArray(given["models"]).slice(0, MAX_MODELS)) {
      const known = asObject(one);
      const model = asString(known?.["model"]);
      if (model !== undefined && model.length <= LONGEST_MODEL)
        this.models.set(model, PassiveStatistics.restore(this.rules, known, now));
    }
  }

  /** Takes over a check of another process, unless this one checked the provider later. */
  merge(change: Json): void {
    const given = asObject(change) ?? {};
    const checkedAt = asNumber(given["checkedAt"]);
    if (checkedAt !== undefined && checkedAt >= this.checkedAt) this.readCheck(given);
  }

  private check(): JsonObject {
    return { failedChecks: this.failed, checkedAt: this.checkedAt, message: this.message };
  }

  private readCheck(given: JsonObject): void {
    this.failed = Math.max(0, asNumber(given["failedChecks"]) ?? 0);
    this.checkedAt = asNumber(given["checkedAt"]) ?? 0;
    this.message = asString(given["message"])?.slice(0, MESSAGE_LIMIT);
  }

  private model(call: Call): PassiveStatistics | undefined {
    const model = modelOf(call);
    if (model === undefined || model.length > LONGEST_MODEL) return undefined;
    const known = this.models.get(model);
    if (known !== undefined || this.models.size >= MAX_MODELS) return known;
    const made = new PassiveStatistics(this.rules);
    this.models.set(model, made);
    return made;
  }
}
