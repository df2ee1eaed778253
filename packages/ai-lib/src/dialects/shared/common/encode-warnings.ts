import type { Cannot } from "../../../core/contract/dialect.js";
import { OnDemand } from "../../../core/errors/on-demand.js";
import type { Warning } from "../../../core/values/answer.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { leftOut } from "./kind-requests.js";
import { contentRules } from "./on-demand.js";
import type { Why } from "./reason.js";

/**
 * Collects the warnings of one request: every field that a dialect drops or changes. The dialect's `cannot` has the
 * reason of each loss; a string in place of {@link Why} is a detail that follows it.
 */
export class EncodeWarnings {
  /** The warnings so far, in the order of the losses. */
  readonly warnings: Warning[] = [];

  /**
   * @param cannot what the dialect cannot carry, and why.
   * @param request the request that is encoded: reasons may depend on the type of a part or the role of a message.
   */
  constructor(
    private readonly cannot: Cannot | OnDemand<Cannot>,
    readonly request: ChatRequest,
  ) {}

  /** The target has no place for a field, which is left out. */
  unsupported(field: string, why?: string | Why): void {
    this.warnings.push(leftOut(field, this.reason(field, why)));
  }

  /** A field is replaced by the nearest thing that the target accepts. */
  changed(field: string, why?: string | Why): void {
    this.add("changed", field, `"${field}" was changed: ${this.reason(field, why)}`);
  }

  /**
   * Part of an earlier answer is not sent back unchanged. No setting of the caller is lost, so a call that treats
   * warnings as errors does not fail.
   */
  notReplayed(field: string, why?: string | Why): void {
    this.add("state-dropped", field, `"${field}" is not sent back unchanged: ${this.reason(field, why)}`);
  }

  /**
   * The conversation is sent in a form that the target accepts, without a loss. A call that treats warnings as errors
   * does not fail.
   */
  repaired(field: string, what: string): void {
    this.add("other", field, `The history was repaired at "${field}": ${what}`);
  }

  /** Opaque state that the target cannot read is left out. `family` names who can. */
  stateDropped(field: string, family: string): void {
    this.add(
      "state-dropped",
      field,
      `"${field}" carries state that only ${family} can read; it was left out`,
    );
  }

  /** The reason of a loss: the entry of `cannot`, then the detail. */
  protected reason(field: string, why: string | Why = {}): string {
    const { key, reason, detail } = typeof why === "string" ? { detail: why } : why;
    const stated = reason ?? this.stated(key, field);
    if (stated === undefined) return detail ?? "this dialect has no place for it";
    return detail === undefined ? stated : `${stated}; ${detail}`;
  }

  private stated(key: string | undefined, field: string): string | undefined {
    const cannot = this.cannot instanceof OnDemand ? this.cannot.get() : this.cannot;
    return key === undefined ? contentRules.get().reasonOf(cannot, this.request, field) : cannot[key];
  }

  private add(code: Warning["code"], field: string, message: string): void {
    this.warnings.push({ code, field, message });
  }
}
