import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Client as ClientOf2, StreamableHTTPClientTransport as HttpOf2 } from "@modelcontextprotocol/client";
import { StdioClientTransport as StdioOf2 } from "@modelcontextprotocol/client/stdio";
import { Client as ClientOf1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as StdioOf1 } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as HttpOf1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AiClient } from "../../src/client/ai-client.js";
import type { JsonObject } from "../../src/core/values/json.js";
import { type McpClient, type McpTools, mcpTools } from "../../src/interop/mcp/index.js";
import { scripted } from "../../src/testing/scripted.js";

const script = fileURLToPath(new URL("./server.mjs", import.meta.url));
const info = { name: "test", version: "1.0.0" };
const stdio = { command: process.execPath, args: [script] };

let http: ChildProcess;
let url: URL;
beforeAll(async () => {
  http = spawn(process.execPath, [script, "--http"], { stdio: ["ignore", "pipe", "inherit"] });
  const [port] = await once(http.stdout as NodeJS.ReadableStream, "data");
  url = new URL(`http://127.0.0.1:${String(port).trim()}/mcp`);
});
afterAll(() => http?.kill());

type Closable = McpClient & { close(): Promise<void> };

async function of2(transport: "stdio" | "http"): Promise<Closable> {
  const client = new ClientOf2(info);
  await client.connect(transport === "stdio" ? new StdioOf2(stdio) : new HttpOf2(url));
  return client;
}

async function of1(transport: "stdio" | "http"): Promise<Closable> {
  const client = new ClientOf1(info);
  await client.connect((transport === "stdio" ? new StdioOf1(stdio) : new HttpOf1(url)) as never);
  return client;
}

/** A model that calls one tool, and then answers. */
function modelCalling(name: string, args: JsonObject) {
  return scripted({
    name: "model",
    replies: [
      {
        events: [
          { type: "part-start", index: 0, part: { type: "tool-call", id: "c1", name } },
          { type: "tool-call-delta", index: 0, text: JSON.stringify(args) },
          { type: "part-end", index: 0 },
        ],
        finishReason: "tool-calls",
      },
      { text: "done" },
    ],
  });
}

describe.each([
  ["version 2 of the SDK over stdio", () => of2("stdio")],
  ["version 2 of the SDK over HTTP", () => of2("http")],
  ["version 1 of the SDK over stdio", () => of1("stdio")],
  ["version 1 of the SDK over HTTP", () => of1("http")],
] as const)("mcpTools with %s", (_, connect) => {
  let mcp: Closable;
  let set: McpTools;
  beforeEach(async () => {
    mcp = await connect();
    set = await mcpTools(mcp);
  });
  afterEach(async () => {
    set?.close();
    await mcp?.close();
  });

  async function resultOf(name: string, args: JsonObject = {}) {
    const run = await new AiClient(modelCalling(name, args)).runTools("?", set.tools);
    return run.rounds[0]?.results[0];
  }

  it("lists tools with their descriptions, schemas and annotations", () => {
    expect(set.tools.map(({ name }) => name)).toEqual([
      "add",
      "files.picture",
      "fails",
      "slow",
      "cancelled",
      "learn",
    ]);
    expect(set.find("add")).toMatchObject({
      server: "test-server",
      serverName: "add",
      title: "Add",
      description: "Adds two numbers",
      annotations: { readOnlyHint: true },
      parameters: { type: "object", properties: { a: { type: "number" } } },
      outputSchema: { properties: { sum: { type: "number" } } },
    });
    expect(set.instructions).toEqual({ "test-server": "Ask for sums with add." });
  });

  it("gives the model texts and structured content, pictures, links and errors", async () => {
    expect((await resultOf("add", { a: 1, b: 2 }))?.content).toEqual([
      { type: "text", text: "The sum is 3" },
      { type: "text", text: '{"sum":3}' },
    ]);
    expect((await resultOf("files.picture"))?.content).toEqual([
      { type: "image", data: "iVBORw0KGgo=", mediaType: "image/png" },
      { type: "text", text: "a.txt: file:///a.txt\nA text" },
    ]);
    expect(await resultOf("fails")).toMatchObject({ isError: true, content: [{ text: "Out of order" }] });
    // The schema of the server is checked before it is asked.
    expect(await resultOf("add", { a: "1", b: 2 })).toMatchObject({ isError: true });
  });

  it("reports progress", async () => {
    const seen: unknown[] = [];
    for await (const event of new AiClient(modelCalling("slow", {})).runTools("?", set.tools))
      if (event.type === "tool-progress") seen.push(event.progress);
    expect(seen).toEqual([
      { progress: 1, total: 2, message: "step 1" },
      { progress: 2, total: 2, message: "step 2" },
    ]);
  });

  it("cancels the call at the server when the run is left", async () => {
    const before = Number(textOf(await resultOf("cancelled")));
    for await (const event of new AiClient(modelCalling("slow", { forever: true })).runTools("?", set.tools))
      if (event.type === "tool-progress") break;
    await expect
      .poll(async () => Number(textOf(await resultOf("cancelled"))), { timeout: 10_000 })
      .toBe(before + 1);
  });

  it("reads the list again when the server changes it", async () => {
    set.close();
    let changed: () => void = () => {};
    const change = new Promise<void>((resolve) => {
      changed = resolve;
    });
    set = await mcpTools(mcp, { onChange: changed });
    const before = set.tools;
    await resultOf("learn");
    await change;
    expect(set.find("greet")).toBeDefined();
    expect(before.some(({ name }) => name === "greet")).toBe(false);
    expect(textOf(await resultOf("greet", { name: "Ada" }))).toBe("Hello Ada");
  });
});

function textOf(result: { readonly content: unknown } | undefined): string {
  const content = result?.content as { text: string }[];
  return content[0]?.text ?? "";
}

describe("mcpTools", () => {
  it("joins several servers, and names tools as asked", async () => {
    const [one, two] = [await of2("stdio"), await of1("http")];
    try {
      const both = await mcpTools({ one, two });
      expect(both.find("one_add")).toMatchObject({ server: "one", serverName: "add" });
      expect(both.find("two_add")).toMatchObject({ server: "two", serverName: "add" });
      const few = await mcpTools(one, {
        name: ({ name, annotations }) => (annotations?.readOnlyHint === true ? `safe_${name}` : undefined),
      });
      expect(few.tools.map(({ name }) => name)).toEqual(["safe_add"]);
      await expect(mcpTools({ one, two }, { name: ({ name }) => name })).rejects.toThrow(
        /Two MCP tools.*"add"/,
      );
      await expect(mcpTools({} as never, { names: 1 } as never)).rejects.toThrow(/names/);
      await expect(mcpTools({ one: {} } as never)).rejects.toThrow(/no client/);
    } finally {
      await one.close();
      await two.close();
    }
  });
});
