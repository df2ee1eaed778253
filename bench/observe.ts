/**
 * What it costs to watch: the CPU that a streamed event takes with an observer, OpenTelemetry's own SDK and
 * Prometheus attached, against none, over real sockets from a simulator in another process. Run with
 * `npm run bench:observe`; prints the ratio and the versions beside it. With `-- chunks` the time between chunks is
 * recorded too.
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
import { AiClient } from "../src/client/ai-client.js";
import { type Observer, observers } from "../src/core/observer.js";
import { otelObserver } from "../src/observe/otel.js";
import { prometheusObserver } from "../src/observe/prometheus.js";
import { ProviderFactory } from "../src/providers/factory.js";
import { startSimulator } from "../src/testing/simulator.js";
import { nodeTransport } from "../src/wire/transport-node.js";

/** Rounds of each measurement, taken in turn; the least counts, since whatever else runs on a machine only adds. */
const ROUNDS = 41;

/** Rounds before: what happens once a request takes thousands of requests to be compiled. */
const WARM_UP = 60;

/** Streams of one round, and the deltas of each. */
const STREAMS = 40;
const DELTAS = 250;

/** The other process: a simulator that answers with as many deltas as are wanted. */
async function serve(): Promise<void> {
  const text = "word ".repeat(DELTAS);
  const simulator = await startSimulator({
    pieceLength: 5,
    answer: () => ({ content: [{ type: "text", text }] }),
  });
  process.once("disconnect", () => process.exit());
  process.send?.(simulator.baseUrl("bench"));
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

/** CPU microseconds for each event of a round. */
async function round(client: AiClient): Promise<number> {
  let events = 0;
  const before = process.cpuUsage();
  for (let i = 0; i < STREAMS; i++) for await (const _event of client.stream("Go on")) events++;
  const { user, system } = process.cpuUsage(before);
  return (user + system) / events;
}

async function measure(url: string, chunks: boolean): Promise<void> {
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
    "no observer": client(),
    "OpenTelemetry and Prometheus": client(watching(chunks)),
  };
  const taken = new Map<string, number[]>();
  for (const one of Object.values(clients)) for (let i = 0; i < WARM_UP; i++) await round(one);
  // In turn, so that a busy machine weighs on all alike.
  for (let i = 0; i < ROUNDS; i++)
    for (const [name, one] of Object.entries(clients))
      taken.set(name, [...(taken.get(name) ?? []), await round(one)]);
  const bare = Math.min(...(taken.get("no observer") ?? []));
  const version = (name: string) => createRequire(import.meta.url)(`${name}/package.json`).version as string;
  console.log(
    `Node ${process.version}, OpenTelemetry SDK ${version("@opentelemetry/sdk-trace-base")}; ${STREAMS} streams of ${DELTAS} deltas, least of ${ROUNDS} rounds`,
  );
  for (const [name, values] of taken) {
    const least = Math.min(...values);
    console.log(`${least.toFixed(2)} µs CPU/event  ${(least / bare).toFixed(3)}x  ${name}`);
  }
}

if (process.argv[2] === "serve") await serve();
else {
  const server = fork(fileURLToPath(import.meta.url), ["serve"]);
  const [url] = (await once(server, "message")) as [string];
  await measure(url, process.argv[2] === "chunks");
  server.kill();
  process.exit(0);
}
