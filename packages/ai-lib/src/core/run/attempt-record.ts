import type { Call } from "../contract/call.js";
import { ignoreRejection } from "../contract/guard.js";
import { type EventDraft, observe } from "../contract/observer.js";
import type { ChatProvider } from "../contract/provider.js";
import type { AiLibError } from "../errors/error.js";
import type { Attempt, ServerAddress } from "../values/attempt.js";
import type { ResponseOf } from "../values/kinds.js";
import type { Price } from "../values/model.js";
import type { Target } from "../values/target.js";
import type { Usage, UsageStatus } from "../values/usage.js";
import { recordFailure } from "./repeat-guard.js";

/** What a leaf reports about itself. */
export interface LeafFacts {
  readonly target: Target;
  /** The leaf itself, by which it is distinguished from others of the same target. */
  readonly provider: ChatProvider;
  /** The price of a model, where it is known without I/O. */
  price?(model: string): Price | undefined;
  /**
   * US dollars for some usage of a model, by {@link price}.
   * @param tier the service tier of the answer; undefined if it named none
   */
  listCost?(model: string, usage: Usage, tier: string | undefined): number | undefined;
  /**
   * US dollars for some usage of a model, where {@link listCost} has none: a catalogue's tiers and times of day.
   * @param at epoch milliseconds of the attempt
   * @param tier the service tier of the answer; undefined if it named none
   */
  cost?(model: string, usage: Usage, at: number, tier: string | undefined): number | undefined;
  /** Where its requests go, for observers. */
  readonly server?: ServerAddress | undefined;
  /** The head of a stream comes before its model reasons: a stream without a head is dead, whatever its model. */
  readonly headFirst?: boolean | undefined;
}

/** The usage of an attempt, as far as it is known. */
interface Used {
  readonly usage: Usage;
  readonly usageStatus: UsageStatus;
  readonly cost?: number | undefined;
}

/** Records one attempt in the attempt log and for the observer. */
export class AttemptRecord {
  /** Its entry in the attempt log. */
  readonly attempt: { -readonly [K in keyof Attempt]: Attempt[K] };

  constructor(
    private readonly leaf: LeafFacts,
    private readonly call: Call,
    /** The model asked for; `""` while the leaf has not resolved its default. */
    private model: string,
  ) {
    const startedAt = call.context.clock.now();
    this.attempt = { target: this.target(), outcome: "running", startedAt };
  }

  /** Adds the attempt to the attempt log, with the wait before it. @param headers observers may add to them. */
  begin(headers: Record<string, string>): void {
    const { context, wait } = this.call;
    if (wait !== undefined && !wait.recorded) {
      wait.recorded = true;
      this.attempt.waitMs = wait.ms;
      this.attempt.waitReason = wait.reason;
    }
    context.attempts.push(this.attempt);
    if (context.observer === undefined) return;
    const { server, provider } = this.leaf;
    const { telemetryName } = provider;
    const event: EventDraft<"attempt-start"> = {
      type: "attempt-start",
      kind: this.call.kind,
      requestId: context.requestId,
      at: this.attempt.startedAt,
      mode: this.call.mode,
      attempt: this.attempt,
      headers,
    };
    if (server !== undefined) event.server = server;
    if (telemetryName !== undefined) event.telemetryName = telemetryName;
    observe(context.observer, event);
  }

  resolveModel(model: string): void {
    if (model === this.model) return;
    this.model = model;
    this.attempt.target = this.target();
  }

  firstContent(now: number): void {
    const { context } = this.call;
    this.attempt.firstContentMs = now - this.attempt.startedAt;
    if (context.observer !== undefined)
      observe(context.observer, {
        type: "first-content",
        kind: this.call.kind,
        requestId: context.requestId,
        at: now,
        mode: this.call.mode,
        attempt: this.attempt,
      });
  }

  /** It answered. @param now epoch milliseconds */
  answered(response: ResponseOf, now: number): void {
    this.settle("success", now);
    const { target } = this.attempt;
    if (target.model !== response.model) this.attempt.target = { ...target, model: response.model };
    this.note(response);
    this.tell(response, undefined);
  }

  /** It failed; the failure is stored for the layers of this request: see `refusalOf`. */
  failed(error: AiLibError, partial: ResponseOf | undefined): void {
    this.settle(error.code === "CANCELLED" ? "cancelled" : "error", this.call.context.clock.now());
    this.attempt.code = error.code;
    this.attempt.scope = error.scope;
    this.attempt.message = error.message;
    if (error.status !== undefined) this.attempt.status = error.status;
    if (error.retryAt !== undefined) this.attempt.retryAt = error.retryAt;
    if (partial !== undefined)
      this.note({
        usage: partial.usage,
        usageStatus: partial.usageStatus,
        cost: this.cost(partial.usage, partial.model),
      });
    recordFailure({
      provider: this.leaf.provider,
      target: this.attempt.target,
      call: this.call,
      error,
      tookMs: (this.attempt.endedAt ?? this.attempt.startedAt) - this.attempt.startedAt,
    });
    this.tell(undefined, error);
  }

  /** Its caller went away. */
  cancelled(used: Used): void {
    this.settle("cancelled", this.call.context.clock.now());
    this.note(used);
  }

  /** Called after the leaf's work was stopped. */
  tellCancelled(): void {
    this.tell(undefined, undefined);
  }

  /**
   * US dollars for some usage, where the price is known: of the model that answered, else of the one that was asked
   * for, since vendors answer with dated names.
   * @param tier the service tier of the answer. Default: the one that was asked for, or the standard one if that costs
   *   more: endpoints without tiers ignore the field.
   */
  cost(usage: Usage, answered: string, tier?: string): number | undefined {
    const { serviceTier } = this.call.request as { readonly serviceTier?: string };
    if (tier !== undefined || serviceTier === undefined) return this.costIn(tier, usage, answered);
    const asked = this.costIn(serviceTier, usage, answered);
    return asked === undefined ? undefined : Math.max(asked, this.costIn(undefined, usage, answered) ?? 0);
  }

  private costIn(tier: string | undefined, usage: Usage, answered: string): number | undefined {
    return (
      this.costOf(answered, usage, tier) ??
      (answered === this.model ? undefined : this.costOf(this.model, usage, tier))
    );
  }

  private costOf(model: string, usage: Usage, tier: string | undefined): number | undefined {
    const { leaf } = this;
    const at = this.attempt.startedAt;
    try {
      const cost: unknown =
        this.call.context.prices?.cost(leaf.target.provider, model, usage, at, leaf.provider.priceId, tier) ??
        leaf.listCost?.(model, usage, tier) ??
        leaf.cost?.(model, usage, at, tier);
      ignoreRejection(cost);
      return typeof cost === "number" && cost >= 0 && Number.isFinite(cost) ? cost : undefined;
    } catch {
      // A fault in a price list must not fail an answered call.
      return undefined;
    }
  }

  private target(): Target {
    return this.model === "" || this.model === this.leaf.target.model
      ? this.leaf.target
      : { ...this.leaf.target, model: this.model };
  }

  private settle(outcome: Attempt["outcome"], now: number): void {
    this.attempt.outcome = outcome;
    this.attempt.endedAt = now;
  }

  private note({ usage, usageStatus, cost }: Used): void {
    this.attempt.usage = usage;
    this.attempt.usageStatus = usageStatus;
    if (cost !== undefined) this.attempt.cost = cost;
  }

  private tell(response: ResponseOf | undefined, error: AiLibError | undefined): void {
    const { context } = this.call;
    if (context.observer === undefined) return;
    const event: EventDraft<"attempt-end"> = {
      type: "attempt-end",
      kind: this.call.kind,
      requestId: context.requestId,
      at: this.attempt.endedAt ?? context.clock.now(),
      mode: this.call.mode,
      attempt: this.attempt,
    };
    if (response !== undefined) event.response = response;
    if (error !== undefined) event.error = error;
    observe(context.observer, event);
  }
}
