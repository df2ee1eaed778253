import type { PrometheusObserver } from "ai-lib/prometheus";
import type { LedgerNumbers } from "./admission.js";
import type { Readiness } from "./status.js";

/** The numbers of a gateway beside those of its calls. */
export interface GatewayNumbers extends Readiness {
  /** Requests that are being answered. */
  readonly running: number;
  readonly connections: number;
  /** Requests that were refused without a call, by their status. */
  readonly refused: ReadonlyMap<number, number>;
  /** Of the ledger; undefined for a gateway without one. */
  readonly ledger?: LedgerNumbers | undefined;
}

/** Writes the metrics of the gateway in the text format of Prometheus. */
export function formatMetrics(observer: PrometheusObserver, numbers: GatewayNumbers): string {
  const { running, connections, refused, revision, reload, draining, ledger } = numbers;
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
  if (ledger !== undefined) lines.push(...ledgerLines(ledger));
  return `${lines.join("\n")}\n${observer.metrics()}`;
}

function ledgerLines({ queued, written, droppedCalls, droppedContents, failures }: LedgerNumbers): string[] {
  return [
    ...gauge("ai_lib_gateway_ledger_queued", "Finished calls that wait to be written to the ledger.", queued),
    ...counter("ai_lib_gateway_ledger_written_total", "Calls that were written to the ledger.", [
      ["", written],
    ]),
    ...counter(
      "ai_lib_gateway_ledger_dropped_total",
      "What a full queue left out of the ledger: the content of calls first, then calls.",
      [
        ['{what="content"}', droppedContents],
        ['{what="call"}', droppedCalls],
      ],
    ),
    ...counter("ai_lib_gateway_ledger_failures_total", "Writes to the ledger that failed.", [["", failures]]),
  ];
}

function counter(name: string, help: string, values: readonly (readonly [string, number])[]): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} counter`,
    ...values.map(([labels, value]) => `${name}${labels} ${value}`),
  ];
}

function gauge(name: string, help: string, value: number): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`];
}
