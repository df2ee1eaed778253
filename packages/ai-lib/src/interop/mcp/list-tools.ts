import { AiLibError } from "../../core/errors/error.js";
import { asObject, asString, isObject, type JsonObject } from "../../core/values/json.js";
import type { ListedTool, McpAnnotations, McpClient } from "./mcp-client.js";

/** Pages and tools of one list. A server that never ends its list is no reason to read on forever. */
const MAX_PAGES = 100;
const MAX_TOOLS = 2_000;

/**
 * All tools of a server. Entries that are no tools are left out.
 * @throws {AiLibError} `INVALID_RESPONSE` for a list without end; else as the client does.
 */
export async function listTools(client: McpClient): Promise<ListedTool[]> {
  const tools: ListedTool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const result = asObject(await client.listTools(cursor === undefined ? {} : { cursor }));
    const listed: unknown = result?.["tools"];
    for (const one of Array.isArray(listed) ? (listed as unknown[]) : []) {
      const tool = toolOf(one);
      if (tool !== undefined) tools.push(tool);
    }
    cursor = asString(result?.["nextCursor"]);
    if (cursor === undefined) return tools;
    if (tools.length > MAX_TOOLS) break;
  }
  throw new AiLibError({ code: "INVALID_RESPONSE", message: "The MCP server lists tools without end" });
}

function toolOf(value: unknown): ListedTool | undefined {
  if (!isObject(value)) return undefined;
  const name = asString(value["name"]);
  const inputSchema = asObject(value["inputSchema"]);
  if (name === undefined || name === "" || inputSchema === undefined) return undefined;
  const annotations = asObject(value["annotations"]);
  const title = asString(value["title"]) ?? asString(annotations?.["title"]);
  const description = asString(value["description"]);
  const outputSchema = asObject(value["outputSchema"]);
  return {
    name,
    inputSchema,
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(outputSchema !== undefined && { outputSchema }),
    ...(annotations !== undefined && { annotations: hintsOf(annotations) }),
  };
}

const HINTS = ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] as const;

function hintsOf(annotations: JsonObject): McpAnnotations {
  return Object.fromEntries(
    HINTS.flatMap((hint) => (typeof annotations[hint] === "boolean" ? [[hint, annotations[hint]]] : [])),
  );
}
