import type { Usage } from "../../../core/values/usage.js";
import { decodeUsage } from "../shared/usage.js";

/**
 * Decides whether a stream has ended.
 *
 * Some endpoints end each parallel call with a finish reason (Together, Zhipu, Gemini behind OpenRouter), so a reason
 * in a chunk with a call may be that of the call alone. Then only `[DONE]`, usage or a later reason ends the stream:
 * a stream that is cut between two calls must not look complete.
 */
export class StreamEnding {
  /** The last finish reason. */
  reason: string | undefined;
  usage: Usage | undefined;
  private sealed = false;
  private usageBefore = false;

  constructor(private readonly usageExcludesReasoning: boolean) {}

  /**
   * Notes usage, which is in a chunk of its own, in the last one, or in all. The last counts.
   * @returns the usage, if it is the first of a stream that has not ended: the tokens of the prompt do not change.
   */
  addUsage(value: unknown): Usage | undefined {
    const usage = decodeUsage(value, this.usageExcludesReasoning);
    if (usage === undefined) return undefined;
    this.usage = usage;
    if (this.reason === undefined) {
      if (this.usageBefore) return undefined;
      this.usageBefore = true;
      return usage;
    }
    if (!this.usageBefore) this.sealed = true;
    return undefined;
  }

  /**
   * Notes a finish reason.
   * @param withCall its chunk has a piece of a call.
   */
  end(reason: string, withCall: boolean): void {
    this.reason = reason;
    this.sealed = !withCall;
  }

  /** Notes content without a finish reason: an earlier reason was not that of the answer. */
  content(): void {
    this.sealed = false;
  }

  /** Whether the body may end here, without `[DONE]`. */
  get complete(): boolean {
    return this.reason !== undefined && this.sealed;
  }
}
