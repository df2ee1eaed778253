import type { JsonObject } from "../../core/values/json.js";

/**
 * The part of a connected MCP client that is used here. Clients of `@modelcontextprotocol/client` 2.x and of
 * `@modelcontextprotocol/sdk` 1.x have it; this library imports neither.
 */
export interface McpClient {
  listTools(params?: { cursor?: string }, options?: never): Promise<unknown>;
  callTool(
    params: { name: string; arguments?: Record<string, unknown> },
    second?: never,
    third?: never,
  ): Promise<unknown>;
  getServerVersion(): { readonly name: string; readonly version: string } | undefined;
  getInstructions?(): string | undefined;
  /** Receives notifications that have no handler of their own. */
  fallbackNotificationHandler?: ((notification: never) => Promise<void>) | undefined;
}

/**
 * What a server says of a tool. Hints, and no promises: do not base safety on those of a server that you do not trust.
 *
 * https://modelcontextprotocol.io/specification/2025-11-25/schema#toolannotations
 */
export interface McpAnnotations {
  /** The tool changes nothing. Default false. */
  readonly readOnlyHint?: boolean;
  /** The tool may delete or overwrite, where it changes something. Default true. */
  readonly destructiveHint?: boolean;
  /** Calling it again with the same arguments changes nothing further. Default false. */
  readonly idempotentHint?: boolean;
  /** The tool reaches things outside, such as the web. Default true. */
  readonly openWorldHint?: boolean;
}

/** A tool as a server lists it. */
export interface ListedTool {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: JsonObject;
  readonly outputSchema?: JsonObject;
  readonly annotations?: McpAnnotations;
}

/** Options that both SDKs know. */
export interface CallToolOptions {
  readonly signal: AbortSignal;
  readonly timeout: number;
  readonly resetTimeoutOnProgress: boolean;
  readonly onprogress: (progress: unknown) => void;
}

/** Calls a tool through either SDK: in 1.x the options are the third argument. */
export function callTool(
  client: McpClient,
  params: { name: string; arguments: Record<string, unknown> },
  options: CallToolOptions,
): Promise<unknown> {
  const call = client.callTool.bind(client) as (...values: unknown[]) => Promise<unknown>;
  // Only clients of 2.x have eras of the protocol.
  return "getProtocolEra" in client ? call(params, options) : call(params, undefined, options);
}
