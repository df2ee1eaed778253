import { checkFault, type Fault } from "./fault.js";

/** The faults of the next attempts at each endpoint of a simulator; undefined is an attempt without a fault. */
export class FaultPlan {
  private readonly scripts = new Map<string, (Fault | undefined)[]>();
  private readonly standing = new Map<string, Fault>();
  private readonly cycles = new Map<string, readonly (Fault | undefined)[]>();

  /** Appends faults to the script of an endpoint, one for each attempt. */
  script(endpoint: string, faults: readonly (Fault | undefined)[]): void {
    const queue = this.scripts.get(endpoint) ?? [];
    queue.push(...checked(faults));
    this.scripts.set(endpoint, queue);
  }

  /** Sets the fault of every attempt after the script, unless there is a cycle; undefined removes it. */
  always(endpoint: string, fault: Fault | undefined): void {
    if (fault === undefined) this.standing.delete(endpoint);
    else this.standing.set(endpoint, checkFault(fault));
  }

  /** Sets faults that repeat in turn after the script. */
  cycle(endpoint: string, faults: readonly (Fault | undefined)[]): void {
    this.cycles.set(endpoint, checked(faults));
  }

  /** Takes the fault of the next attempt. */
  next(endpoint: string): Fault | undefined {
    const scripted = this.scripts.get(endpoint);
    if (scripted !== undefined && scripted.length > 0) return scripted.shift() ?? this.standing.get(endpoint);
    const cycle = this.cycles.get(endpoint);
    if (cycle === undefined || cycle.length === 0) return this.standing.get(endpoint);
    const [next, ...others] = cycle;
    this.cycles.set(endpoint, [...others, next]);
    return next;
  }
}

function checked(faults: readonly (Fault | undefined)[]): (Fault | undefined)[] {
  return faults.map((fault) => fault && checkFault(fault));
}
