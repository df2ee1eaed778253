import { memoryBatches } from "../../src/batches/index.js";
import type { BatchJobs } from "../../src/core/contract/batch-job.js";
import type { BatchStore } from "../../src/core/contract/batch-store.js";
import type { DialectId, ServerHalf } from "../../src/core/contract/dialect.js";
import type { Transport, TransportRequest } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { AiClient, provider } from "../../src/index.js";
import { serverHalves } from "../../src/serve/halves.js";
import { simulatedAnswer } from "../../src/testing/answer.js";
import { settled, VirtualClock } from "../../src/testing/index.js";
import { simulatedServices } from "../../src/testing/services/index.js";
import { RowAnswers } from "../../src/testing/services/row-answers.js";
import { SimulatedBatches } from "../../src/testing/services/simulated-batches.js";
import { SimulatedFiles } from "../../src/testing/services/simulated-files.js";
import { SimulatedRuns } from "../../src/testing/services/simulated-runs.js";

/** What happens to one request: it is not done, or done and its answer lost. */
export type WireFault = "reset" | "lost" | 500 | 429;

const VENDORS = {
  openai: { base: "/v1", dialect: "openai-chat" },
  anthropic: { base: "", dialect: "anthropic-messages" },
  google: { base: "/v1beta", dialect: "gemini" },
  mistral: { base: "/v1", dialect: "mistral-chat" },
} as const satisfies Record<string, { base: string; dialect: DialectId }>;

export type WorldVendor = keyof typeof VENDORS;

const warm = new Set<WorldVendor>();

/** A vendor without sockets, a store, and processes that use both and can be killed at any step. */
export class BatchWorld {
  readonly clock = new VirtualClock(1_800_000_000_000);
  readonly batches: SimulatedBatches;
  readonly faults: WireFault[] = [];
  private readonly files = new SimulatedFiles(this.clock);
  private readonly inner = memoryBatches();
  private nextId = 0;
  private process: { steps: number } = { steps: Number.POSITIVE_INFINITY };
  private readonly locks = new Set<{ release(): Promise<void> }>();

  private constructor(
    readonly vendor: WorldVendor,
    private readonly halves: readonly ServerHalf[],
  ) {
    const answers = new RowAnswers(halves, simulatedAnswer, () => this.clock.now());
    this.batches = new SimulatedBatches("world", this.clock, answers);
  }

  static async open(vendor: WorldVendor): Promise<BatchWorld> {
    const world = new BatchWorld(vendor, await serverHalves());
    if (!warm.has(vendor)) {
      warm.add(vendor);
      // Loads what is loaded at the first use, which takes the machine's time and not the clock's.
      const before = await BatchWorld.open(vendor);
      const job = await before.start().submit([{ request: "Warm up" }]);
      for (let i = 0; i < 3; i++) await before.start().refresh(job.id);
    }
    return world;
  }

  /** Starts a process. @param steps requests and writes after which it dies. Default: never. */
  start(steps = Number.POSITIVE_INFINITY): BatchJobs {
    const alive = { steps };
    this.process = alive;
    const { base } = VENDORS[this.vendor];
    const vendor = provider(this.vendor, {
      ...{ apiKey: "k", baseUrl: `http://world${base}`, model: "some-model" },
      transport: this.transport(alive),
    });
    const client = new AiClient(vendor, {
      clock: this.clock,
      random: () => 0.5,
      batches: { store: this.mortal(alive) },
    });
    return client.batchJobs;
  }

  /** Ends the process under way. A lock that it held is given back, as the machine does. */
  async kill(): Promise<void> {
    this.process.steps = 0;
    for (const lock of this.locks) await lock.release();
    this.locks.clear();
  }

  get dead(): boolean {
    return this.process.steps <= 0;
  }

  /** Lets time pass until a promise settles or the process dies. @returns undefined for the latter */
  async drive<T>(
    promise: Promise<T>,
  ): Promise<{ readonly value: T } | { readonly error: unknown } | undefined> {
    let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
    promise.then(
      (value) => {
        outcome = { value };
      },
      (error: unknown) => {
        outcome = { error };
      },
    );
    for (let turns = 0; turns < 20_000; turns++) {
      await settled();
      await settled();
      if (outcome !== undefined) return outcome;
      if (this.dead && turns > 50) return undefined;
      this.clock.step();
    }
    throw new Error("It never ends");
  }

  private transport(alive: { steps: number }): Transport {
    return {
      open: (request, sink) => {
        let over = false;
        void this.answer(request, alive).then(
          (reply) => {
            if (over) return;
            sink.head(reply.status, reply.headers);
            sink.data(reply.bytes);
            sink.end();
          },
          (error: unknown) => {
            if (!over) sink.fail(AiLibError.from(error, "NETWORK_ERROR"));
          },
        );
        return {
          pause() {},
          resume() {},
          abort() {
            over = true;
            return undefined;
          },
        };
      },
    };
  }

  private async answer(request: TransportRequest, alive: { steps: number }) {
    const bytes = await bytesOf(request.body);
    // A request of a process that dies now may or may not have arrived.
    const dying = alive.steps === 1;
    await step(alive, dying && bytes.length % 2 === 0);
    const fault = this.faults.shift();
    if (fault === "reset") throw new AiLibError({ code: "NETWORK_ERROR", message: "reset" });
    if (typeof fault === "number")
      return {
        status: fault,
        headers: JSON_TYPE,
        bytes: encode({ error: { message: "a fault", type: "api_error" } }),
      };
    const url = new URL(request.url);
    const services = simulatedServices(
      () => this.files,
      () => this.batches,
      () => new SimulatedRuns(this.clock),
    );
    const head = {
      ...{ endpoint: "world", dialect: undefined, method: request.method, path: url.pathname },
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
    };
    const host = { clock: this.clock, baseUrl: "http://world", nextId: () => ++this.nextId };
    for (const service of services) {
      if (service.serves(head) === undefined) continue;
      try {
        const reply = await service.answer({ ...head, body: bytes }, host);
        if (dying) await new Promise(() => {});
        if (fault === "lost") throw new AiLibError({ code: "NETWORK_ERROR", message: "lost" });
        const { status, headers, body } = reply;
        return { status, headers, bytes: typeof body === "string" ? new TextEncoder().encode(body) : body };
      } catch (error) {
        const known = AiLibError.from(error);
        if (known.code === "NETWORK_ERROR") throw known;
        const half = this.halves.find(({ id }) => id === VENDORS[this.vendor].dialect);
        const reply = half?.error(known) ?? { body: "{}" };
        return {
          status: known.status ?? 500,
          headers: JSON_TYPE,
          bytes: new TextEncoder().encode(reply.body),
        };
      }
    }
    throw new Error(`Nothing answers ${request.method} ${request.url}`);
  }

  /** The store as a process sees it that can die before every write. */
  private mortal(alive: { steps: number }): BatchStore {
    const { inner, locks } = this;
    return {
      get: async (id) => {
        await step(alive);
        return inner.get(id);
      },
      put: async (record) => {
        await step(alive);
        return inner.put(record);
      },
      list: (after, limit) => inner.list(after, limit),
      delete: async (id) => {
        await step(alive);
        return inner.delete(id);
      },
      async lock(id, name) {
        await step(alive);
        const lock = await inner.lock(id, name);
        if (lock === undefined) return undefined;
        const held = {
          async release() {
            if (locks.delete(held)) await lock.release();
          },
        };
        locks.add(held);
        return held;
      },
      write: async (id, file) => {
        await step(alive);
        const writer = await inner.write(id, file);
        return {
          write: (line) => writer.write(line),
          end: async () => {
            await step(alive);
            return writer.end();
          },
          abort: () => writer.abort(),
        };
      },
      append: async (id, file) => {
        await step(alive);
        return inner.append(id, file);
      },
      size: (id, file) => inner.size(id, file),
      read: (id, file, position) => inner.read(id, file, position),
      slice: (id, file, position, length) => inner.slice(id, file, position, length),
    };
  }
}

const JSON_TYPE = { "content-type": "application/json" };

function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

/** One step of a process; a dead one never goes on. @param goesOut its last request arrives all the same */
function step(alive: { steps: number }, goesOut = false): Promise<void> {
  alive.steps--;
  return alive.steps > 0 || goesOut ? Promise.resolve() : new Promise(() => {});
}

async function bytesOf(body: TransportRequest["body"]): Promise<Uint8Array> {
  if (body === undefined) return new Uint8Array(0);
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return new Uint8Array(Buffer.concat(pieces));
}
