// Tools of an MCP server: the model calls them like any other tool. The server runs in this process here; over stdio or
// HTTP only the transport differs.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { AiClient, provider } from "ai-lib";
import { mcpTools } from "ai-lib/mcp";

const server = new McpServer({ name: "notes", version: "1.0.0" });
server.registerTool(
  "list_notes",
  { description: "Lists the user's notes", annotations: { readOnlyHint: true } },
  () => ({ content: [{ type: "text", text: "Buy bread; call Ada" }] }),
);
const [here, there] = InMemoryTransport.createLinkedPair();
await server.connect(there);
const mcp = new Client({ name: "example", version: "1.0.0" });
await mcp.connect(here);

const { tools, find } = await mcpTools(mcp);
console.log(`tools: ${tools.map(({ name }) => name).join(", ")}`);

const client = new AiClient(provider(process.env.DEFAULT_AI_MODEL ?? "openai"));
const run = client.runTools("What is in my notes?", tools, {
  // Tools that may change something are not run.
  approve: ({ name }) => find(name)?.annotations.readOnlyHint === true,
});
for await (const event of run) {
  if (event.type === "tool-start") console.log(`calls ${event.name}`);
  if (event.type === "text-delta") process.stdout.write(event.text);
}
console.log();
await mcp.close();
