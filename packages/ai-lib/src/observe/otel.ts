import {
  type Attributes,
  type Context,
  context,
  type Meter,
  metrics,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { Observer, ObserverEvent } from "../core/contract/observer.js";
import type { AiLibError } from "../core/errors/error.js";
import { refuseUnknown } from "../core/errors/options.js";
import type { Attempt } from "../core/values/attempt.js";
import { type Redaction, redactor } from "../core/values/redact.js";
import { reportableMessage } from "./error-message.js";
import { requestFields } from "./fields.js";
import {
  attemptAttributes,
  attemptEndAttributes,
  errorAttributes,
  requestAttributes,
  responseAttributes,
  targetAttributes,
} from "./otel-attributes.js";
import { inputContent, outputContent } from "./otel-content.js";
import { OtelMetrics } from "./otel-metrics.js";
import { operationName, providerName } from "./otel-names.js";

/** Settings of {@link otelObserver}. */
export interface OtelOptions {
  /** Default: the tracer `ai-lib` of the global provider. */
  readonly tracer?: Tracer | undefined;
  /** Default: the meter `ai-lib` of the global provider. */
  readonly meter?: Meter | undefined;
  /** Put messages and answers on spans, redacted. Default false. */
  readonly content?: boolean | undefined;
  /** Record the error messages of providers, which may quote the prompt. Default false: codes and facts alone. */
  readonly errorMessages?: boolean | undefined;
  /** Text to remove besides whatever looks like a credential. */
  readonly redact?: readonly Redaction[] | undefined;
  /** Record the time between two chunks of each stream. Default false: a record costs more than reading the chunk. */
  readonly chunks?: boolean | undefined;
  /** Send the trace context to the provider, with the global propagator. Default true. */
  readonly propagate?: boolean | undefined;
}

const OPTION_NAMES: ReadonlySet<string> = new Set([
  "tracer",
  "meter",
  "content",
  "errorMessages",
  "redact",
  "chunks",
  "propagate",
] satisfies (keyof OtelOptions)[]);

/**
 * Reports to OpenTelemetry: one client span for each request, one below it for each attempt, and histograms, by the
 * GenAI conventions (https://opentelemetry.io/docs/specs/semconv/gen-ai/). Names that the conventions lack begin with
 * `ai_lib.`. Needs the package `@opentelemetry/api`.
 *
 * @example
 * const client = new AiClientBuilder("groq").withObserver(otelObserver()).build();
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown option.
 */
export function otelObserver(options: OtelOptions = {}): Observer {
  refuseUnknown("option of the OpenTelemetry observer", options, OPTION_NAMES);
  const observer = new OtelObserver(options);
  return {
    on: (event) => observer.on(event),
    ...(options.chunks === true
      ? { chunk: (attempt: Attempt, ms: number) => observer.chunk(attempt, ms) }
      : {}),
  };
}

/** A request that is running. */
interface RunningRequest {
  readonly span: Span;
  readonly context: Context;
  readonly startedAt: number;
  /** The requested model, for metrics. */
  readonly model: string | undefined;
  attempts: number;
  firstContent: boolean;
  /** Names of providers in telemetry, by id, from the events of attempts. */
  readonly names: Map<string, string>;
}

/** An attempt that is running. */
interface RunningAttempt {
  readonly span: Span;
  /** Attributes of its metrics, except the model that answers. */
  readonly attributes: Attributes;
}

class OtelObserver {
  private readonly tracer: Tracer;
  private readonly metrics: OtelMetrics;
  private readonly redact: (text: string) => string;
  private readonly requests = new Map<string, RunningRequest>();
  private readonly attempts = new WeakMap<Attempt, RunningAttempt>();

  constructor(private readonly options: OtelOptions) {
    this.tracer = options.tracer ?? trace.getTracer("ai-lib");
    this.metrics = new OtelMetrics(options.meter ?? metrics.getMeter("ai-lib"), options.chunks ?? false);
    this.redact = redactor(options.redact);
  }

  on(event: ObserverEvent): void {
    switch (event.type) {
      case "request-start":
        this.requestStart(event);
        break;
      case "request-end":
        this.requestEnd(event);
        break;
      case "attempt-start":
        this.attemptStart(event);
        break;
      case "first-content":
        this.recordFirstContent(event);
        break;
      case "attempt-end":
        this.attemptEnd(event);
        break;
      case "failover":
        this.addEvent(event, {
          "ai_lib.failover.strategy": event.strategy,
          "ai_lib.failover.from": event.from,
          "ai_lib.failover.to": event.to,
          "ai_lib.failover.error_code": event.error.errorCodeWithSeverity(),
        });
        this.requests
          .get(event.requestId)
          ?.span.setAttribute("ai_lib.failover.error_code", event.error.errorCodeWithSeverity());
        break;
      case "hedge":
        this.addEvent(event, { "ai_lib.hedge.to": event.to, "ai_lib.hedge.after_ms": event.afterMs });
        break;
      case "wait":
        this.addEvent(event, {
          "ai_lib.wait.provider": event.provider,
          "ai_lib.wait.ms": event.ms,
          "ai_lib.wait.reason": event.reason,
        });
        break;
      case "breaker":
        this.addEvent(event, {
          "ai_lib.breaker.target": event.key,
          "ai_lib.breaker.from": event.from,
          "ai_lib.breaker.to": event.to,
        });
        break;
      case "cooldown":
        this.addEvent(event, {
          "ai_lib.cooldown.target": event.key,
          "ai_lib.cooldown.error_code": event.error.errorCodeWithSeverity(),
          "ai_lib.cooldown.ms": event.until - event.at,
        });
        break;
      case "rate-limit-wait":
        this.addEvent(event, {
          "ai_lib.rate_limit_wait.provider": event.provider,
          "ai_lib.rate_limit_wait.ms": event.ms,
        });
        break;
      case "shed":
        this.addEvent(event, { "ai_lib.shed.provider": event.provider, "ai_lib.shed.queued": event.queued });
        break;
      // Not about a request.
      case "health":
        break;
      default: {
        const never: never = event;
        throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
      }
    }
  }

  chunk(attempt: Attempt, sinceLastMs: number): void {
    const running = this.attempts.get(attempt);
    if (running !== undefined) this.metrics.addChunk(sinceLastMs / 1000, running.attributes);
  }

  private requestStart(event: Extract<ObserverEvent, { type: "request-start" }>): void {
    const attributes = requestAttributes(event);
    const model = attributes["gen_ai.request.model"];
    const operation = operationName(event.kind);
    if (this.options.content === true)
      Object.assign(attributes, inputContent(requestFields(event.request).messages ?? [], this.redact));
    const parent = context.active();
    const span = this.tracer.startSpan(
      model === undefined ? operation : `${operation} ${model}`,
      { kind: SpanKind.CLIENT, startTime: event.at, attributes },
      parent,
    );
    this.requests.set(event.requestId, {
      span,
      context: trace.setSpan(parent, span),
      startedAt: event.at,
      model: typeof model === "string" ? model : undefined,
      attempts: 0,
      firstContent: false,
      names: new Map(),
    });
  }

  private requestEnd(event: Extract<ObserverEvent, { type: "request-end" }>): void {
    const running = this.requests.get(event.requestId);
    if (running === undefined) return;
    this.requests.delete(event.requestId);
    const { span, model, attempts, names } = running;
    const { response, error } = event;
    const partial = response ?? error?.partial;
    const provider = partial?.provider ?? error?.target?.provider ?? event.provider;
    const name = names.get(provider) ?? providerName(provider);
    span.setAttribute("gen_ai.provider.name", name);
    if (partial !== undefined) {
      span.setAttributes(responseAttributes(partial, error === undefined));
      if (this.options.content === true) span.setAttributes(outputContent(partial, this.redact));
    }
    span.setAttribute("ai_lib.request.attempts", attempts);
    if (error !== undefined) this.fail(span, error);
    span.end(event.at);
    const attributes: Attributes = {
      "gen_ai.operation.name": operationName(event.kind),
      "gen_ai.provider.name": name,
    };
    if (model !== undefined) attributes["gen_ai.request.model"] = model;
    if (partial !== undefined) attributes["gen_ai.response.model"] = partial.model;
    if (error !== undefined) attributes["error.type"] = error.code;
    this.metrics.addRequest((event.at - event.startedAt) / 1000, attributes);
  }

  private attemptStart(event: Extract<ObserverEvent, { type: "attempt-start" }>): void {
    const { attempt, server, telemetryName } = event;
    const request = this.requests.get(event.requestId);
    const parent = request?.context ?? context.active();
    const number = request === undefined ? 1 : ++request.attempts;
    const { provider, model } = attempt.target;
    const name = telemetryName ?? providerName(provider);
    request?.names.set(provider, name);
    const attributes = targetAttributes(event.kind, attempt, name, server);
    const span = this.tracer.startSpan(
      `attempt ${model === undefined ? provider : `${provider}/${model}`}`,
      {
        kind: SpanKind.CLIENT,
        startTime: event.at,
        attributes: attemptAttributes(attempt, number, attributes),
      },
      parent,
    );
    this.attempts.set(attempt, { span, attributes });
    if (this.options.propagate !== false) propagation.inject(trace.setSpan(parent, span), event.headers);
  }

  /** Records the first content of a request; the time of each attempt is on its span when it ends. */
  private recordFirstContent(event: Extract<ObserverEvent, { type: "first-content" }>): void {
    if (event.mode !== "stream") return;
    const running = this.attempts.get(event.attempt);
    const request = this.requests.get(event.requestId);
    if (running === undefined || request === undefined || request.firstContent) return;
    request.firstContent = true;
    const seconds = (event.at - request.startedAt) / 1000;
    request.span.setAttribute("gen_ai.response.time_to_first_chunk", seconds);
    this.metrics.addFirstContent(seconds, running.attributes);
  }

  private attemptEnd(event: Extract<ObserverEvent, { type: "attempt-end" }>): void {
    const { attempt, error } = event;
    const running = this.attempts.get(attempt);
    if (running === undefined) return;
    this.attempts.delete(attempt);
    const { span } = running;
    span.setAttributes(attemptEndAttributes(attempt));
    if (error !== undefined) this.fail(span, error);
    span.end(event.at);
    const answered = attempt.outcome === "success" ? attempt.target.model : undefined;
    const attributes =
      answered === undefined
        ? running.attributes
        : { ...running.attributes, "gen_ai.response.model": answered };
    this.metrics.addAttempt((event.at - attempt.startedAt) / 1000, attributes, attempt.code);
    this.metrics.addUsage(
      attempt.usageStatus === "final" ? attempt.usage : undefined,
      attempt.cost,
      attributes,
    );
  }

  /** Adds an event to the span of a running request. */
  private addEvent(event: ObserverEvent, attributes: Attributes): void {
    this.requests
      .get(event.requestId)
      ?.span.addEvent(`ai_lib.${event.type.replaceAll("-", "_")}`, attributes, event.at);
  }

  private fail(span: Span, error: AiLibError): void {
    const message = reportableMessage(error, this.options.errorMessages ?? false, this.redact);
    span.setAttributes(errorAttributes(error));
    span.setStatus({ code: SpanStatusCode.ERROR, ...(message === undefined ? {} : { message }) });
  }
}
