/**
 * The cost of observing: the CPU time of a streamed event with an observer, OpenTelemetry's own SDK and Prometheus
 * attached, compared with none, over sockets from a simulator in another process. Run it with `npm run bench:observe`.
 * It prints the ratio and the versions, for streams of two lengths: most observer work happens once a request, so a
 * longer answer dilutes it. With `-- chunks` the time between chunks is recorded too.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from "@opentelemetry/sdk-trace-base";
import { AiClient } from "../packages/ai-lib/src/client/ai-client.js";
import { type Observer, observers } from "../packages/ai-lib/src/core/contract/observer.js";
import { otelObserver } from "../packages/ai-lib/src/observe/otel.js";
import { prometheusObserver } from "../packages/ai-lib/src/observe/prometheus.js";
import { ProviderFactory } from "../packages/ai-lib/src/providers/factory.js";
import { startSimulator } from "../packages/ai-lib/src/testing/simulator.js";
import { nodeTransport } from "../packages/ai-lib/src/wire/transport-node.js";

/** Rounds of each measurement, in turn. Each ratio compares two neighbouring rounds; the median of all is printed. */
const ROUNDS = 41;

/** Rounds before the measurement: code that runs once a request needs thousands of requests to be compiled. */
const WARM_UP = 60;

/** Deltas of a stream. Each length is measured separately. */
const LENGTHS = [250, 1000];

/** Deltas of one round, for streams of any length. */
const DELTAS_PER_ROUND = 10_000;

/** The other process: a simulator that answers with the requested number of deltas. */
async function serve(): Promise<void> {
  const urls: string[] = [];
  for (const length of LENGTHS) {
    const text = "word ".repeat(length);
    const simulator = await startSimulator({
      pieceLength: 5,
      answer: () => ({ content: [{ type: "text", text }] }),
    });
    urls.push(simulator.baseUrl("bench"));
  }
  process.once("disconnect", () => process.exit());
  process.send?.(urls);
}

function watching(chunks: boolean): Observer {
  const exporter: SpanExporter = { export: (_spans, done) => done({ code: 0 }), shutdown: async () => {} };
  const tracers = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
  const reader = new PeriodicExportingMetricReader({
    exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
    exportIntervalMillis: 3_600_000,
  });
  const meters = new MeterProvider({ readers: [reader] });
  return observers([
    prometheusObserver(),
    otelObserver({ tracer: tracers.getTracer("bench"), meter: meters.getMeter("bench"), chunks }),
  ]);
}

/** Microseconds of CPU time for each event of a round. */
async function round(client: AiClient, streams: number): Promise<number> {
  let events = 0;
  const before = process.cpuUsage();
  for (let i = 0; i < streams; i++) for await (const _event of client.stream("Go on")) events++;
  const { user, system } = process.cpuUsage(before);
  return (user + system) / events;
}

/** The medians, in microseconds for each stream. */
async function measure(url: string, length: number, chunks: boolean): Promise<Medians> {
  const streams = DELTAS_PER_ROUND / length;
  const client = (observer?: Observer) =>
    new AiClient(
      ProviderFactory.create("openai", {
        apiKey: "bench",
        environment: {},
        baseUrl: `${url}/v1`,
        model: "m",
        transport: nodeTransport(),
      }),
      observer === undefined ? {} : { observer },
    );
  const clients = {
    bare: client(),
    watched: client(watching(chunks)),
  };
  for (const one of Object.values(clients)) for (let i = 0; i < WARM_UP; i++) await round(one, streams);
  const bare: number[] = [];
  const watched: number[] = [];
  const ratios: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const without = await round(clients.bare, streams);
    const observed = await round(clients.watched, streams);
    bare.push(without);
    watched.push(observed);
    ratios.push(observed / without);
  }
  const [without, observed] = [median(bare), median(watched)];
  console.log(
    `${length} deltas: ${without.toFixed(3)} µs CPU/event with no observer, ${observed.toFixed(3)} with OpenTelemetry and Prometheus: ${median(ratios).toFixed(3)}x`,
  );
  return { length, bare: without * length, watched: observed * length };
}

interface Medians {
  readonly length: number;
  readonly bare: number;
  readonly watched: number;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

if (process.argv[2] === "serve") await serve();
else {
  const version = (name: string) => createRequire(import.meta.url)(`${name}/package.json`).version as string;
  console.log(
    `Node ${process.version}, OpenTelemetry SDK ${version("@opentelemetry/sdk-trace-base")}, medians of ${ROUNDS} rounds of ${DELTAS_PER_ROUND} deltas`,
  );
  const server = fork(fileURLToPath(import.meta.url), ["serve"]);
  const [urls] = (await once(server, "message")) as [string[]];
  const medians: Medians[] = [];
  for (const [i, length] of LENGTHS.entries())
    medians.push(await measure(urls[i] ?? "", length, process.argv[2] === "chunks"));
  const [short, long] = medians;
  if (short !== undefined && long !== undefined) {
    const further = long.length - short.length;
    const [bare, watched] = [(long.bare - short.bare) / further, (long.watched - short.watched) / further];
    console.log(
      `each further delta: ${bare.toFixed(3)} µs with no observer, ${watched.toFixed(3)} observed: ${(watched / bare).toFixed(3)}x`,
    );
  }
  server.kill();
  process.exit(0);
}
