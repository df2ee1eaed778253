export type { HealthSource } from "../core/contract/health.js";
export { type HealthCheckOptions, type HealthReport, type HealthStatus, healthCheck } from "./check.js";
export { HealthMonitor, type HealthMonitorOptions, type ProviderHealth } from "./monitor.js";
export type { CallStatistics } from "./statistics.js";
