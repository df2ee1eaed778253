import { inspect } from "node:util";
import { context, propagation } from "@opentelemetry/api";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Observer, type ObserverEvent, observers } from "../../src/core/contract/observer.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { AiClientBuilder, ProviderFactory } from "../../src/index.js";
import { type Logger, logObserver } from "../../src/observe/logs.js";
import { otelObserver } from "../../src/observe/otel.js";
import { prometheusObserver } from "../../src/observe/prometheus.js";
import { OpenAiBuilder } from "../../src/providers/builders.js";
import { circuitBreaker } from "../../src/resilience/index.js";
import { type Fault, type Simulator, startSimulator } from "../../src/testing/index.js";
import { clientOf, load, PLACES, type Place } from "./load.js";

/** Keys that look like no vendor's, so that nothing is found out by its looks alone, and one that does. */
const KEYS: Readonly<Record<Place, string>> = {
  openai: "plain-words-nobody-guesses-1",
  anthropic: "plain-words-nobody-guesses-2",
  google: "AIzaSyD-0123456789abcdefghijklmnopqrstu",
};

let simulator: Simulator;
beforeAll(async () => {
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  simulator = await startSimulator();
});
afterAll(async () => {
  propagation.disable();
  context.disable();
  await simulator.close();
});

/** Everything that a broad run leaves behind for people and machines to read, by where it was found. */
async function everythingTold(): Promise<Map<string, string>> {
  const spans = new InMemorySpanExporter();
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const exported = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const meters = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: exported, exportIntervalMillis: 3_600_000 })],
  });
  const told: Record<string, unknown[]> = { logs: [], events: [], errors: [], responses: [] };
  const line = (...words: unknown[]) => void told["logs"]?.push(words);
  const logger: Logger = { debug: line, info: line, warn: line, error: line };
  const keeper: Observer = {
    on(event: ObserverEvent) {
      told["events"]?.push(JSON.stringify(event));
      if ("error" in event && event.error !== undefined) told["errors"]?.push(...shownError(event.error));
      if ("response" in event && event.response !== undefined)
        told["responses"]?.push(JSON.stringify(event.response), inspect(event.response, { depth: 9 }));
    },
  };
  const prometheus = prometheusObserver();
  const observer = observers([
    keeper,
    prometheus,
    // The most that each can be asked to tell.
    logObserver({ logger, level: "debug", content: true, errorMessages: true }),
    otelObserver({
      tracer: tracers.getTracer("test"),
      meter: meters.getMeter("test"),
      content: true,
      errorMessages: true,
      chunks: true,
    }),
  ]);
  const client = clientOf(simulator, (place) => KEYS[place], observer);
  await load(client, simulator, 120);
  await scold(observer, told["errors"] ?? []);
  told["providers"] = shownProviders(client);
  await meters.forceFlush();
  return new Map([
    ...Object.entries(told).map(([where, all]) => [where, all.join("\n")] as const),
    ["metrics", prometheus.metrics()],
    ["spans", inspect(spans.getFinishedSpans(), { depth: 9 })],
    ["histograms", inspect(exported.getMetrics(), { depth: 12 })],
  ]);
}

/** Servers that say the key back, in every place where an error can carry it. */
async function scold(observer: Observer, errors: unknown[]): Promise<void> {
  for (const place of Object.keys(PLACES) as Place[]) {
    const key = KEYS[place];
    const faults: Fault[] = [
      { error: { code: "AUTH_FAILED", message: `Incorrect API key provided: ${key}` } },
      { status: 401, body: `<html>The key "${key}" is wrong</html>`, headers: { "x-echo": key } },
      { status: 500, body: JSON.stringify({ error: { message: `Authorization: Bearer ${key}` } }) },
      { status: 302, headers: { location: `http://elsewhere.example/?key=${key}` }, body: "" },
    ];
    simulator.script(`scold-${place}`, faults);
    const asked = circuitBreaker(
      ProviderFactory.create(place, {
        apiKey: key,
        environment: {},
        baseUrl: `${simulator.baseUrl(`scold-${place}`)}${PLACES[place]}`,
        model: "m",
      }),
    );
    for (const _fault of faults)
      await asked
        .chat({ messages: [{ role: "user", content: "Why?" }] }, { observer })
        .catch((error: unknown) => errors.push(...shownError(error)));
  }
}

/** Clients, providers and builders, as a careless `console.log` or `JSON.stringify` shows them. */
function shownProviders(client: object): string[] {
  const apiKey = KEYS.openai;
  const several = [
    ProviderFactory.create("openai", { apiKey, environment: {} }),
    new OpenAiBuilder().withApiKey(apiKey),
    new AiClientBuilder("openai").withApiKey(apiKey),
    new AiClientBuilder("openai").withApiKey(apiKey).withEnvironment({}).build(),
  ];
  return [
    inspect(client, { depth: 12 }),
    ...several.flatMap((one) => [inspect(one, { depth: 12 }), JSON.stringify(one)]),
  ];
}

function shownError(error: unknown): string[] {
  const shown = AiLibError.is(error) ? [error.message, JSON.stringify(error)] : [];
  return [...shown, String(error), inspect(error, { depth: 9, showHidden: true })];
}

it("no log, span, metric, event, error or serialised object holds a key that is in use", async () => {
  const told = await everythingTold();
  const sent = simulator.attempts.map(({ http }) => JSON.stringify([http.headers, http.query, http.path]));
  for (const key of Object.values(KEYS)) expect(sent.some((one) => one.includes(key))).toBe(true);
  for (const text of told.values()) expect(text.length).toBeGreaterThan(100);
  const leaks: string[] = [];
  for (const [where, text] of told)
    for (const [place, key] of Object.entries(KEYS)) {
      const at = text.indexOf(key);
      if (at >= 0) leaks.push(`${where}: the key of ${place} in …${text.slice(Math.max(0, at - 120), at)}…`);
    }
  expect(leaks).toEqual([]);
}, 60_000);
