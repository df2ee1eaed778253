import { type Context, context, propagation, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import {
  AggregationTemporality,
  type HistogramMetricData,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { observers } from "../core/contract/observer.js";
import { defineProvider } from "../providers/endpoint/define.js";
import { ProviderFactory } from "../providers/factory.js";
import { defineChatProvider } from "../providers/own/adapter.js";
import { failover } from "../strategies/index.js";
import { type Simulator, scripted, startSimulator } from "../testing/index.js";
import { SIMULATED_CALLS, type SimulatedUnaryKind } from "../testing/simulation/kinds.js";
import { DURATION_SECONDS, TOKENS } from "./buckets.js";
import { type OtelOptions, otelObserver } from "./otel.js";
import { prometheusObserver } from "./prometheus.js";

const request = { messages: [{ role: "user", content: "The prompt" }] } as const;

/** A real SDK that exports to memory. */
function sdk(options: Omit<OtelOptions, "tracer" | "meter"> = {}) {
  const spanExporter = new InMemorySpanExporter();
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spanExporter)] });
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({
    exporter: metricExporter,
    exportIntervalMillis: 3_600_000,
  });
  const meters = new MeterProvider({ readers: [reader] });
  const tracer = tracers.getTracer("test");
  const observer = otelObserver({ tracer, meter: meters.getMeter("test"), ...options });
  return {
    tracer,
    observer,
    spans: () => spanExporter.getFinishedSpans(),
    async histogram(name: string): Promise<HistogramMetricData | undefined> {
      await meters.forceFlush();
      const all =
        metricExporter
          .getMetrics()
          .at(-1)
          ?.scopeMetrics.flatMap((scope) => scope.metrics) ?? [];
      return all.find((metric) => metric.descriptor.name === name) as HistogramMetricData | undefined;
    },
  };
}

function named(spans: readonly ReadableSpan[], start: string): ReadableSpan[] {
  return spans.filter((span) => span.name.startsWith(start));
}

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});
afterAll(() => {
  context.disable();
  propagation.disable();
});

/** The operation of each kind: a name of the conventions where they have one, else the kind's own. */
const OPERATIONS: Readonly<Record<SimulatedUnaryKind, string>> = {
  embed: "embeddings",
  rerank: "rerank",
  moderate: "moderate",
  transcribe: "transcribe",
  speak: "speak",
  image: "image",
  ocr: "ocr",
  decide: "decide",
  countTokens: "countTokens",
};

describe.each(Object.entries(OPERATIONS) as [SimulatedUnaryKind, string][])(
  "a call of the kind %s",
  (kind, operation) => {
    const { laws, request: asked } = SIMULATED_CALLS[kind];

    it("has a span and a duration with its operation, and Prometheus counts it by its kind", async () => {
      const { observer, spans, histogram } = sdk();
      const prometheus = prometheusObserver();
      const provider = scripted({ name: "any", kinds: [kind], replies: [{}] });
      await provider.call(laws as never, { ...asked, model: "m-1" } as never, {
        observer: observers([observer, prometheus]),
      });
      const [span] = named(spans(), `${operation} m-1`);
      expect(span?.attributes).toMatchObject({
        "gen_ai.operation.name": operation,
        "gen_ai.request.model": "m-1",
        "gen_ai.provider.name": "any",
      });
      const durations = await histogram("gen_ai.client.operation.duration");
      expect(durations?.dataPoints.map(({ attributes }) => attributes["gen_ai.operation.name"])).toEqual([
        operation,
      ]);
      const text = prometheus.metrics();
      expect(text).toContain(
        `ai_lib_requests_total{provider="any",kind="${kind}",mode="unary",code="",severity=""} 1`,
      );
      expect(text).toContain(
        `ai_lib_attempts_total{provider="any",model="m-1",kind="${kind}",outcome="success",code="",severity=""} 1`,
      );
    });
  },
);

describe("spans", () => {
  it("are one of kind client for a request, with the conventions' attributes", async () => {
    const { observer, spans } = sdk();
    const one = scripted({
      name: "mistral",
      target: { provider: "mistral", model: "m-large" },
      facts: { price: { input: 1, output: 1 } },
      replies: [
        {
          usage: {
            inputTokens: 10,
            outputTokens: 5,
            cachedInputTokens: 4,
            cacheWriteInputTokens: 1,
            reasoningTokens: 2,
          },
        },
      ],
    });
    await one
      .stream({ ...request, model: "m-large", maxTokens: 99, temperature: 0, stop: ["END"] }, { observer })
      .response();
    const [span] = named(spans(), "chat");
    expect(span?.name).toBe("chat m-large");
    expect(span?.kind).toBe(2);
    expect(span?.attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "mistral_ai",
      "gen_ai.request.model": "m-large",
      "gen_ai.request.stream": true,
      "gen_ai.request.max_tokens": 99,
      "gen_ai.request.temperature": 0,
      "gen_ai.request.stop_sequences": ["END"],
      "gen_ai.response.model": "m-large",
      "gen_ai.response.finish_reasons": ["stop"],
      "gen_ai.usage.input_tokens": 10,
      "gen_ai.usage.output_tokens": 5,
      "gen_ai.usage.cache_read.input_tokens": 4,
      "gen_ai.usage.cache_creation.input_tokens": 1,
      "gen_ai.usage.reasoning.output_tokens": 2,
      "ai_lib.cost": 15 / 1e6,
      "ai_lib.usage.status": "final",
      "ai_lib.request.attempts": 1,
    });
    expect(span?.attributes["gen_ai.response.id"]).toEqual(expect.any(String));
    expect(span?.attributes["gen_ai.response.time_to_first_chunk"]).toEqual(expect.any(Number));
  });

  it("have a child for each attempt, and say why it moved on", async () => {
    const { observer, spans } = sdk();
    const chain = failover([
      scripted({
        name: "busy",
        target: { provider: "busy", model: "b", key: "team" },
        replies: [{ error: { code: "OVERLOADED", status: 529, message: "You said: The prompt" } }],
      }),
      scripted({ name: "good", target: { provider: "good", model: "g" } }),
    ]);
    await chain.chat(request, { observer });
    const [outer] = named(spans(), "chat");
    const inner = named(spans(), "attempt");
    expect(inner.map(({ name }) => name)).toEqual(["attempt busy/b", "attempt good/g"]);
    for (const span of inner) expect(span.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(inner[0]?.status).toEqual({ code: SpanStatusCode.ERROR });
    expect(inner[0]?.attributes).toMatchObject({
      "error.type": "OVERLOADED",
      "http.response.status_code": 529,
      "ai_lib.error.code_with_severity": "TRANSIENT_OVERLOADED",
      "ai_lib.attempt.number": 1,
      "ai_lib.attempt.key": "team",
      "ai_lib.attempt.outcome": "error",
    });
    expect(inner[1]?.attributes).toMatchObject({
      "ai_lib.attempt.number": 2,
      "ai_lib.attempt.outcome": "success",
    });
    expect(outer?.attributes).toMatchObject({
      "gen_ai.provider.name": "good",
      "ai_lib.failover.error_code": "TRANSIENT_OVERLOADED",
      "ai_lib.request.attempts": 2,
    });
    expect(outer?.status.code).toBe(SpanStatusCode.UNSET);
    expect(outer?.events.map(({ name }) => name)).toEqual(["ai_lib.failover"]);
    // Tokens of a request stand on one span alone, so that a sum over spans is right.
    expect(spans().filter((span) => "gen_ai.usage.input_tokens" in span.attributes)).toEqual([outer]);
  });

  it("are children of the span that is active when the call is made", async () => {
    const { observer, spans, tracer } = sdk();
    await tracer.startActiveSpan("handler", async (span) => {
      await scripted({ name: "one" }).chat(request, { observer });
      span.end();
    });
    const [outer] = named(spans(), "chat");
    const [handler] = named(spans(), "handler");
    expect(outer?.parentSpanContext?.spanId).toBe(handler?.spanContext().spanId);
  });

  it("end, with the error's code, for calls that fail, are left or are aborted", async () => {
    const { observer, spans } = sdk();
    const one = scripted({ name: "one", replies: [{ error: { code: "AUTH_FAILED", message: "no" } }] });
    await expect(one.chat(request, { observer })).rejects.toThrow();
    const silent = scripted({ name: "two", replies: [{ text: "a", silent: true }] });
    for await (const event of silent.stream(request, { observer })) if (event.type === "text-delta") break;
    const types = named(spans(), "chat").map(({ attributes }) => attributes["error.type"]);
    expect(types).toEqual(["AUTH_FAILED", "CANCELLED"]);
    expect(named(spans(), "attempt")).toHaveLength(2);
    expect(named(spans(), "chat")[1]?.attributes["gen_ai.response.finish_reasons"]).toEqual(["error"]);
  });

  it("hold no content unless it is asked for", async () => {
    const { observer, spans } = sdk();
    await scripted({ name: "one", replies: [{ text: "The answer" }] }).chat(request, { observer });
    const failing = scripted({
      name: "two",
      replies: [{ error: { code: "INVALID_REQUEST", message: "The prompt is bad" } }],
    });
    await failing.chat(request, { observer }).catch(() => {});
    const all = JSON.stringify(spans().map(({ attributes, events, status }) => [attributes, events, status]));
    expect(all).not.toMatch(/The prompt|The answer/);
  });

  it("hold it redacted, as the conventions' JSON, if requested", async () => {
    const { observer, spans } = sdk({ content: true, redact: [/answer/] });
    await scripted({ name: "one", replies: [{ text: "The answer" }] }).chat(
      { messages: [{ role: "system", content: "Be brief" }, ...request.messages] },
      { observer },
    );
    const [span] = named(spans(), "chat");
    const read = (name: string) => JSON.parse(String(span?.attributes[name]));
    expect(read("gen_ai.system_instructions")).toEqual([{ type: "text", content: "Be brief" }]);
    expect(read("gen_ai.input.messages")).toEqual([
      { role: "user", parts: [{ type: "text", content: "The prompt" }] },
    ]);
    expect(read("gen_ai.output.messages")).toEqual([
      { role: "assistant", parts: [{ type: "text", content: "The [redacted]" }], finish_reason: "stop" },
    ]);
  });
});

describe("trace context", () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(async () => {
    await simulator.close();
  });

  it("is sent with each attempt, which names its server", async () => {
    const { observer, spans } = sdk();
    simulator.script("first", [{ status: 503 }]);
    const member = (place: string) =>
      ProviderFactory.create("openai", {
        apiKey: "key",
        environment: {},
        baseUrl: `${simulator.baseUrl(place)}/v1`,
        model: "m",
      });
    await failover([member("first"), member("second")]).chat(request, { observer });
    const inner = named(spans(), "attempt");
    const sent = simulator.attempts.map(({ http }) => http.headers["traceparent"]);
    expect(sent).toEqual(
      inner.map((span) => `00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`),
    );
    const { hostname, port } = new URL(simulator.url);
    expect(inner[0]?.attributes).toMatchObject({ "server.address": hostname, "server.port": Number(port) });
  });

  it("names the provider as its data does, on the spans of the attempt and of the request", async () => {
    const { observer, spans, histogram } = sdk();
    const data = { id: "labs", dialect: "openai-chat", baseUrl: `${simulator.baseUrl("labs")}/v1` } as const;
    const labs = defineProvider({ ...data, model: "m", telemetryName: "acme.ai" }, { apiKey: "k" });
    await labs.chat(request, { observer });
    expect(spans().map(({ attributes }) => attributes["gen_ai.provider.name"])).toEqual([
      "acme.ai",
      "acme.ai",
    ]);
    const duration = await histogram("gen_ai.client.operation.duration");
    expect(duration?.dataPoints[0]?.attributes["gen_ai.provider.name"]).toBe("acme.ai");
  });

  it("is not sent if configured so", async () => {
    const { observer } = sdk({ propagate: false });
    const seen: unknown[] = [];
    const own = defineChatProvider({
      name: "own",
      chat: (_request, { headers }) => {
        seen.push(headers["traceparent"]);
        return "hello";
      },
    });
    await own.chat(request, { observer });
    expect(seen).toEqual([undefined]);
  });
});

describe("histograms", () => {
  it("are the conventions', with their advised buckets", async () => {
    const { observer, histogram } = sdk();
    const one = scripted({
      name: "one",
      target: { provider: "groq", model: "m" },
      replies: [{ usage: { inputTokens: 10, outputTokens: 3 } }],
    });
    await one.chat(request, { observer });
    await one.stream(request, { observer }).response();
    const duration = await histogram("gen_ai.client.operation.duration");
    expect(duration?.descriptor.unit).toBe("s");
    expect(duration?.dataPoints[0]?.value.buckets.boundaries).toEqual(DURATION_SECONDS);
    expect(duration?.dataPoints.map(({ value }) => value.count)).toEqual([2]);
    const usage = await histogram("gen_ai.client.token.usage");
    expect(usage?.dataPoints[0]?.value.buckets.boundaries).toEqual(TOKENS);
    expect(
      usage?.dataPoints.map(({ attributes, value }) => [
        attributes["gen_ai.token.type"],
        value.count,
        value.sum,
      ]),
    ).toEqual([
      ["input", 2, 20],
      ["output", 2, 6],
    ]);
    // Only a stream has chunks.
    const first = await histogram("gen_ai.client.operation.time_to_first_chunk");
    expect(first?.dataPoints.map(({ value }) => value.count)).toEqual([1]);
    expect(await histogram("gen_ai.client.operation.time_per_output_chunk")).toBeUndefined();
  });

  it("count no estimate as usage, and name the error of a failure", async () => {
    const { observer, histogram } = sdk();
    await scripted({ name: "one" }).chat(request, { observer });
    const bad = scripted({ name: "two", replies: [{ error: { code: "OVERLOADED", message: "no" } }] });
    await bad.chat(request, { observer }).catch(() => {});
    expect(await histogram("gen_ai.client.token.usage")).toBeUndefined();
    const duration = await histogram("gen_ai.client.operation.duration");
    expect(duration?.dataPoints.map(({ attributes }) => attributes["error.type"])).toEqual([
      undefined,
      "OVERLOADED",
    ]);
  });

  it("contain the time between chunks if requested", async () => {
    const { observer, histogram } = sdk({ chunks: true });
    expect(observer.chunk).toBeDefined();
    expect(otelObserver().chunk).toBeUndefined();
    const one = scripted({ name: "one", replies: [{ text: ["a", "b", "c"], everyMs: 2 }] });
    await one.stream(request, { observer }).response();
    const chunks = await histogram("gen_ai.client.operation.time_per_output_chunk");
    expect(chunks?.dataPoints.map(({ value }) => value.count)).toEqual([2]);
  });
});

it("an observer with unknown options is refused", () => {
  expect(() => otelObserver({ captureContent: true } as object)).toThrow(/Unknown option/);
});

describe("without an SDK", () => {
  afterEach(() => {
    trace.disable();
  });

  it("calls work as before, and nothing is recorded", async () => {
    const active: Context = context.active();
    const response = await scripted({ name: "one" }).chat(request, { observer: otelObserver() });
    expect(response.text).not.toBe("");
    expect(context.active()).toBe(active);
  });
});
