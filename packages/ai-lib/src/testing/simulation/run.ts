import type { CallOptions, MidStream } from "../../core/contract/call.js";
import type { ServerHalf } from "../../core/contract/dialect.js";
import type { ObserverEvent } from "../../core/contract/observer.js";
import { AiLibError } from "../../core/errors/error.js";
import type { Attempt } from "../../core/values/attempt.js";
import type { ErrorCode } from "../../core/values/error-code.js";
import { seededRandom } from "../random.js";
import { VirtualClock } from "../virtual-clock.js";
import { LONGEST_STREAM_MS, violationsOf } from "./invariants.js";
import { type SimulatedUnaryKind, simulatedCalls } from "./kinds.js";
import { Probe, type Record } from "./probe.js";
import { SeededRandom } from "./seeded-random.js";
import { type Topology, TopologyMaker } from "./topology.js";
import { REQUEST_HEADER, Upstream } from "./upstream.js";

/** How often each thing occurred, by name. */
export type Tally = Map<string, number>;

/** Adds one. */
export function count(tally: Tally, name: string, by = 1): void {
  tally.set(name, (tally.get(name) ?? 0) + by);
}

/** One run of one seed. */
export interface RunResult {
  readonly violations: readonly string[];
  readonly faults: Tally;
  readonly layers: Tally;
  readonly codes: Tally;
  readonly aborts: Tally;
}

/** The kinds of call that runs can be made of. */
export type SimulatedKind = "chat" | SimulatedUnaryKind;

/** Longest virtual time of one run, in milliseconds. */
const LONGEST_RUN_MS = 10 * 60_000;

/** Runs one seed: a random nest, eight or more concurrent requests, faults, callers that leave; then checks every rule. */
export async function runSeed(
  seed: number,
  halves: ReadonlyMap<string, ServerHalf>,
  kind: SimulatedKind = "chat",
): Promise<RunResult> {
  return new SeedRun(seed, halves, kind).run();
}

class SeedRun {
  private readonly random: SeededRandom;
  private readonly clock = new VirtualClock(1_760_000_000_000);
  private readonly upstream: Upstream;
  private readonly topology: Topology;
  private readonly records = new Map<number, Record>();
  private readonly trails = new Map<number, readonly Attempt[]>();
  private readonly violations: string[] = [];
  private readonly aborts: Tally = new Map();
  private readonly circuits = new Map<string, string>();
  /** Places whose circuit is half-open, and since when. */
  private readonly halfOpen = new Map<string, number>();
  private readonly probe: Probe;
  private settled = 0;

  constructor(
    seed: number,
    halves: ReadonlyMap<string, ServerHalf>,
    private readonly kind: SimulatedKind,
  ) {
    this.random = new SeededRandom(seededRandom(seed));
    this.upstream = new Upstream(
      this.clock,
      this.random,
      halves,
      this.random.pick([0.2, 0.4, 0.6, 0.8]),
      kind,
    );
    this.topology = new TopologyMaker(this.random, this.upstream, seed % 3 === 0, this.kind).make();
    this.upstream.onAttempt = (endpoint) => this.countProbes(endpoint);
    this.probe = new Probe(this.topology.root, this.records, this.kind);
  }

  async run(): Promise<RunResult> {
    const requests = this.random.whole(8, 12);
    const callers = Array.from({ length: requests }, (_, number) => this.caller(number));
    const all = Promise.all(callers);
    await this.clock.drain(LONGEST_RUN_MS);
    if (this.settled < requests)
      this.violations.push(`${requests - this.settled} callers never came to an end`);
    else await all;
    this.checkRest();
    for (const { violations } of this.topology.watches) this.violations.push(...violations.slice(0, 3));
    const faults: Tally = new Map();
    for (const { plan } of this.upstream.log) count(faults, plan.name);
    const layers: Tally = new Map();
    for (const layer of this.topology.layers) count(layers, layer);
    const codes: Tally = new Map();
    for (const [number, record] of this.records) {
      const trail = this.trails.get(number) ?? [];
      for (const { code } of trail) if (code !== undefined) count(codes, code);
      if (record.error !== undefined) count(codes, record.error.code);
      const broken = violationsOf(record, this.upstream, this.topology, trail);
      if (broken.length > 0) broken.push(`${this.topology.root.name}: ${inWords(record, trail)}`);
      this.violations.push(...broken);
    }
    return { violations: this.violations, faults, layers, codes, aborts: this.aborts };
  }

  /** What must be back at rest when every request has ended. */
  private checkRest(): void {
    if (this.upstream.open > 0) this.violations.push(`${this.upstream.open} connections are still open`);
    if (this.clock.pending > 0) this.violations.push(`${this.clock.pending} timers are still set`);
    for (const meter of this.topology.meters)
      if (meter.read() !== 0) this.violations.push(`${meter.name} is ${meter.read()} and not 0`);
  }

  private async caller(number: number): Promise<void> {
    const { random, clock } = this;
    const streams = random.chance(0.7) && this.kind === "chat";
    const mode = streams ? "stream" : "unary";
    const midStream = random.pick<MidStream>(["fail", "fail", "restart", "splice", "continue"]);
    const maxAttempts = random.chance(0.3) ? random.whole(1, 8) : undefined;
    const maxRepeats = random.whole(0, 6);
    const totalMs = random.whole(1_000, 20_000);
    const begin = random.whole(0, 3_000);
    const leaves = random.chance(0.25) ? random.whole(0, 4_000) : undefined;
    const breaks = random.chance(0.1) ? random.whole(1, 6) : undefined;
    const slow = random.chance(0.15) ? random.whole(1, 80) : 0;
    const timeouts = {
      ...(random.chance(0.5) ? { headMs: random.whole(200, 2_000) } : {}),
      firstContentMs: random.whole(300, 4_000),
      answerMs: random.whole(1_000, 8_000),
      idleMs: random.whole(300, 3_000),
      stallMs: random.whole(1_000, 4_000),
      streamMs: LONGEST_STREAM_MS,
      totalMs,
    };
    await this.pass(begin);
    const startedAt = clock.now();
    const record: Record = {
      number,
      mode,
      midStream,
      maxAttempts,
      maxRepeats,
      startedAt,
      deadline: startedAt + totalMs,
      left: false,
      aborted: false,
      text: "",
      starts: 0,
      restarts: 0,
      firstContentAt: undefined,
      endings: 0,
      endedAt: undefined,
      response: undefined,
      error: undefined,
      faults: [],
    };
    this.records.set(number, record);
    const abort = new AbortController();
    const cancel =
      leaves === undefined ? undefined : clock.after(leaves, () => this.leave(record, () => abort.abort()));
    const options: CallOptions = {
      signal: abort.signal,
      timeouts,
      ...(maxAttempts === undefined ? {} : { maxAttempts }),
      maxRepeats,
      midStream,
      headers: { [REQUEST_HEADER]: String(number) },
      sessionId: `s${number % 3}`,
      clock,
      random: random.random,
      observer: { on: (event) => this.observe(event) },
    };
    try {
      await this.ask(record, options, breaks, slow);
    } catch (error) {
      if (!AiLibError.is(error)) this.violations.push(`request ${number}: threw ${String(error)}`);
      else this.trails.set(number, error.attempts);
    } finally {
      cancel?.();
      this.settled++;
    }
  }

  private async ask(
    record: Record,
    options: CallOptions,
    breaks: number | undefined,
    slow: number,
  ): Promise<void> {
    if (this.kind !== "chat") {
      const { laws, request } = simulatedCalls(this.kind);
      const { attempts } = await this.probe.call(laws, request, options);
      this.trails.set(record.number, attempts);
      return;
    }
    const request = { messages: [{ role: "user" as const, content: `request ${record.number}` }] };
    if (record.mode === "unary") {
      const response = await this.probe.chat(request, options);
      this.trails.set(record.number, response.attempts);
      return;
    }
    const stream = this.probe.stream(request, options);
    let events = 0;
    for await (const event of stream) {
      if (event.type === "finish") this.trails.set(record.number, event.response.attempts);
      events++;
      if (breaks !== undefined && events >= breaks && event.type !== "finish") {
        this.leave(record, () => {});
        break;
      }
      if (slow > 0) await this.pass(slow);
    }
  }

  private leave(record: Record, how: () => void): void {
    if (record.endings > 0) {
      count(this.aborts, "after the end");
      return;
    }
    record.left = true;
    count(this.aborts, record.firstContentAt === undefined ? "before commit" : "after commit");
    how();
  }

  private pass(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.clock.after(ms, resolve);
    });
  }

  /** Breakers turn along their states, and let one probe at a time through. */
  private observe(event: ObserverEvent): void {
    if (event.type === "cooldown") {
      const longest = event.error.code === "QUOTA_EXHAUSTED" ? 3_600_000 : 600_000;
      if (event.until - event.at > longest)
        this.violations.push(`${event.key} cools down for ${event.until - event.at} ms`);
    }
    if (event.type !== "breaker") return;
    const { key, from, to } = event;
    const known = this.circuits.get(key) ?? "closed";
    const alone = this.topology.layers.filter((layer) => layer === "breaker").length === 1;
    if (alone && from !== known && !(known === "open" && from === "half-open"))
      this.violations.push(`breaker ${key} turned from ${from}, but was ${known}`);
    const legal = ["closed>open", "open>half-open", "half-open>open", "half-open>closed"].includes(
      `${from}>${to}`,
    );
    if (!legal) this.violations.push(`breaker ${key} turned from ${from} to ${to}`);
    this.circuits.set(key, to);
    const endpoint = /\(key (\w+)\)$/.exec(key)?.[1];
    if (alone && endpoint !== undefined) {
      if (to === "half-open") this.halfOpen.set(endpoint, this.clock.now());
      else this.halfOpen.delete(endpoint);
    }
  }

  /** While a circuit is half-open, its target has one call at a time. */
  private countProbes(endpoint: string): void {
    const since = this.halfOpen.get(endpoint);
    if (since === undefined) return;
    const here = this.upstream.log.filter((one) => one.endpoint === endpoint);
    // A call that was let in before may ask again from within, and one may ask again beside a connection that is
    // still closing: what counts is calls that came while the circuit was half-open.
    const before = new Set(here.filter((one) => one.startedAt < since).map((one) => one.request));
    const calls = new Set(
      here.filter((one) => one.open && !before.has(one.request)).map((one) => one.request),
    ).size;
    if (calls > 1) this.violations.push(`${calls} probes at once on ${endpoint}`);
  }
}

/** Codes that a run can bring about; the rest are mistakes of a program or a file. */
export const REACHABLE_CODES: readonly ErrorCode[] = [
  "NETWORK_ERROR",
  "PROVIDER_ERROR",
  "STREAM_TRUNCATED",
  "INVALID_RESPONSE",
  "OVERLOADED",
  "TIMEOUT",
  "RATE_LIMIT",
  "QUOTA_EXHAUSTED",
  "AUTH_FAILED",
  "PERMISSION_DENIED",
  "MODEL_NOT_FOUND",
  "CONTEXT_TOO_LONG",
  "CONTENT_FILTERED",
  "INVALID_REQUEST",
  "CIRCUIT_OPEN",
];

/** The attempts of a request, in one line. */
function inWords(
  { startedAt, mode, midStream, left, aborted, restarts, firstContentAt, error }: Record,
  attempts: readonly Attempt[],
): string {
  return `${mode} ${midStream} left=${left} aborted=${aborted} restarts=${restarts} first=${(firstContentAt ?? startedAt) - startedAt} ${error?.code ?? ""}: ${attempts
    .map(({ target, outcome, code, message, startedAt: at, endedAt }) =>
      [
        target.key ?? target.provider,
        outcome,
        code,
        outcome === "skipped" ? message : "",
        `${at - startedAt}-${(endedAt ?? at) - startedAt} ms`,
      ]
        .filter((word) => word !== undefined && word !== "")
        .join(" "),
    )
    .join("; ")}`;
}
