import { toolCallOf } from "../../../core/kinds/chat/tool-call.js";
import type { Warning } from "../../../core/values/answer.js";
import {
  asArray,
  asObject,
  asString,
  isObject,
  type Json,
  type JsonObject,
  type MutableJson,
  tryParse,
} from "../../../core/values/json.js";
import type {
  ContentPart,
  Origin,
  ToolCallPart,
  ToolResultContent,
  ToolResultPart,
} from "../../../core/values/message.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { warnNameless } from "../../shared/common/nameless-call.js";
import type { MakeOrigin } from "../../shared/common/opaque-state.js";
import { sourceOf } from "./citations.js";

/** Who sent a block, for state that must be sent back. */
export interface OriginFacts {
  readonly provider: string;
  readonly origin: MakeOrigin;
}

/** Blocks without readable content that must be sent back unchanged. */
export const OPAQUE_BLOCKS: ReadonlySet<string> = new Set(["compaction", "fallback", "mcp_tool_listing"]);

/** Fields of a call's block that have a place in its part. */
const CALL_FIELDS = new Set(["type", "id", "name", "input", "cache_control"]);

/** Whether a block is a call that the provider runs: `server_tool_use`, `mcp_tool_use`. */
export function isServerCall(type: string): boolean {
  return type.endsWith("_tool_use");
}

/** Whether a block is the result of a tool that the provider ran: `web_search_tool_result`, `mcp_tool_result`. */
export function isServerResult(type: string): boolean {
  return type.endsWith("_tool_result");
}

/**
 * Appends the parts of a complete block: a text and each of its citations are parts of their own. Unknown blocks are
 * skipped, and so are blocks without content.
 * @param warn is given the warning for a call without a name, which is left out. Default: such a call is a part.
 */
export function pushBlock(
  into: ContentPart[],
  block: unknown,
  facts: OriginFacts,
  warn?: (warning: Warning) => void,
): void {
  if (!isObject(block)) return;
  const type = asString(block["type"]) ?? "";
  switch (type) {
    case "text": {
      const index = into.length;
      const text = asString(block["text"]) ?? "";
      const citations = asArray(block["citations"]);
      if (text === "" && citations.length === 0) return;
      into.push({ type: "text", text });
      for (const citation of citations) {
        const source = sourceOf(citation, index, facts.origin);
        if (source !== undefined) into.push(source);
      }
      return;
    }
    case "thinking": {
      const signature = asString(block["signature"]) ?? "";
      const text = asString(block["thinking"]) ?? "";
      if (text === "" && signature === "") return;
      into.push({
        type: "reasoning",
        text,
        ...(signature === "" ? {} : { origin: facts.origin({ signature }) }),
      });
      return;
    }
    case "redacted_thinking":
      into.push(redactedPart(block, facts));
      return;
    case "container_upload":
      into.push(uploadPart(block, facts));
      return;
    default:
      if (type === "tool_use" || isServerCall(type)) {
        const part = callPart(block, type, facts);
        if (part.name !== "" || warn === undefined) into.push(part);
        else warnNameless(part.argumentsText ?? JSON.stringify(part.arguments), warn);
      } else if (isServerResult(type)) into.push(resultPart(block, facts));
      else if (type === "compaction") into.push(compactionPart(block, facts));
      else if (OPAQUE_BLOCKS.has(type))
        into.push({ type: "reasoning", text: "", redacted: true, origin: facts.origin({ block }) });
  }
}

/** Thinking whose text was withheld. */
export function redactedPart(block: JsonObject, facts: OriginFacts): ContentPart {
  const data = asString(block["data"]) ?? "";
  return { type: "reasoning", text: "", redacted: true, origin: facts.origin({ data }) };
}

/** The summary in place of earlier turns. https://platform.claude.com/docs/en/build-with-claude/compaction */
function compactionPart(block: JsonObject, facts: OriginFacts): ContentPart {
  const text = nonEmpty(block["content"]);
  return { type: "compaction", ...defined({ text }), origin: facts.origin({ block }) };
}

/** A file that code execution wrote to the provider's store. */
export function uploadPart(block: JsonObject, facts: OriginFacts): ContentPart {
  const id = asString(block["file_id"]) ?? "";
  return {
    type: "file",
    uploaded: { provider: facts.provider, id },
    origin: facts.origin({ type: "container_upload" }),
  };
}

function callPart(block: JsonObject, type: string, facts: OriginFacts): ToolCallPart {
  const id = asString(block["id"]) ?? "";
  const name = asString(block["name"]) ?? "";
  const { input } = block;
  const server = type !== "tool_use";
  const call = isObject(input)
    ? ({ type: "tool-call", id, name, arguments: input } as const)
    : toolCallOf(id, name, typeof input === "string" ? input : JSON.stringify(input));
  return {
    ...call,
    ...defined({
      executedBy: server ? "provider" : undefined,
      origin: callOrigin(block, type, facts),
    } as const),
  };
}

/**
 * The fields of a call's block besides its id, name and input, which must be sent back: the kind of server call, the
 * code that made it (`caller`), its toolset. `caller: direct` is the default and is not kept.
 */
export function callOrigin(block: JsonObject, type: string, facts: OriginFacts): Origin | undefined {
  const data: MutableJson = {};
  if (type !== "tool_use") data["type"] = type;
  for (const key of Object.keys(block)) {
    const value = block[key];
    if (CALL_FIELDS.has(key) || value === null || value === undefined) continue;
    if (key === "caller" && asObject(value)?.["type"] === "direct") continue;
    data[key] = value;
  }
  return Object.keys(data).length === 0 ? undefined : facts.origin(data);
}

/** The result of a tool that the provider ran. */
export function resultPart(block: JsonObject, facts: OriginFacts): ToolResultPart {
  const { content, cache_control: _mark, ...rest } = block;
  const data: MutableJson = { ...rest };
  delete data["tool_use_id"];
  delete data["is_error"];
  const failed =
    typeof block["is_error"] === "boolean"
      ? block["is_error"]
      : asString(asObject(content)?.["type"])?.endsWith("_error") === true
        ? true
        : undefined;
  return {
    type: "tool-result",
    id: asString(block["tool_use_id"]) ?? "",
    content: resultContent(content),
    ...(failed === undefined ? {} : { isError: failed }),
    executedBy: "provider",
    origin: facts.origin(data),
  };
}

/** Plain text stays text; anything else becomes JSON text, from which the block can be built again. */
function resultContent(content: unknown): string | readonly ToolResultContent[] {
  if (typeof content === "string") return content;
  const blocks = asArray(content);
  const plain =
    blocks.length > 0 &&
    blocks.every((block) => isObject(block) && block["type"] === "text" && typeof block["text"] === "string");
  if (plain) {
    return blocks.map((block) => ({ type: "text", text: asString(asObject(block)?.["text"]) ?? "" }));
  }
  return content === undefined ? "" : JSON.stringify(content);
}

/** The block of a result that a provider's tool found: what the part holds, and the block's other fields. */
export function encodeServerResult(part: ToolResultPart, data: JsonObject): MutableJson {
  const mcp = data["type"] === "mcp_tool_result";
  const { content } = part;
  const parsed = typeof content === "string" && !mcp ? tryParse(content) : undefined;
  const plain: Json =
    typeof content === "string"
      ? content
      : content.flatMap((piece) => (piece.type === "text" ? [{ type: "text", text: piece.text }] : []));
  return {
    ...data,
    tool_use_id: part.id,
    ...(mcp && part.isError !== undefined ? { is_error: part.isError } : {}),
    content: typeof parsed === "object" && parsed !== null ? (parsed as Json) : plain,
  };
}
