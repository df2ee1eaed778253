/** Values of the `anthropic-beta` header that follow from a request's own fields. */

/** Files of the provider's store. https://platform.claude.com/docs/en/build-with-claude/files */
export const FILES_BETA = "files-api-2025-04-14";

/** The headers that tools need, by type. Tools that left beta accept the header. */
export const TOOL_BETAS: ReadonlyMap<string, string> = new Map([
  ["computer_20241022", "computer-use-2024-10-22"],
  ["computer_20250124", "computer-use-2025-01-24"],
  ["computer_20251124", "computer-use-2025-11-24"],
  ["code_execution_20250522", "code-execution-2025-05-22"],
  ["code_execution_20250825", "code-execution-2025-08-25"],
  ["web_fetch_20250910", "web-fetch-2025-09-10"],
  ["advisor_20260301", "advisor-tool-2026-03-01"],
  ["mcp_toolset", "mcp-client-2025-11-20"],
]);

/** The headers that fields of a body need. */
export const BODY_BETAS: ReadonlyMap<string, string> = new Map([
  ["mcp_servers", "mcp-client-2025-11-20"],
  ["context_management", "context-management-2025-06-27"],
  // https://platform.claude.com/docs/en/build-with-claude/fast-mode
  ["speed", "fast-mode-2026-02-01"],
]);

/** The header that summaries of the conversation need. https://platform.claude.com/docs/en/build-with-claude/compaction */
export const COMPACT_BETA = "compact-2026-01-12";

/** All values that the client half adds by itself; a server half does not keep them. */
export const IMPLIED_BETAS: ReadonlySet<string> = new Set([
  FILES_BETA,
  COMPACT_BETA,
  ...TOOL_BETAS.values(),
  ...BODY_BETAS.values(),
]);
