import type { Attributes, Histogram, Meter } from "@opentelemetry/api";
import type { Usage } from "../core/values/usage.js";
import { DURATION_SECONDS, TOKENS } from "./buckets.js";

/**
 * The histograms of the conventions, with the advised bucket boundaries, and those of ai-lib. Tokens are recorded for
 * every attempt whose provider reported them, since failed attempts are billed, too; the conventions exclude estimates.
 * https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/
 */
export class OtelMetrics {
  private readonly duration: Histogram;
  private readonly usage: Histogram;
  private readonly firstChunk: Histogram;
  private readonly outputChunk: Histogram | undefined;
  private readonly attempt: Histogram;
  private readonly cost: Histogram;

  constructor(meter: Meter, chunks: boolean) {
    const seconds = (name: string, description: string) =>
      meter.createHistogram(name, {
        unit: "s",
        description,
        advice: { explicitBucketBoundaries: [...DURATION_SECONDS] },
      });
    this.duration = seconds("gen_ai.client.operation.duration", "GenAI operation duration.");
    this.usage = meter.createHistogram("gen_ai.client.token.usage", {
      unit: "{token}",
      description: "Number of input and output tokens used.",
      advice: { explicitBucketBoundaries: [...TOKENS] },
    });
    this.firstChunk = seconds(
      "gen_ai.client.operation.time_to_first_chunk",
      "From the start of a streaming request to its first content.",
    );
    this.outputChunk = chunks
      ? seconds("gen_ai.client.operation.time_per_output_chunk", "Between two chunks of streamed content.")
      : undefined;
    this.attempt = seconds("ai_lib.attempt.duration", "One call of one target.");
    this.cost = meter.createHistogram("ai_lib.attempt.cost", {
      unit: "USD",
      description: "Cost of an attempt, where its price is known.",
      advice: { explicitBucketBoundaries: [0.0001, 0.001, 0.01, 0.1, 1, 10] },
    });
  }

  addRequest(seconds: number, attributes: Attributes): void {
    this.duration.record(seconds, attributes);
  }

  addFirstContent(seconds: number, attributes: Attributes): void {
    this.firstChunk.record(seconds, attributes);
  }

  addChunk(seconds: number, attributes: Attributes): void {
    this.outputChunk?.record(seconds, attributes);
  }

  addAttempt(seconds: number, attributes: Attributes, error: string | undefined): void {
    this.attempt.record(seconds, error === undefined ? attributes : { ...attributes, "error.type": error });
  }

  addUsage(usage: Usage | undefined, cost: number | undefined, attributes: Attributes): void {
    if (usage !== undefined) {
      this.usage.record(usage.inputTokens, { ...attributes, "gen_ai.token.type": "input" });
      this.usage.record(usage.outputTokens, { ...attributes, "gen_ai.token.type": "output" });
    }
    if (cost !== undefined) this.cost.record(cost, attributes);
  }
}
