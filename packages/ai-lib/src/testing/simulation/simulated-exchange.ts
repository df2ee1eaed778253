import type { TransportSink } from "../../core/contract/transport.js";
import { AiLibError } from "../../core/errors/error.js";
import { connectTimeout } from "../../wire/network-error.js";
import type { VirtualClock } from "../virtual-clock.js";

/** A step of an exchange, `ms` milliseconds after the one before. */
export type Step = { readonly ms: number } & (
  | { readonly do: "head"; readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | { readonly do: "data"; readonly bytes: Uint8Array }
  | { readonly do: "end" | "reset" | "refuse" | "deaf" }
);

/** One connection, whose steps the virtual clock plays. */
export class SimulatedExchange {
  private steps: readonly Step[] = [];
  private at = 0;
  private paused = false;
  private waiting = false;
  private cancel: (() => void) | undefined;

  constructor(
    private readonly clock: VirtualClock,
    private readonly attempt: { readonly endpoint: string; open: boolean },
    private readonly sink: TransportSink,
    private readonly connectMs: number,
  ) {}

  /** Plays the steps of the reply. Called once. */
  play(steps: readonly Step[]): void {
    this.steps = steps;
    this.next();
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    if (!this.waiting) return;
    this.waiting = false;
    this.next();
  }

  abort(): undefined {
    this.close();
  }

  private next(): void {
    if (!this.attempt.open) return;
    const step = this.steps[this.at];
    if (step === undefined) return;
    const ms = step.do === "deaf" ? this.connectMs : step.ms;
    this.cancel = this.clock.after(ms, () => {
      if (this.paused) this.waiting = true;
      else this.take(step);
    });
  }

  private take(step: Step): void {
    if (!this.attempt.open) return;
    this.at++;
    switch (step.do) {
      case "head":
        this.sink.head(step.status, step.headers);
        break;
      case "data":
        this.sink.data(step.bytes);
        break;
      case "end":
        this.close();
        this.sink.end();
        return;
      case "deaf":
        this.close();
        this.sink.fail(connectTimeout(this.attempt.endpoint, this.connectMs));
        return;
      case "reset":
      case "refuse":
        this.close();
        this.sink.fail(new AiLibError({ code: "NETWORK_ERROR", message: `simulated ${step.do}` }));
        return;
      default: {
        const never: never = step;
        throw new TypeError(`Unknown step ${JSON.stringify(never)}`);
      }
    }
    this.next();
  }

  private close(): void {
    this.attempt.open = false;
    this.cancel?.();
  }
}

/** Steps that send bytes in pieces of some length. */
export function dribble(bytes: Uint8Array, length: number, ms: number): Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < bytes.length; at += length)
    steps.push({ ms, do: "data", bytes: bytes.subarray(at, at + length) });
  return steps;
}
