// A real MCP server: over stdio, or over HTTP with the argument --http, which prints its port.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { z } from "zod";

const PNG = "iVBORw0KGgo=";
let cancelled = 0;

function newServer() {
  const server = new McpServer(
    { name: "test-server", version: "1.0.0" },
    { instructions: "Ask for sums with add.", capabilities: { tools: { listChanged: true } } },
  );
  server.registerTool(
    "add",
    {
      title: "Add",
      description: "Adds two numbers",
      inputSchema: { a: z.number(), b: z.number() },
      outputSchema: { sum: z.number() },
      annotations: { readOnlyHint: true },
    },
    ({ a, b }) => ({
      content: [{ type: "text", text: `The sum is ${a + b}` }],
      structuredContent: { sum: a + b },
    }),
  );
  server.registerTool("files.picture", { description: "Gives a picture", inputSchema: {} }, () => ({
    content: [
      { type: "image", data: PNG, mimeType: "image/png" },
      { type: "resource_link", uri: "file:///a.txt", name: "a.txt", description: "A text" },
    ],
  }));
  server.registerTool("fails", { inputSchema: {} }, () => ({
    content: [{ type: "text", text: "Out of order" }],
    isError: true,
  }));
  server.registerTool(
    "slow",
    { inputSchema: { forever: z.boolean().optional() } },
    async ({ forever }, extra) => {
      const progressToken = extra._meta?.progressToken;
      for (const progress of [1, 2]) {
        await extra.sendNotification({
          method: "notifications/progress",
          params: { progressToken, progress, total: 2, message: `step ${progress}` },
        });
        // A result in the same packet overtakes the notification in the SDK's client.
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      if (forever === true)
        await new Promise((resolve) => {
          const onAbort = () => {
            cancelled++;
            resolve();
          };
          if (extra.signal.aborted) onAbort();
          else extra.signal.addEventListener("abort", onAbort);
        });
      return { content: [{ type: "text", text: "at last" }] };
    },
  );
  server.registerTool("cancelled", { inputSchema: {} }, () => ({
    content: [{ type: "text", text: String(cancelled) }],
  }));
  server.registerTool("learn", { description: "Adds a tool", inputSchema: {} }, () => {
    server.registerTool("greet", { inputSchema: { name: z.string() } }, ({ name }) => ({
      content: [{ type: "text", text: `Hello ${name}` }],
    }));
    return { content: [{ type: "text", text: "learned" }] };
  });
  return server;
}

if (process.argv.includes("--http")) {
  const sessions = new Map();
  const http = createServer(async (request, response) => {
    const known = sessions.get(request.headers["mcp-session-id"]);
    if (known !== undefined) {
      await known.handleRequest(request, response);
      return;
    }
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => sessions.set(id, transport),
    });
    await newServer().connect(transport);
    await transport.handleRequest(request, response);
  });
  http.listen(0, "127.0.0.1", () => console.log(http.address().port));
} else await newServer().connect(new StdioServerTransport());
