import type { Observer } from "ai-lib";
import type { RequestHead } from "ai-lib/serve";
import { configError } from "./config-error.js";

/** What reports to OpenTelemetry. */
export interface Telemetry {
  readonly observer: Observer;
  /** Runs a call in the trace whose context its client sent. */
  inTrace(head: RequestHead, run: () => void): void;
}

/**
 * Loads OpenTelemetry. The SDK, which decides where spans go, is the operator's: `node --import ./telemetry.mjs`.
 * @throws {AiLibError} `CONFIG_ERROR` where `@opentelemetry/api` is not installed.
 */
export async function loadTelemetry(): Promise<Telemetry> {
  const [api, { otelObserver }] = await Promise.all([
    import("@opentelemetry/api"),
    import("ai-lib/otel"),
  ]).catch(() => {
    throw configError("telemetry.otel needs the package @opentelemetry/api: npm install @opentelemetry/api");
  });
  const { context, propagation, ROOT_CONTEXT } = api;
  return {
    observer: otelObserver(),
    inTrace: ({ headers }, run) => context.with(propagation.extract(ROOT_CONTEXT, headers), run),
  };
}
