import type { Io } from "../io.js";
import type { TurnTools } from "../turn.js";
import { approveByUser, type Question } from "./approval.js";
import { loadTools } from "./module.js";

/** Options that give tools to the model. */
export interface ToolOptions {
  /** Modules that export tools. */
  readonly tools?: readonly string[];
  /** Commands or addresses of MCP servers. */
  readonly mcp?: readonly string[];
  /** Run tools without asking. */
  readonly yes?: boolean;
}

/** Opens the tools of modules and of MCP servers; undefined where there are none. Close them when the work is done. */
export async function openTools(
  io: Io,
  { tools = [], mcp = [], yes }: ToolOptions,
  question: Question,
): Promise<TurnTools | undefined> {
  if (tools.length + mcp.length === 0) return undefined;
  const own = await loadTools(tools);
  const servers = mcp.length === 0 ? undefined : await (await import("./mcp-servers.js")).connectServers(mcp);
  return {
    tools: [...own, ...(servers?.tools ?? [])],
    approve: approveByUser(io, yes === true, question),
    close: async () => servers?.close(),
  };
}
