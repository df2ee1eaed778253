import type { Observer, ObserverEvent } from "../core/contract/observer.js";
import type { AiLibError } from "../core/errors/error.js";
import { refuseUnknown, wholeAtLeast } from "../core/errors/options.js";
import { REACTIONS } from "../core/errors/reactions.js";
import type { Attempt } from "../core/values/attempt.js";
import type { Usage } from "../core/values/usage.js";
import { DURATION_SECONDS } from "./buckets.js";
import { Counter, Gauge, Histogram } from "./exposition.js";
import { BoundedLabel } from "./labels.js";

/** Settings of {@link prometheusObserver}. */
export interface PrometheusOptions {
  /** Distinct models with a label of their own; further ones count as `other`. Default 100. */
  readonly maxModels?: number | undefined;
  /** Distinct providers, strategies, keys and breaker targets with a label of their own. Default 100. */
  readonly maxNames?: number | undefined;
  /** Upper bounds of the duration histograms, in seconds, ascending. Default: the advice of OpenTelemetry. */
  readonly buckets?: readonly number[] | undefined;
}

const OPTION_NAMES: ReadonlySet<string> = new Set([
  "maxModels",
  "maxNames",
  "buckets",
] satisfies (keyof PrometheusOptions)[]);

/** The media type of {@link PrometheusObserver.metrics}, for the header `content-type`. */
export const PROMETHEUS_CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Collects metrics for Prometheus. Serve `metrics()` at `/metrics`. The number of providers, models and other labels is
 * bounded, whatever names callers send.
 *
 * @example
 * const prometheus = prometheusObserver();
 * const client = new AiClientBuilder("groq").withObserver(prometheus).build();
 * createServer((_, reply) => reply.setHeader("content-type", PROMETHEUS_CONTENT_TYPE).end(prometheus.metrics()));
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option or one out of range.
 */
export function prometheusObserver(options: PrometheusOptions = {}): PrometheusObserver {
  return new PrometheusObserver(options);
}

/** @see prometheusObserver */
export class PrometheusObserver implements Observer {
  private readonly names: BoundedLabel;
  private readonly models: BoundedLabel;

  private readonly requests = new Counter(
    "ai_lib_requests_total",
    "Requests that ended; code and severity are empty for a success.",
    ["provider", "kind", "mode", "code", "severity"],
  );
  private readonly running = new Gauge("ai_lib_requests_running", "Requests that are running now.", [
    "provider",
  ]);
  private readonly requestSeconds: Histogram;
  private readonly attempts = new Counter(
    "ai_lib_attempts_total",
    "Attempts at one target that ended; code and severity are empty for a success.",
    ["provider", "model", "kind", "outcome", "code", "severity"],
  );
  private readonly attemptSeconds: Histogram;
  private readonly firstSeconds: Histogram;
  private readonly tokens = new Counter(
    "ai_lib_tokens_total",
    "Tokens of all attempts, failed ones included; cached, cache_write and reasoning are parts of input and output.",
    ["provider", "model", "type", "status"],
  );
  private readonly units = new Counter(
    "ai_lib_units_total",
    "What vendors bill besides tokens: seconds of sound, characters, images, searches, pages.",
    ["provider", "model", "unit"],
  );
  private readonly cost = new Counter(
    "ai_lib_cost_dollars_total",
    "US dollars of all attempts whose price is known, failed ones included.",
    ["provider", "model"],
  );
  private readonly unpriced = new Counter(
    "ai_lib_unpriced_attempts_total",
    "Attempts that used tokens whose price is unknown.",
    ["provider", "model"],
  );
  private readonly failovers = new Counter(
    "ai_lib_failovers_total",
    "Moves to another member after an error.",
    ["from", "to", "code", "severity"],
  );
  private readonly hedges = new Counter(
    "ai_lib_hedges_total",
    "Further calls that were opened because the first one was slow.",
    ["to"],
  );
  private readonly waits = new Counter("ai_lib_wait_seconds_total", "Time waited before attempts.", [
    "provider",
  ]);
  private readonly rateLimitWaits = new Counter(
    "ai_lib_rate_limit_waits_total",
    "Calls that waited for a rate limit of this process.",
    ["provider"],
  );
  private readonly shed = new Counter("ai_lib_shed_total", "Calls refused because every place was taken.", [
    "provider",
  ]);
  private readonly breakers = new Gauge(
    "ai_lib_breaker_state",
    "State of a circuit breaker: 0 closed, 1 half-open, 2 open.",
    ["target"],
  );
  private readonly breakerChanges = new Counter("ai_lib_breaker_changes_total", "Changes of a breaker.", [
    "target",
    "to",
  ]);
  private readonly cooldowns = new Counter(
    "ai_lib_cooldowns_total",
    "Cooldowns of a key or a target after an error.",
    ["target", "code", "severity"],
  );
  private readonly healthy = new Gauge("ai_lib_target_healthy", "1 while a target is healthy, 0 while not.", [
    "provider",
    "model",
    "key",
  ]);

  constructor(options: PrometheusOptions = {}) {
    refuseUnknown("option of the Prometheus observer", options, OPTION_NAMES);
    this.names = new BoundedLabel(wholeAtLeast("maxNames", options.maxNames ?? 100, 1));
    this.models = new BoundedLabel(wholeAtLeast("maxModels", options.maxModels ?? 100, 1));
    const buckets = [...(options.buckets ?? DURATION_SECONDS)].sort((a, b) => a - b);
    const histogram = (name: string, help: string, names: readonly string[]) =>
      new Histogram(name, help, names, buckets);
    this.requestSeconds = histogram(
      "ai_lib_request_duration_seconds",
      "Requests from start to end, with every attempt and wait.",
      ["provider", "kind", "mode"],
    );
    this.attemptSeconds = histogram("ai_lib_attempt_duration_seconds", "Calls of one target.", [
      "provider",
      "model",
    ]);
    this.firstSeconds = histogram(
      "ai_lib_time_to_first_content_seconds",
      "From the start of a streaming attempt to its first content.",
      ["provider", "model"],
    );
  }

  /** All metrics in the text format of Prometheus, version 0.0.4. */
  metrics(): string {
    return [
      this.requests,
      this.running,
      this.requestSeconds,
      this.attempts,
      this.attemptSeconds,
      this.firstSeconds,
      this.tokens,
      this.units,
      this.cost,
      this.unpriced,
      this.failovers,
      this.hedges,
      this.waits,
      this.rateLimitWaits,
      this.shed,
      this.breakers,
      this.breakerChanges,
      this.cooldowns,
      this.healthy,
    ]
      .map((family) => family.expose())
      .join("");
  }

  on(event: ObserverEvent): void {
    const { names } = this;
    switch (event.type) {
      case "request-start":
        this.running.add([names.of(event.provider)], 1);
        break;
      case "request-end": {
        const provider = names.of(event.provider);
        this.running.add([provider], -1);
        this.requests.add([provider, event.kind, event.mode, ...codeLabels(event.error)]);
        const seconds = (event.at - event.startedAt) / 1000;
        this.requestSeconds.observe([provider, event.kind, event.mode], seconds);
        break;
      }
      // Attempts are counted at their end: only then is the model known that answered.
      case "attempt-start":
      case "first-content":
        break;
      case "attempt-end":
        this.attemptEnd(event.attempt, event.at, event.kind, event.mode);
        break;
      case "wait":
        this.waits.add([names.of(event.provider)], event.ms / 1000);
        break;
      case "failover":
        this.failovers.add([names.of(event.from), names.of(event.to), ...codeLabels(event.error)]);
        break;
      case "hedge":
        this.hedges.add([names.of(event.to)]);
        break;
      case "breaker": {
        const target = names.of(event.key);
        this.breakers.set([target], BREAKER_STATES[event.to]);
        this.breakerChanges.add([target, event.to]);
        break;
      }
      case "cooldown":
        this.cooldowns.add([names.of(event.key), ...codeLabels(event.error)]);
        break;
      case "rate-limit-wait":
        this.rateLimitWaits.add([names.of(event.provider)]);
        break;
      case "shed":
        this.shed.add([names.of(event.provider)]);
        break;
      case "health": {
        const { provider, model = "", key = "" } = event.target;
        this.healthy.set([names.of(provider), this.models.of(model), names.of(key)], event.healthy ? 1 : 0);
        break;
      }
      default: {
        const never: never = event;
        throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
      }
    }
  }

  private attemptEnd(attempt: Attempt, at: number, kind: string, mode: "unary" | "stream"): void {
    const target = this.target(attempt);
    const { code } = attempt;
    const severity = code === undefined ? "" : REACTIONS[code].severity;
    this.attempts.add([...target, kind, attempt.outcome, code ?? "", severity]);
    this.attemptSeconds.observe(target, (at - attempt.startedAt) / 1000);
    if (mode === "stream" && attempt.firstContentMs !== undefined)
      this.firstSeconds.observe(target, attempt.firstContentMs / 1000);
    if (attempt.usage === undefined) return;
    const status = attempt.usageStatus ?? "final";
    const [provider, model] = target;
    for (const [type, name] of TOKEN_TYPES) {
      const count = attempt.usage[name];
      if (count !== undefined) this.tokens.add([provider, model, type, status], count);
    }
    const { units } = attempt.usage;
    for (const unit in units) this.units.add([provider, model, unit], units[unit as keyof typeof units] ?? 0);
    if (attempt.cost === undefined) this.unpriced.add(target);
    else this.cost.add(target, attempt.cost);
  }

  private target({ target }: Attempt): readonly [provider: string, model: string] {
    return [this.names.of(target.provider), this.models.of(target.model ?? "")];
  }
}

const BREAKER_STATES = { closed: 0, "half-open": 1, open: 2 } as const;

function codeLabels(error: AiLibError | undefined): readonly [code: string, severity: string] {
  return error === undefined ? ["", ""] : [error.code, error.severity];
}

const TOKEN_TYPES = [
  ["input", "inputTokens"],
  ["output", "outputTokens"],
  ["cached", "cachedInputTokens"],
  ["cache_write", "cacheWriteInputTokens"],
  ["reasoning", "reasoningTokens"],
] as const satisfies readonly (readonly [type: string, name: keyof Usage])[];
