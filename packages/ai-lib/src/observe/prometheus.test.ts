import { describe, expect, it } from "vitest";
import { circuitBreaker, concurrencyLimit } from "../resilience/index.js";
import { failover } from "../strategies/index.js";
import { scripted } from "../testing/index.js";
import { Counter, Gauge, Histogram } from "./exposition.js";
import { type PrometheusObserver, prometheusObserver } from "./prometheus.js";

const request = { messages: [{ role: "user", content: "Why?" }] } as const;

/** The value of one series, by the line's start. */
function value(observer: PrometheusObserver, series: string): number | undefined {
  const line = observer
    .metrics()
    .split("\n")
    .find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe("the text format", () => {
  it("writes a counter, a gauge and a histogram as the format says", () => {
    const counter = new Counter("hits_total", "Hits.", ["who"]);
    counter.add(["me"]);
    counter.add(["me"], 2);
    expect(counter.expose()).toBe(
      '# HELP hits_total Hits.\n# TYPE hits_total counter\nhits_total{who="me"} 3\n',
    );
    const gauge = new Gauge("now", "Now.", []);
    gauge.add([], 3);
    gauge.add([], -1);
    expect(gauge.expose()).toBe("# HELP now Now.\n# TYPE now gauge\nnow 2\n");
    const histogram = new Histogram("took_seconds", "Took.", ["who"], [1, 2]);
    for (const seconds of [1, 1.5, 99]) histogram.observe(["me"], seconds);
    expect(histogram.expose().split("\n").slice(2, -1)).toEqual([
      'took_seconds_bucket{who="me",le="1"} 1',
      'took_seconds_bucket{who="me",le="2"} 2',
      'took_seconds_bucket{who="me",le="+Inf"} 3',
      'took_seconds_sum{who="me"} 101.5',
      'took_seconds_count{who="me"} 3',
    ]);
  });

  it("escapes what a label may hold", () => {
    const counter = new Counter("hits_total", "A \\ and\na line.", ["who"]);
    counter.add(['a "quoted"\\\nname']);
    expect(counter.expose()).toBe(
      '# HELP hits_total A \\\\ and\\na line.\n# TYPE hits_total counter\nhits_total{who="a \\"quoted\\"\\\\\\nname"} 1\n',
    );
  });

  it("says nothing of what never happened", () => {
    expect(prometheusObserver().metrics()).toBe("");
  });
});

describe("the Prometheus observer", () => {
  it("counts requests, attempts, tokens, cost and failovers by what came of them", async () => {
    const observer = prometheusObserver();
    const chain = failover([
      scripted({ name: "busy", replies: [{ error: { code: "OVERLOADED", message: "busy" } }] }),
      scripted({
        name: "good",
        target: { provider: "good", model: "m1" },
        facts: { price: { input: 1, output: 1 } },
        replies: [{ usage: { inputTokens: 10, outputTokens: 5, cachedInputTokens: 4, reasoningTokens: 2 } }],
      }),
    ]);
    await chain.chat(request, { observer });
    await chain.stream(request, { observer }).response();
    const series: [string, number][] = [
      [`ai_lib_requests_total{provider="${chain.name}",kind="chat",mode="unary",code="",severity=""}`, 1],
      [`ai_lib_requests_total{provider="${chain.name}",kind="chat",mode="stream",code="",severity=""}`, 1],
      [`ai_lib_requests_running{provider="${chain.name}"}`, 0],
      [
        'ai_lib_attempts_total{provider="busy",model="",kind="chat",outcome="error",code="OVERLOADED",severity="TRANSIENT"}',
        2,
      ],
      [
        'ai_lib_attempts_total{provider="good",model="m1",kind="chat",outcome="success",code="",severity=""}',
        2,
      ],
      ['ai_lib_tokens_total{provider="good",model="m1",type="input",status="final"}', 20],
      ['ai_lib_tokens_total{provider="good",model="m1",type="output",status="final"}', 10],
      ['ai_lib_tokens_total{provider="good",model="m1",type="cached",status="final"}', 8],
      ['ai_lib_tokens_total{provider="good",model="m1",type="reasoning",status="final"}', 4],
      ['ai_lib_cost_dollars_total{provider="good",model="m1"}', 30 / 1e6],
      ['ai_lib_failovers_total{from="busy",to="good",code="OVERLOADED",severity="TRANSIENT"}', 2],
      ['ai_lib_attempt_duration_seconds_count{provider="good",model="m1"}', 2],
      // A unary answer has no first content.
      ['ai_lib_time_to_first_content_seconds_count{provider="good",model="m1"}', 1],
    ];
    for (const [name, expected] of series) expect([name, value(observer, name)]).toEqual([name, expected]);
  });

  it("distinguishes failed requests by code and severity, and keeps no count of what runs", async () => {
    const observer = prometheusObserver();
    const one = scripted({ name: "one", replies: [{ error: { code: "AUTH_FAILED", message: "no" } }] });
    await expect(one.chat(request, { observer })).rejects.toThrow();
    expect(
      value(
        observer,
        'ai_lib_requests_total{provider="one",kind="chat",mode="unary",code="AUTH_FAILED",severity="FATAL"}',
      ),
    ).toBe(1);
    expect(value(observer, 'ai_lib_requests_running{provider="one"}')).toBe(0);
  });

  it("counts tokens without a price apart, so that a missing price is seen", async () => {
    const observer = prometheusObserver();
    await scripted({ name: "one" }).chat(request, { observer });
    expect(value(observer, 'ai_lib_unpriced_attempts_total{provider="one",model=""}')).toBe(1);
    expect(observer.metrics()).not.toContain("ai_lib_cost_dollars_total");
    expect(observer.metrics()).toContain('status="estimated"');
  });

  it("shows breakers and shed calls", async () => {
    const observer = prometheusObserver();
    const bad = scripted({
      name: "bad",
      replies: [{ error: { code: "PROVIDER_ERROR", message: "broken" } }],
    });
    const broken = circuitBreaker(bad);
    for (let i = 0; i < 20; i++) await broken.chat(request, { observer }).catch(() => {});
    expect(observer.metrics()).toMatch(/ai_lib_breaker_state\{target="bad"\} 2\n/);
    const narrow = concurrencyLimit(scripted({ name: "slow", replies: [{ silent: true }] }), {
      limit: 1,
      maxQueue: 0,
    });
    const abort = new AbortController();
    const first = narrow.chat(request, { observer, signal: abort.signal }).catch(() => {});
    await narrow.chat(request, { observer }).catch(() => {});
    abort.abort();
    await first;
    expect(value(observer, 'ai_lib_shed_total{provider="slow"}')).toBe(1);
  });

  it("keeps the number of series bounded, whatever models are asked for", async () => {
    const observer = prometheusObserver({ maxModels: 3 });
    const any = scripted({ name: "any", target: { provider: "any" } });
    for (let i = 0; i < 50; i++) await any.chat({ ...request, model: `model-${i}` }, { observer });
    const models = new Set(Array.from(observer.metrics().matchAll(/model="([^"]*)"/g), ([, model]) => model));
    expect(models.size).toBe(4);
    expect(
      value(
        observer,
        'ai_lib_attempts_total{provider="any",model="other",kind="chat",outcome="success",code="",severity=""}',
      ),
    ).toBe(47);
  });

  it("refuses options that it does not have", () => {
    expect(() => prometheusObserver({ prefix: "x" } as object)).toThrow(/Unknown option/);
    expect(() => prometheusObserver({ maxModels: 0 })).toThrow(/maxModels/);
  });
});
