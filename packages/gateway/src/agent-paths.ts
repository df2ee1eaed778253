import type { RequestHead } from "ai-lib/serve";

/** Paths that coding agents send their own events to: nothing is done with them here. */
const EVENT_PATHS: ReadonlySet<string> = new Set(["/api/event_logging/batch"]);

/**
 * Answers what coding agents ask besides calls: a HEAD that warms the connection up, and batches of events.
 * @param isHead the client asked with HEAD, which is read as GET
 */
export function agentReply(
  { method, path }: Pick<RequestHead, "method" | "path">,
  isHead: boolean,
): { readonly status: number; readonly body: string } | undefined {
  if (isHead) return { status: 200, body: "" };
  return method === "POST" && EVENT_PATHS.has(path) ? { status: 200, body: "{}" } : undefined;
}
