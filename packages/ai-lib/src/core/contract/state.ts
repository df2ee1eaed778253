import { configError } from "../errors/error.js";
import type { Json } from "../values/json.js";
import { attempt } from "./guard.js";

/**
 * One piece of state, such as the circuits of one target. It belongs to one process, which reads and changes it
 * synchronously: no call waits for a store. A store preserves it across restarts (`snapshot`, `restore`) and passes
 * changes between processes (`merge`, `report`, `lease`). Times are epoch milliseconds.
 *
 * Snapshots, changes and reports are plain JSON and may come from another version of the library: a cell ignores
 * what it cannot read and never throws.
 */
export interface Cell {
  /** The state to preserve across a restart; undefined if there is none. */
  snapshot(now: number): Json | undefined;
  /** Replaces the state of the cell by a snapshot. */
  restore(snapshot: Json, now: number): void;
  /** Applies a change that another process published, or a report of it. @param peer names that process */
  merge?(change: Json, now: number, peer: string): void;
  /** A periodic report to other processes, for values that change too often to publish each change. */
  report?(now: number): Json | undefined;
  /** How much of a limit this process uses and waits for. A store divides the limit by it. */
  demand?(now: number): number;
  /** Sets the share of a limit that this process may use: more than 0, at most 1. Without a lease it is 1. */
  lease?(share: number, now: number): void;
}

/** The port of a store for a cell. */
export interface CellLink {
  /** Sends a change to the other processes. Returns before it is sent and never throws; it may be lost. */
  publish(change: Json): void;
}

/** A time during which a target is not asked. Plain JSON. */
export interface CooldownView {
  /** The model that it is about; absent where it is about all models of the target. */
  readonly model?: string;
  /** Epoch milliseconds at which it ends. */
  readonly until: number;
  /** Code of the error that began it. */
  readonly code: string;
  readonly message: string;
}

/** Cooldowns of one target. */
export interface CooldownCell extends Cell {
  /** Cooldowns that have not ended. */
  list(now: number): readonly CooldownView[];
  /**
   * Ends a cooldown early, in all processes.
   * @param model default: every cooldown of the target
   */
  release(model?: string): void;
}

/** State of one circuit. Plain JSON. */
export interface CircuitView {
  /** Absent for calls whose model is unknown. In an isolation it is absent for all models. */
  readonly model?: string;
  readonly state: "closed" | "open" | "half-open";
  /** Epoch milliseconds until which an open circuit lets no call in; absent for one that an operator opened. */
  readonly until?: number;
  /** Why it is open. */
  readonly why?: string;
}

/** Circuits of one target, one for each model. */
export interface CircuitCell extends Cell {
  /** Circuits that are not closed, and closed ones that still limit calls after an outage. */
  list(now: number): readonly CircuitView[];
  /**
   * Isolates a target by hand, in all processes: no call passes until {@link CircuitCell.close}.
   * @param model default: all models of the target
   */
  open(model?: string): void;
  /**
   * Closes a circuit by hand, in all processes. Calls pass immediately.
   * @param model default: all models of the target
   */
  close(model?: string): void;
}

/** What each kind of cell offers besides {@link Cell}. Add kinds of your own by declaration merging. */
export interface StateCells {
  cooldowns: CooldownCell;
  circuits: CircuitCell;
  rate: Cell;
  concurrency: Cell;
  "retry-budget": Cell;
  health: Cell;
  load: Cell;
  speed: Cell;
  /** State that servers store for clients that drop it or continue from an answer by its id. */
  conversations: Cell;
}

/** The name of a kind of cell. */
export type CellKind = keyof StateCells & string;

/** What identifies a cell within a store. */
export interface CellName {
  readonly kind: CellKind;
  readonly key: string;
}

/** The state of a whole store as plain JSON. */
export interface StateSnapshot {
  readonly version: 1;
  /** Epoch milliseconds. */
  readonly takenAt: number;
  readonly cells: readonly (CellName & { readonly state: Json })[];
}

/**
 * A store of the state of strategies and wrappers. `memory()` of `ai-lib/state` is the implementation for one process;
 * each strategy and wrapper has a private one unless it is given another.
 */
export interface StateStore {
  /**
   * The cell of a kind and a key: the one that exists, else the one that `make` returns. Equal kinds and keys are
   * equal state, so cells of one kind must all be made by the same class. Synchronous.
   * @param key at most 1,000 characters. Take it from configuration, never from requests
   */
  cell<K extends CellKind, C extends StateCells[K]>(kind: K, key: string, make: (link: CellLink) => C): C;
  /** The cell of a kind and a key, for an operator; undefined where nothing uses it yet. */
  get<K extends CellKind>(kind: K, key: string): StateCells[K] | undefined;
  /** The names of all cells in use, in order of creation. */
  names(): readonly CellName[];
  /** The state to preserve across a restart. @param now epoch milliseconds. Default: the machine's time */
  snapshot(now?: number): StateSnapshot;
  /**
   * Restores a snapshot. Cells that do not exist yet are restored when they are created.
   * @throws {AiLibError} `CONFIG_ERROR` for what is no snapshot of this version
   */
  restore(snapshot: StateSnapshot, now?: number): void;
  /** Stops the background work of the store. */
  close?(): Promise<void>;
}

/** Options of strategies and wrappers with state. */
export interface StateOptions {
  /** The store of the state. Default: a separate one in memory. */
  readonly state?: StateStore | undefined;
  /**
   * Names the state within `state`: strategies and wrappers of one kind with equal names share it. Default: the target
   * (its provider, key, account and region) where there is one, else the name of the strategy or of the member.
   */
  readonly stateKey?: string | undefined;
}

/** Names of {@link StateOptions}. */
export const STATE_OPTION_NAMES = ["state", "stateKey"] as const;

const NO_LINK: CellLink = { publish() {} };

/**
 * The cell that a strategy's or wrapper's options ask for: one in the store, or a private one.
 * @param key the default of `stateKey`
 * @throws {AiLibError} `CONFIG_ERROR` for a `stateKey` without a store or an empty one, and for a store that is none
 */
export function cellFor<K extends CellKind, C extends StateCells[K]>(
  options: StateOptions,
  kind: K,
  key: string,
  make: (link: CellLink) => C,
): C {
  const { state, stateKey } = options;
  if (stateKey === "") throw configError("stateKey may not be empty");
  if (state === undefined) {
    if (stateKey !== undefined)
      throw configError("stateKey names a place within `state`; pass `state` as well");
    return make(NO_LINK);
  }
  if (typeof state !== "object" || state === null || typeof state.cell !== "function")
    throw configError("`state` must be a state store, such as memory() of ai-lib/state");
  return state.cell(kind, stateKey ?? key, (link) =>
    make({ publish: (change) => attempt(() => link.publish(change)) }),
  );
}
