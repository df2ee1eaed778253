import type { RunnableTool, ToolContext } from "../../client/tool.js";
import { attempt } from "../../core/contract/guard.js";
import { configError } from "../../core/errors/error.js";
import { atLeast, refuseUnknown } from "../../core/errors/options.js";
import { asObject, type JsonObject } from "../../core/values/json.js";
import { listTools } from "./list-tools.js";
import { callTool, type ListedTool, type McpAnnotations, type McpClient } from "./mcp-client.js";

/** A tool of an MCP server, for `client.runTools`. */
export interface McpTool extends RunnableTool<JsonObject> {
  /** The name under which `mcpTools` was given the server; the server's own name where it was given one client. */
  readonly server: string;
  /** The name that the server knows. */
  readonly serverName: string;
  /** A name for people, where the server gives one. */
  readonly title?: string | undefined;
  readonly annotations: McpAnnotations;
}

/** Options of {@link mcpTools}; all optional. */
export interface McpToolsOptions {
  /**
   * The name of a tool for the model; `undefined` leaves the tool out. Names that a vendor does not accept are replaced
   * when they are sent. Default: the server's name for it, after the name of the server and `_` where there are several.
   */
  readonly name?: ((tool: { readonly server: string } & ListedTool) => string | undefined) | undefined;
  /** Milliseconds that a call may take without progress. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Called when a list has changed and was read again. */
  readonly onChange?: ((tools: readonly McpTool[]) => void) | undefined;
  /** Receives errors of reading a list again; the tools stay as they were. Default: they are ignored. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

const OPTIONS: ReadonlySet<string> = new Set([
  "name",
  "timeoutMs",
  "onChange",
  "onError",
] satisfies (keyof McpToolsOptions)[]);

const DEFAULT_TIMEOUT_MS = 60_000;

/** The tools of one or several MCP servers. */
export interface McpTools {
  /** The tools now. A list that the server changes is replaced, never changed. */
  readonly tools: readonly McpTool[];
  /** What the servers say about the use of their tools. Text of others: read it before you make instructions of it. */
  readonly instructions: Readonly<Record<string, string>>;
  /** The tool of a name that the model uses. */
  find(name: string): McpTool | undefined;
  /** Reads the lists again. @throws as the clients do */
  refresh(): Promise<void>;
  /** Stops to follow changes. The clients stay connected. */
  close(): void;
}

/**
 * The tools of MCP servers as tools of `client.runTools`: with progress, cancellation, structured content, pictures,
 * sound and links to resources. A list that a server changes is read again.
 *
 * @example
 * import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
 *
 * const mcp = new Client({ name: "my-app", version: "1.0.0" });
 * await mcp.connect(new StreamableHTTPClientTransport(new URL("http://127.0.0.1:3000/mcp")));
 * const { tools, find } = await mcpTools(mcp);
 * const run = client.runTools("What is on my list?", tools, {
 *   approve: ({ name }) => find(name)?.annotations.readOnlyHint === true,
 * });
 * console.log((await run).response.text);
 * @param clients a connected client of `@modelcontextprotocol/client` 2.x or `@modelcontextprotocol/sdk` 1.x, or several by name
 * @throws {AiLibError} `CONFIG_ERROR` for something that is no client, an unknown option, and two tools of one name; else
 *   as the clients do.
 */
export async function mcpTools(
  clients: McpClient | Readonly<Record<string, McpClient>>,
  options: McpToolsOptions = {},
): Promise<McpTools> {
  refuseUnknown("option of mcpTools", options, OPTIONS);
  atLeast("timeoutMs", options.timeoutMs ?? DEFAULT_TIMEOUT_MS, 1);
  const servers = serversOf(clients);
  const set = new ToolSet(servers, options);
  await set.refresh();
  for (const { client } of servers) set.follow(client);
  return set;
}

interface Server {
  readonly name: string;
  readonly client: McpClient;
  readonly prefix: string;
}

function serversOf(clients: McpClient | Readonly<Record<string, McpClient>>): Server[] {
  if (isClient(clients))
    return [{ name: clients.getServerVersion()?.name ?? "mcp", client: clients, prefix: "" }];
  if (typeof clients !== "object" || clients === null)
    throw configError("mcpTools needs a connected client of an MCP server, or several by name");
  return Object.entries(clients).map(([name, client]) => {
    if (!isClient(client)) throw configError(`"${name}" is no client of an MCP server`);
    return { name, client, prefix: `${name}_` };
  });
}

function isClient(value: unknown): value is McpClient {
  const { listTools: list, callTool: call, getServerVersion: version } = (value ?? {}) as Partial<McpClient>;
  return [list, call, version].every((one) => typeof one === "function");
}

class ToolSet implements McpTools {
  tools: readonly McpTool[] = [];
  instructions: Readonly<Record<string, string>> = {};
  private byName: ReadonlyMap<string, McpTool> = new Map();
  private reading: Promise<void> | undefined;
  private readonly undo: (() => void)[] = [];

  constructor(
    private readonly servers: readonly Server[],
    private readonly options: McpToolsOptions,
  ) {}

  readonly find = (name: string): McpTool | undefined => this.byName.get(name);

  async refresh(): Promise<void> {
    const lists = await Promise.all(
      this.servers.map(async (server) =>
        (await listTools(server.client)).flatMap((listed) => this.toolOf(server, listed)),
      ),
    );
    const byName = new Map<string, McpTool>();
    for (const tool of lists.flat()) {
      const other = byName.get(tool.name);
      if (other !== undefined)
        throw configError(
          `Two MCP tools have the name "${tool.name}" (of ${other.server} and ${tool.server}); give names with the option name`,
        );
      byName.set(tool.name, tool);
    }
    this.byName = byName;
    this.tools = [...byName.values()];
    this.instructions = Object.fromEntries(
      this.servers.flatMap(({ name, client }) => {
        const text = client.getInstructions?.();
        return text === undefined || text === "" ? [] : [[name, text]];
      }),
    );
  }

  /** Reads the lists again when this server says that its own has changed. */
  follow(client: McpClient): void {
    const before = client.fallbackNotificationHandler as
      | ((notification: unknown) => Promise<void>)
      | undefined;
    const handler = async (notification: unknown): Promise<void> => {
      if (asObject(notification)?.["method"] === "notifications/tools/list_changed") this.changed();
      await before?.(notification);
    };
    client.fallbackNotificationHandler = handler;
    this.undo.push(() => {
      if (client.fallbackNotificationHandler === handler)
        client.fallbackNotificationHandler = before as never;
    });
  }

  close(): void {
    for (const undo of this.undo.splice(0)) undo();
  }

  /** Lists change one after another: a change while one is read is read after it. */
  private changed(): void {
    const { onChange, onError } = this.options;
    const read = async (): Promise<void> => {
      try {
        await this.refresh();
        attempt(() => onChange?.(this.tools));
      } catch (error) {
        attempt(() => onError?.(error));
      }
    };
    this.reading = (this.reading ?? Promise.resolve()).then(read);
  }

  private toolOf({ name: server, client, prefix }: Server, listed: ListedTool): McpTool[] {
    const { name: naming, timeoutMs = DEFAULT_TIMEOUT_MS } = this.options;
    const name = naming === undefined ? prefix + listed.name : naming({ server, ...listed });
    if (name === undefined) return [];
    const execute = async (
      args: Record<string, unknown>,
      { signal, progress }: ToolContext,
    ): Promise<unknown> =>
      resultOf(
        await callTool(
          client,
          { name: listed.name, arguments: args },
          { signal, timeout: timeoutMs, resetTimeoutOnProgress: true, onprogress: progress },
        ),
      );
    return [
      {
        name,
        server,
        serverName: listed.name,
        title: listed.title,
        annotations: listed.annotations ?? {},
        description: listed.description ?? listed.title,
        parameters: listed.inputSchema,
        outputSchema: listed.outputSchema,
        execute,
      },
    ];
  }
}

/** The content of a result, as tools return it. Servers of 2024 may answer with `toolResult` alone. */
function resultOf(value: unknown): unknown {
  const result = asObject(value);
  if (result === undefined) return value;
  const { content, structuredContent, isError, toolResult } = result;
  if (!Array.isArray(content)) return toolResult ?? structuredContent ?? null;
  return {
    content,
    ...(structuredContent !== undefined && { structuredContent }),
    ...(isError !== undefined && { isError }),
  };
}
