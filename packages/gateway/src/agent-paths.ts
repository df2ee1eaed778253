import type { RequestHead } from "ai-lib/serve";

/** Paths that coding agents send their own events to; the gateway discards these. */
const EVENT_PATHS: ReadonlySet<string> = new Set(["/api/event_logging/batch"]);

/**
 * Answers requests of coding agents besides calls: a HEAD that opens the connection early, and batches of events.
 * @param isHead the client asked with HEAD, which is read as GET
 */
export function agentReply(
  { method, path }: Pick<RequestHead, "method" | "path">,
  isHead: boolean,
): { readonly status: number; readonly body: string } | undefined {
  if (isHead) return { status: 200, body: "" };
  return method === "POST" && EVENT_PATHS.has(path) ? { status: 200, body: "{}" } : undefined;
}
