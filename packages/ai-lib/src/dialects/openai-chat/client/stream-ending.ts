import type { Usage } from "../../../core/values/usage.js";
import { decodeUsage } from "../shared/usage.js";

/**
 * What a stream has told of its ending.
 *
 * Some speakers give each parallel call a finish reason of its own (Together, Zhipu, Gemini behind OpenRouter), so one
 * that shares its chunk with a call may be that call's. Then only `[DONE]`, usage or a later reason tells the end;
 * otherwise a stream that is cut between two calls would pass for a whole answer.
 */
export class StreamEnding {
  /** The last finish reason. */
  reason: string | undefined;
  usage: Usage | undefined;
  private sealed = false;
  private usageBefore = false;

  constructor(private readonly usageExcludesReasoning: boolean) {}

  /** Usage came: on a chunk of its own, on the last, or on every one. The last counts. */
  addUsage(value: unknown): void {
    const usage = decodeUsage(value, this.usageExcludesReasoning);
    if (usage === undefined) return;
    this.usage = usage;
    if (this.reason === undefined) this.usageBefore = true;
    else if (!this.usageBefore) this.sealed = true;
  }

  /** A finish reason came. `withCall`: its chunk held a piece of a call. */
  end(reason: string, withCall: boolean): void {
    this.reason = reason;
    this.sealed = !withCall;
  }

  /** Content came without a finish reason: one that came before was not the answer's. */
  content(): void {
    this.sealed = false;
  }

  /** Whether the body may end here, without `[DONE]`. */
  get whole(): boolean {
    return this.reason !== undefined && this.sealed;
  }
}
