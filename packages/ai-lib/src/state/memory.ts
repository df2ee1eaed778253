import { systemClock } from "../core/contract/clock.js";
import type {
  Cell,
  CellKind,
  CellLink,
  CellName,
  StateCells,
  StateSnapshot,
  StateStore,
} from "../core/contract/state.js";
import { configError } from "../core/errors/error.js";
import { refuseUnknown } from "../core/errors/options.js";
import { asArray, asString, isObject, type Json } from "../core/values/json.js";

/** A change that one cell publishes. Plain JSON. */
export interface StateChange extends CellName {
  readonly change: Json;
}

/** Options of {@link memory}. */
export interface MemoryOptions {
  /**
   * Receives every change that other processes need, synchronously; send it and return. Exceptions are ignored.
   * Default: nothing is sent, since there are no other processes.
   */
  readonly publish?: ((change: StateChange) => void) | undefined;
}

const NAMES: ReadonlySet<string> = new Set(["publish"] satisfies (keyof MemoryOptions)[]);

/** The most cells of one store; beyond it the oldest one without state is dropped, else the oldest. */
export const MAX_CELLS = 10_000;

/** Characters of a cell's key. */
export const MAX_KEY_LENGTH = 1_000;

interface Slot extends CellName {
  readonly cell: Cell;
}

/**
 * State in the memory of this process. Share one among the strategies and wrappers whose state belongs together, take
 * `snapshot()` before a restart and `restore()` it after.
 *
 * It is also what a distributed store is built on: `publish` sends changes out, {@link MemoryState.receive} takes
 * those of other processes in.
 *
 * @example
 * const state = memory();
 * const guarded = circuitBreaker(provider("groq"), { state });
 * const saved = JSON.stringify(state.snapshot());
 * state.get("circuits", "groq")?.open(); // no call reaches groq until it is closed
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option.
 */
export function memory(options: MemoryOptions = {}): MemoryState {
  return new MemoryState(options);
}

/** See {@link memory}. */
export class MemoryState implements StateStore {
  private readonly slots = new Map<string, Slot>();
  /** Restored state whose cells nothing uses yet. */
  private readonly waiting = new Map<string, CellName & { readonly state: Json }>();
  private readonly publish: ((change: StateChange) => void) | undefined;

  constructor(options: MemoryOptions = {}) {
    refuseUnknown("option of memory", options, NAMES);
    this.publish = options.publish;
  }

  cell<K extends CellKind, C extends StateCells[K]>(kind: K, key: string, make: (link: CellLink) => C): C {
    const id = idOf(kind, key);
    const known = this.slots.get(id);
    if (known !== undefined) return known.cell as C;
    const cell = make(this.linkOf(kind, key));
    if (this.slots.size >= MAX_CELLS) this.drop();
    this.slots.set(id, { kind, key, cell });
    const restored = this.waiting.get(id);
    if (restored !== undefined) {
      this.waiting.delete(id);
      cell.restore(restored.state, systemClock.now());
    }
    return cell;
  }

  get<K extends CellKind>(kind: K, key: string): StateCells[K] | undefined {
    return this.slots.get(idOf(kind, key))?.cell as StateCells[K] | undefined;
  }

  names(): readonly CellName[] {
    return [...this.slots.values()].map(({ kind, key }) => ({ kind, key }));
  }

  snapshot(now: number = systemClock.now()): StateSnapshot {
    const cells = [...this.slots.values()].flatMap(({ kind, key, cell }) => {
      const state = cell.snapshot(now);
      return state === undefined ? [] : [{ kind, key, state }];
    });
    return { version: 1, takenAt: now, cells: [...cells, ...this.waiting.values()] };
  }

  restore(snapshot: StateSnapshot, now: number = systemClock.now()): void {
    if (!isObject(snapshot) || snapshot.version !== 1 || !Array.isArray(snapshot.cells))
      throw configError("This is no state snapshot of version 1; pass what snapshot() returned");
    for (const entry of asArray(snapshot.cells)) {
      if (!isObject(entry)) continue;
      const { state } = entry;
      const kind = asString(entry["kind"]) as CellKind | undefined;
      const key = asString(entry["key"]);
      if (kind === undefined || key === undefined || key.length > MAX_KEY_LENGTH || state === undefined)
        continue;
      const id = idOf(kind, key);
      const slot = this.slots.get(id);
      if (slot !== undefined) slot.cell.restore(state, now);
      else if (this.waiting.size < MAX_CELLS) this.waiting.set(id, { kind, key, state });
    }
  }

  /**
   * Takes in a change or a report of another process. One about a cell that nothing uses here is dropped.
   * @param peer names the process that it comes from
   */
  receive({ kind, key, change }: StateChange, peer: string, now: number = systemClock.now()): void {
    this.slots.get(idOf(kind, key))?.cell.merge?.(change, now, peer);
  }

  /** Periodic reports for other processes, such as the loads of members. */
  reports(now: number = systemClock.now()): readonly StateChange[] {
    return [...this.slots.values()].flatMap(({ kind, key, cell }) => {
      const change = cell.report?.(now);
      return change === undefined ? [] : [{ kind, key, change }];
    });
  }

  /** How much of each limit this process uses and waits for. */
  demands(now: number = systemClock.now()): readonly (CellName & { readonly demand: number })[] {
    return [...this.slots.values()].flatMap(({ kind, key, cell }) => {
      const demand = cell.demand?.(now);
      return demand === undefined ? [] : [{ kind, key, demand }];
    });
  }

  /** Sets the share of a limit that this process may use: more than 0, at most 1. */
  lease({ kind, key }: CellName, share: number, now: number = systemClock.now()): void {
    this.slots.get(idOf(kind, key))?.cell.lease?.(Math.min(1, Math.max(Number.MIN_VALUE, share)), now);
  }

  private linkOf(kind: CellKind, key: string): CellLink {
    const { publish } = this;
    return {
      publish(change) {
        try {
          publish?.({ kind, key, change });
        } catch {
          // A call must not fail because a change could not be sent; the other processes learn by themselves.
        }
      },
    };
  }

  private drop(): void {
    const now = systemClock.now();
    let [oldest] = this.slots.keys();
    for (const [id, { cell }] of this.slots) {
      if (cell.snapshot(now) === undefined) {
        oldest = id;
        break;
      }
    }
    if (oldest !== undefined) this.slots.delete(oldest);
  }
}

function idOf(kind: string, key: string): string {
  if (key.length > MAX_KEY_LENGTH)
    throw configError(
      `The key of a cell has ${key.length} characters, more than ${MAX_KEY_LENGTH}; set stateKey`,
    );
  return `${kind}\n${key}`;
}
