import type { RunnableTool } from "ai-lib";
import { mcpTools } from "ai-lib/mcp";
import { usageError } from "../errors.js";
import { readVersion } from "../version.js";
import { splitCommand } from "./split-command.js";

/** MCP servers that are connected, and their tools. */
export interface McpServers {
  readonly tools: readonly RunnableTool[];
  close(): Promise<void>;
}

/**
 * Connects MCP servers: a command that speaks over its standard streams, or an address.
 * @throws {AiLibError} `CONFIG_ERROR` for a server that does not start or answer, and where the client is not installed.
 */
export async function connectServers(servers: readonly string[]): Promise<McpServers> {
  const modules = await Promise.all([
    import("@modelcontextprotocol/client"),
    import("@modelcontextprotocol/client/stdio"),
  ]).catch(() => {
    throw usageError("--mcp needs a package: npm install --global @modelcontextprotocol/client");
  });
  const [{ Client, StreamableHTTPClientTransport }, { StdioClientTransport }] = modules;
  const clients: Record<string, InstanceType<typeof Client>> = {};
  const close = async () => {
    await Promise.allSettled(Object.values(clients).map((client) => client.close()));
  };
  try {
    for (const [i, server] of servers.entries()) {
      const client = new Client({ name: "ai-lib-cli", version: readVersion() });
      clients[servers.length === 1 ? "mcp" : `mcp${i + 1}`] = client;
      const [command = "", ...args] = isAddress(server) ? [] : splitCommand(server);
      const transport = isAddress(server)
        ? new StreamableHTTPClientTransport(new URL(server))
        : new StdioClientTransport({ command, args, stderr: "ignore" });
      await client.connect(transport).catch((error: Error) => {
        throw usageError(`The MCP server "${server}" cannot be used: ${error.message.split("\n")[0]}`);
      });
    }
    const [only] = Object.values(clients);
    const { tools } = await mcpTools(
      Object.keys(clients).length === 1 && only !== undefined ? only : clients,
    );
    return { tools, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function isAddress(server: string): boolean {
  return /^https?:\/\//i.test(server);
}
