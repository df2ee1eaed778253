import type { Cell, CellKind, CellLink, StateSnapshot, StateStore } from "../core/contract/state.js";
import { AiLibError, configError } from "../core/errors/error.js";
import { refuseUnknown } from "../core/errors/options.js";
import { Cooldowns } from "../core/recovery/cooldowns.js";
import { asNumber, type Json } from "../core/values/json.js";
import { consecutiveFailures } from "../resilience/breaker-rules.js";
import { Circuits } from "../resilience/circuits.js";
import { expect, expectSame } from "./conformance/expect.js";

/** The store under test, as one case needs it. */
export interface StateSetUp {
  /** An empty store in one process. */
  readonly store: StateStore;
  /** A second process on the same backend, where there is one. */
  readonly peer?: StateStore | undefined;
  /** Resolves when everything that one process published has reached the other. */
  settle?(): Promise<void>;
  /** Cleans up after a case. */
  close?(): Promise<void>;
}

/** Settings of {@link stateConformance}. */
export interface StateConformanceOptions {
  /** The set-up has a `peer`. Default false: cases about several processes are left out. */
  readonly peers?: boolean | undefined;
  /** The backend divides limits among its processes. Default false. */
  readonly leases?: boolean | undefined;
}

const NAMES: ReadonlySet<string> = new Set(["peers", "leases"] satisfies (keyof StateConformanceOptions)[]);

/** One case, for any test runner. */
export interface StateCase {
  readonly name: string;
  /** Resolves where the case passes. @throws {Error} that says what the store does wrong. */
  run(): Promise<void>;
}

type Test = (store: StateStore, setUp: StateSetUp) => void | Promise<void>;

/** Far from any real time, so that a store which asks the clock itself is noticed. */
const NOW = 1_000_000;

/**
 * The cases that check the contract of `StateStore`.
 *
 * @example
 * for (const { name, run } of stateConformance(() => ({ store: memory() }))) test(name, run);
 * @param setUp makes an empty store for each case
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option.
 */
export function stateConformance(
  setUp: () => StateSetUp | Promise<StateSetUp>,
  options: StateConformanceOptions = {},
): readonly StateCase[] {
  refuseUnknown("option of stateConformance", options, NAMES);
  const tests = [
    ...Object.entries(ALONE),
    ...(options.peers === true ? Object.entries(TOGETHER) : []),
    ...(options.leases === true ? Object.entries(DIVIDED) : []),
  ];
  return tests.map(([name, test]) => ({
    name,
    async run() {
      const made = await setUp();
      try {
        await test(made.store, made);
      } finally {
        await made.close?.();
      }
    },
  }));
}

/** A cell that records what its store does with it. */
class Probe implements Cell {
  readonly merged: Json[] = [];
  readonly leases: number[] = [];

  constructor(
    readonly link: CellLink,
    public value: number | undefined = undefined,
  ) {}

  snapshot(): Json | undefined {
    return this.value;
  }

  restore(snapshot: Json): void {
    this.value = asNumber(snapshot);
  }

  merge(change: Json): void {
    this.merged.push(change);
  }

  demand(): number {
    return this.value ?? 0;
  }

  lease(share: number): void {
    this.leases.push(share);
  }
}

function probe(store: StateStore, key: string, value?: number, kind: CellKind = "rate"): Probe {
  return store.cell(kind, key, (link) => new Probe(link, value));
}

function throughJson(snapshot: StateSnapshot): StateSnapshot {
  return JSON.parse(JSON.stringify(snapshot)) as StateSnapshot;
}

const refused = new AiLibError({ code: "AUTH_FAILED", message: "The key is not accepted" });

function cooldownsOf(store: StateStore): Cooldowns {
  return store.cell("cooldowns", "a", (link) => new Cooldowns(link));
}

function circuitsOf(store: StateStore): Circuits {
  const settings = { coolDownMs: 5_000, maxCoolDownMs: 5_000, halfOpenMaxCalls: 1 };
  return store.cell("circuits", "a", (link) => new Circuits([consecutiveFailures(1)], settings, link));
}

/** Lets one call through and has it fail. */
function trip(circuits: Circuits, now: number, model?: string): void {
  const circuit = circuits.of(model);
  const permit = circuit.enter(now);
  expect("age" in permit, "a closed circuit lets a call in");
  circuit.leave(permit, "failure", now);
}

const ALONE: Readonly<Record<string, Test>> = {
  "equal kinds and keys are one cell, made once and synchronously"(store) {
    let made = 0;
    const cell = () =>
      store.cell("rate", "a", (link) => {
        made++;
        return new Probe(link);
      });
    const [first, second] = [cell(), cell()];
    expect(first === second, "cell() returned two cells for one kind and key");
    expect(made === 1, `cell() made ${made} cells for one kind and key`);
    expect(store.get("rate", "a") === first, "get() returned another cell than cell()");
  },
  "another kind or key is another cell"(store) {
    const cells = new Set([
      probe(store, "a"),
      probe(store, "b"),
      probe(store, "a", undefined, "load"),
      probe(store, "a\nb"),
    ]);
    expect(cells.size === 4, "different kinds and keys share a cell");
    expect(store.get("speed", "a") === undefined, "get() made a cell");
  },
  "names() lists the cells in use"(store) {
    probe(store, "b");
    probe(store, "a", undefined, "load");
    expectSame(
      store.names(),
      [
        { kind: "rate", key: "b" },
        { kind: "load", key: "a" },
      ],
      "names()",
    );
  },
  "a key that is too long is refused"(store) {
    expect(
      codeOf(() => probe(store, "k".repeat(1_001))) === "CONFIG_ERROR",
      "a key of 1,001 characters was accepted",
    );
    probe(store, "k".repeat(1_000));
  },
  "publish returns and never throws, also while its cell is made"(store) {
    const cell = store.cell("rate", "a", (link) => {
      link.publish({ early: true });
      return new Probe(link);
    });
    for (const change of [null, "text", 1, ["list"], { deep: { deeper: [] } }]) cell.link.publish(change);
    expect(cell.merged.length === 0, "a cell received its own change");
  },
  "a snapshot is plain JSON and holds the cells that have something to keep"(store) {
    probe(store, "full", 7);
    probe(store, "empty");
    const snapshot = store.snapshot(NOW);
    expectSame(throughJson(snapshot), snapshot, "the snapshot, as JSON,");
    expectSame(
      snapshot,
      { version: 1, takenAt: NOW, cells: [{ kind: "rate", key: "full", state: 7 }] },
      "the snapshot",
    );
  },
  "restore() fills cells in use, and others once they are made"(store) {
    const used = probe(store, "used", 1);
    const cells = [
      { kind: "rate", key: "used", state: 5 },
      { kind: "rate", key: "later", state: 6 },
    ] as const;
    store.restore({ version: 1, takenAt: NOW, cells }, NOW);
    expect(used.value === 5, "a cell in use was not restored");
    expectSame(throughJson(store.snapshot(NOW)).cells, cells, "what was restored and not used yet");
    expect(probe(store, "later", 1).value === 6, "a cell made after restore() was not restored");
    expect(probe(store, "other", 1).value === 1, "a cell that is not in the snapshot was changed");
  },
  "restore() refuses another version and ignores entries that it cannot read"(store) {
    for (const wrong of [undefined, null, {}, { version: 2, cells: [] }, { version: 1 }])
      expect(
        codeOf(() => store.restore(wrong as never, NOW)) === "CONFIG_ERROR",
        `restored ${JSON.stringify(wrong)}`,
      );
    const used = probe(store, "used", 1);
    const cells = [
      null,
      1,
      "text",
      {},
      { kind: "rate" },
      { kind: "rate", key: "used" },
      { kind: 1, key: 2, state: 3 },
    ];
    store.restore({ version: 1, takenAt: NOW, cells: cells as never }, NOW);
    expect(used.value === 1, "a malformed entry changed a cell");
    probe(store, "__proto__", 3);
    expect(!("value" in {}), "a key reached the prototype of objects");
  },
  "the number of cells is bounded, and cells without state are dropped first"(store) {
    probe(store, "kept", 1);
    for (let i = 0; i < 20_000; i++) probe(store, `cell ${i}`);
    const names = store.names();
    expect(names.length < 20_000, `the store keeps ${names.length} cells`);
    expect(
      names.some(({ key }) => key === "kept"),
      "a cell with state was dropped before those without",
    );
  },
  "cooldowns survive a restart"(store) {
    const cooldowns = cooldownsOf(store);
    cooldowns.begin(refused, NOW + 9_000, NOW, "m");
    const snapshot = throughJson(store.snapshot(NOW));
    cooldowns.release();
    store.restore(snapshot, NOW + 1_000);
    expectSame(
      cooldowns.list(NOW + 1_000),
      [{ until: NOW + 9_000, code: "AUTH_FAILED", message: refused.message }],
      "the cooldowns after a restart",
    );
    expect(store.snapshot(NOW + 9_000).cells.length === 0, "a cooldown that has ended is kept");
  },
  "circuits survive a restart"(store) {
    const circuits = circuitsOf(store);
    trip(circuits, NOW, "m");
    const snapshot = throughJson(store.snapshot(NOW));
    circuits.close();
    expect(circuits.kindAt(NOW, "m") === "closed", "close() left the circuit open");
    store.restore(snapshot, NOW);
    expect(circuits.kindAt(NOW, "m") === "open", "the circuit is not open after a restart");
    expect(circuits.kindAt(NOW + 5_000, "m") === "half-open", "the circuit does not end its cool-down");
  },
  "an operator opens and closes circuits and ends cooldowns"(store) {
    cooldownsOf(store).begin(refused, NOW + 9_000, NOW, undefined);
    circuitsOf(store);
    const cooldowns = store.get("cooldowns", "a");
    const circuits = store.get("circuits", "a");
    expect(cooldowns?.list(NOW).length === 1, "the cooldown is not listed");
    cooldowns?.release();
    expect(cooldowns?.list(NOW).length === 0, "release() left the cooldown");
    circuits?.open();
    expectSame(circuits?.list(NOW), [{ state: "open", why: "open by hand" }], "the circuits after open()");
    expect(circuitsOf(store).isolation !== undefined, "open() lets calls in");
    circuits?.close();
    expectSame(circuits?.list(NOW), [], "the circuits after close()");
  },
};

const TOGETHER: Readonly<Record<string, Test>> = {
  async "a change reaches the cell of the other process, and not its own"(store, setUp) {
    const [own, other] = [probe(store, "a"), probe(peerOf(setUp), "a")];
    const unrelated = probe(peerOf(setUp), "b");
    own.link.publish({ n: 1 });
    await setUp.settle?.();
    expectSame(other.merged, [{ n: 1 }], "what the other process received");
    expectSame([own.merged, unrelated.merged], [[], []], "what other cells received");
  },
  async "a cooldown is known to the other process, and its release as well"(store, setUp) {
    const [own, other] = [cooldownsOf(store), cooldownsOf(peerOf(setUp))];
    own.begin(refused, NOW + 9_000, NOW, "m");
    await setUp.settle?.();
    expect(other.at(NOW, "m")?.until === NOW + 9_000, "the other process does not know the cooldown");
    other.release();
    await setUp.settle?.();
    expect(own.at(NOW, "m") === undefined, "the other process released the cooldown, and it still runs");
  },
  async "a circuit that opens is open in the other process, and one that closes is closed"(store, setUp) {
    const [own, other] = [circuitsOf(store), circuitsOf(peerOf(setUp))];
    trip(own, NOW, "m");
    await setUp.settle?.();
    expect(other.kindAt(NOW, "m") === "open", "the circuit is not open in the other process");
    const circuit = other.of("m");
    const permit = circuit.enter(NOW + 5_000);
    expect("age" in permit, "the other process has no probe after the cool-down");
    circuit.leave(permit, "success", NOW + 5_000);
    await setUp.settle?.();
    expect(
      own.kindAt(NOW + 5_000, "m") === "closed",
      "a good probe of the other process did not close the circuit",
    );
  },
  async "a circuit that an operator opens is open everywhere until it is closed"(store, setUp) {
    const [own, other] = [circuitsOf(store), circuitsOf(peerOf(setUp))];
    own.open("m");
    own.open();
    await setUp.settle?.();
    expect(other.isolation !== undefined, "the target is not isolated in the other process");
    expect(
      other.of("m").kindAt(NOW * 1_000) === "open",
      "a circuit that was opened by hand closed by itself",
    );
    other.close();
    await setUp.settle?.();
    expect(
      own.isolation === undefined && own.kindAt(NOW, "m") === "closed",
      "close() did not reach the other process",
    );
  },
};

const DIVIDED: Readonly<Record<string, Test>> = {
  async "the processes share a limit, the one with more demand getting more"(store, setUp) {
    const [busy, idle] = [probe(store, "a", 9), probe(peerOf(setUp), "a", 1)];
    await setUp.settle?.();
    const shares = [busy, idle].map(({ leases }) => leases.at(-1) ?? 1);
    for (const share of [...busy.leases, ...idle.leases])
      expect(share > 0 && share <= 1, `a lease of ${share} is no share`);
    const [more = 0, less = 0] = shares;
    expect(more + less <= 1 + 1e-9, `the shares ${more} and ${less} exceed the limit`);
    expect(more > less, `the busy process has the share ${more}, the idle one ${less}`);
  },
};

function peerOf({ peer }: StateSetUp): StateStore {
  if (peer === undefined)
    throw configError("This case needs a second process: return `peer` from the set-up");
  return peer;
}

function codeOf(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return AiLibError.is(error) ? error.code : String(error);
  }
}
