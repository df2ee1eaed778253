/** Tools of MCP servers. */
export type { ListedTool, McpAnnotations, McpClient } from "./mcp-client.js";
export { type McpTool, type McpTools, type McpToolsOptions, mcpTools } from "./mcp-tools.js";
