import type { PrometheusObserver } from "ai-lib/prometheus";
import type { Readiness } from "./status.js";

/** The numbers of a gateway beside those of its calls. */
export interface GatewayNumbers extends Readiness {
  /** Requests that are being answered. */
  readonly running: number;
  readonly connections: number;
  /** Requests that were refused without a call, by their status. */
  readonly refused: ReadonlyMap<number, number>;
}

/** Writes the metrics of the gateway in the text format of Prometheus. */
export function formatMetrics(observer: PrometheusObserver, numbers: GatewayNumbers): string {
  const { running, connections, refused, revision, reload, draining } = numbers;
  const lines = [
    ...gauge("ai_lib_gateway_requests_running", "Requests that are being answered.", running),
    ...gauge("ai_lib_gateway_connections", "Open connections of clients.", connections),
    ...gauge(
      "ai_lib_gateway_draining",
      "1 while the gateway ends its running calls and takes no more.",
      draining ? 1 : 0,
    ),
    "# HELP ai_lib_gateway_refused_total Requests that were refused without a call, by their status.",
    "# TYPE ai_lib_gateway_refused_total counter",
    ...[...refused].map(([status, count]) => `ai_lib_gateway_refused_total{status="${status}"} ${count}`),
  ];
  if (revision !== undefined)
    lines.push(
      "# HELP ai_lib_gateway_config_info The revision of the configuration that is served.",
      "# TYPE ai_lib_gateway_config_info gauge",
      `ai_lib_gateway_config_info{revision="${revision}"} 1`,
    );
  if (reload !== undefined)
    lines.push(
      ...gauge(
        "ai_lib_gateway_reload_ok",
        "Whether the last reload of the configuration was applied.",
        reload.ok ? 1 : 0,
      ),
      ...gauge(
        "ai_lib_gateway_reload_timestamp_seconds",
        "When the last reload was tried.",
        reload.at / 1_000,
      ),
    );
  return `${lines.join("\n")}\n${observer.metrics()}`;
}

function gauge(name: string, help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`];
}
