import type { GatewayConfig } from "./config/schema.js";

/** Bounds and habits of a gateway; those that a file leaves out have defaults. */
export interface Settings {
  readonly bodyBytes: number;
  readonly headerBytes: number;
  readonly headersMs: number;
  readonly requestMs: number;
  readonly connections: number;
  readonly calls: number;
  readonly drainMs: number;
  readonly heartbeatMs: number;
  readonly heartbeatFrom: "content" | "call";
  readonly onDisconnect: "abort" | "drain";
  /** Stores, in memory, state that clients refer to and do not send again. */
  readonly conversations: boolean;
}

const MIB = 1024 * 1024;

/** The settings of a configuration. */
export function settingsOf(config: GatewayConfig = {}): Settings {
  const { limits = {}, heartbeat, onDisconnect = "abort", conversations = true } = config;
  return {
    bodyBytes: limits.bodyBytes ?? 32 * MIB,
    headerBytes: limits.headerBytes ?? 32 * 1024,
    headersMs: limits.headersMs ?? 15_000,
    requestMs: limits.requestMs ?? 120_000,
    connections: limits.connections ?? 20_000,
    calls: limits.calls ?? 10_000,
    drainMs: limits.drainMs ?? 600_000,
    heartbeatMs: heartbeat?.everyMs ?? 15_000,
    heartbeatFrom: heartbeat?.from ?? "content",
    onDisconnect,
    conversations,
  };
}
