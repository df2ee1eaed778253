import { isObject, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import type { ContentPart, Origin, ReasoningPart, ToolCallPart } from "../../../core/values/message.js";
import { citationsByText } from "../../shared/claude/citations.js";
import { citationOf } from "../shared/citations.js";
import { encodeServerResult } from "../shared/parts.js";
import { CLAUDE_FAMILY } from "../shared/quirks.js";

/** The state of a part, if it belongs to this dialect. */
export function ownState(origin: Origin | undefined): JsonObject | undefined {
  return origin?.family === CLAUDE_FAMILY ? origin.data : undefined;
}

/** A citation. State of another family is left out. */
export function answerCitation(part: ContentPart & { readonly type: "source" }): JsonObject {
  return citationOf(part, ownState(part.origin) === undefined ? undefined : part.origin);
}

/** The tools that Anthropic runs: https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview. */
const SERVER_TOOLS: ReadonlySet<string> = new Set([
  "advisor",
  "web_search",
  "web_fetch",
  "code_execution",
  "bash_code_execution",
  "text_editor_code_execution",
  "tool_search_tool_regex",
  "tool_search_tool_bm25",
]);

/** Whether another provider ran a call. The dialect has no block for such a call. */
export function isForeignCall({
  name,
  executedBy,
  origin,
}: Pick<ToolCallPart, "name" | "executedBy" | "origin">): boolean {
  return executedBy !== undefined && ownState(origin) === undefined && !SERVER_TOOLS.has(name);
}

/** The blocks of a whole answer. Sources become citations of the text that they support. */
export function answerBlocks(content: readonly ContentPart[]): JsonObject[] {
  const cited = citationsByText(content, answerCitation);
  const blocks: JsonObject[] = [];
  content.forEach((part, i) => {
    const block = part.type === "source" ? undefined : answerBlock(part);
    if (block === undefined) return;
    const citations = cited.get(i);
    blocks.push(citations === undefined ? block : { ...block, citations });
  });
  return blocks;
}

/** One part of an answer as a block; undefined if the dialect has no block for it. */
export function answerBlock(part: ContentPart): MutableJson | undefined {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text };
    case "reasoning":
      return reasoningBlock(part);
    case "compaction": {
      const block = ownState(part.origin)?.["block"];
      return isObject(block) ? { ...block } : undefined;
    }
    case "tool-call":
      return isForeignCall(part) ? undefined : callBlock(part);
    case "tool-result": {
      const state = ownState(part.origin);
      return state === undefined ? undefined : encodeServerResult(part, state);
    }
    case "file":
      return ownState(part.origin)?.["type"] === "container_upload" && part.uploaded !== undefined
        ? { type: "container_upload", file_id: part.uploaded.id }
        : undefined;
    case "image":
    case "audio":
    case "refusal":
    case "source":
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

/** Thinking with its signature, redacted thinking, or an opaque block. */
export function reasoningBlock(part: ReasoningPart): MutableJson | undefined {
  const { block, data, signature } = ownState(part.origin) ?? {};
  if (isObject(block)) return { ...block };
  if (typeof data === "string") return { type: "redacted_thinking", data };
  if (part.redacted === true) return undefined;
  return {
    type: "thinking",
    thinking: part.text,
    signature: typeof signature === "string" ? signature : "",
  };
}

/** A call. Arguments that the token limit cut are written as text, so that no client runs the call. */
export function callBlock(part: ToolCallPart): MutableJson {
  return {
    type: part.executedBy === undefined ? "tool_use" : "server_tool_use",
    id: part.id,
    name: part.name,
    input: part.arguments ?? part.argumentsText ?? {},
    ...ownState(part.origin),
  };
}
