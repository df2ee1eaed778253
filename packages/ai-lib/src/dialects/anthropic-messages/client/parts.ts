import {
  asArray,
  isObject,
  type Json,
  type JsonObject,
  type MutableJson,
  tryParse,
} from "../../../core/values/json.js";
import type {
  AudioPart,
  ContentPart,
  ReasoningPart,
  ToolCallPart,
  ToolResultPart,
} from "../../../core/values/message.js";
import { citedText } from "../../shared/common/cited-text.js";
import { citationOf } from "../shared/citations.js";
import type { EncodeContext } from "./context.js";
import { fileBlock, imageBlock } from "./media.js";
import { unsupported } from "./unsupported.js";

/** Blocks that take no `cache_control`. */
const UNMARKED = new Set(["thinking", "redacted_thinking"]);

/** A user's or a tool result's part as a block; undefined, with a warning, for what cannot be said. */
export function userBlock(part: ContentPart, at: string, context: EncodeContext): MutableJson | undefined {
  switch (part.type) {
    case "text":
      return context.finish({ type: "text", text: part.text }, part, at);
    case "image":
      return context.finish(imageBlock(part, at, context), part, at);
    case "file":
      return context.finish(fileBlock(part, at, context), part, at);
    case "audio":
      return transcriptBlock(part, at, context);
    case "tool-result":
      return context.finish(toolResultBlock(part, at, context), part, at);
    case "reasoning":
    case "refusal":
    case "tool-call":
    case "source":
      context.losses.unsupported(at, `a ${part.type} part has no place in a user's turn`);
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

function transcriptBlock(part: AudioPart, at: string, context: EncodeContext): MutableJson {
  if (part.transcript === undefined || part.transcript === "")
    throw unsupported(context.target, `\`${at}\`: Anthropic takes no sound; send its transcript`);
  context.losses.changed(at, "Anthropic takes no sound; its transcript is sent");
  return context.finish({ type: "text", text: part.transcript }, part, at);
}

function toolResultBlock(part: ToolResultPart, at: string, context: EncodeContext): MutableJson {
  return {
    type: "tool_result",
    tool_use_id: context.ids.of(part.id),
    content: resultContent(part, at, context),
    ...(part.isError === undefined ? {} : { is_error: part.isError }),
  };
}

function resultContent(part: ToolResultPart, at: string, context: EncodeContext): Json {
  if (typeof part.content === "string") return part.content;
  const blocks: JsonObject[] = [];
  part.content.forEach((piece, k) => {
    const block = userBlock(piece, `${at}.content.${k}`, context);
    if (block !== undefined && !isBlank(block)) blocks.push(block);
  });
  return blocks;
}

/** An assistant's part as a block; undefined for what is left out. */
export function assistantBlock(
  part: ContentPart,
  at: string,
  context: EncodeContext,
  citations: readonly JsonObject[],
): MutableJson | undefined {
  switch (part.type) {
    case "text":
      if (part.logprobs !== undefined)
        context.losses.notReplayed(`${at}.logprobs`, "log probabilities are no part of a prompt");
      context.noteState(part.origin, at);
      return context.finish(
        { type: "text", text: part.text, ...(citations.length === 0 ? {} : { citations }) },
        part,
        at,
      );
    case "refusal":
      context.losses.notReplayed(at, "a refusal becomes text");
      return context.finish({ type: "text", text: part.text }, part, at);
    case "reasoning": {
      const block = thinkingBlock(part, at, context);
      if (block === undefined) return undefined;
      if (part.cache !== undefined && UNMARKED.has(String(block["type"]))) {
        context.losses.unsupported(`${at}.cache`, "thinking takes no cache mark");
        return context.finish(block, { extensions: part.extensions }, at);
      }
      return context.finish(block, part, at);
    }
    case "tool-call": {
      const block = callBlock(part, at, context);
      return block === undefined ? undefined : context.finish(block, part, at);
    }
    case "tool-result": {
      const block = serverResultBlock(part, at, context);
      return block === undefined ? undefined : context.finish(block, part, at);
    }
    case "file": {
      if (part.origin?.data["type"] === "container_upload" && context.reads(part.origin))
        return context.finish(fileBlock(part, at, context), part, at);
      context.losses.notReplayed(at, "a model's own turn holds no files");
      return undefined;
    }
    case "image":
    case "audio":
      context.losses.notReplayed(at, "a model's own turn holds no media");
      return undefined;
    case "source":
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

/**
 * Thinking goes back exactly as it came, with its signature, or not at all:
 * https://platform.claude.com/docs/en/build-with-claude/extended-thinking#preserving-thinking-blocks.
 */
function thinkingBlock(part: ReasoningPart, at: string, context: EncodeContext): MutableJson | undefined {
  const { origin } = part;
  if (context.reads(origin)) {
    const { block, data, signature } = origin.data;
    if (isObject(block)) return { ...block };
    if (typeof data === "string") return { type: "redacted_thinking", data };
    if (typeof signature === "string") return { type: "thinking", thinking: part.text, signature };
  }
  if (origin !== undefined) context.dropState(origin, at);
  else if (context.quirks.unsignedThinking === true && part.text !== "")
    return { type: "thinking", thinking: part.text };
  else context.losses.notReplayed(at, "thinking without its signature is refused");
  return undefined;
}

function callBlock(part: ToolCallPart, at: string, context: EncodeContext): MutableJson | undefined {
  const mine = context.reads(part.origin) ? part.origin.data : undefined;
  if (part.executedBy === "provider" && mine === undefined) {
    if (part.origin === undefined)
      context.losses.notReplayed(at, "it is not known that Anthropic ran this call");
    context.dropState(part.origin, at);
    return undefined;
  }
  if (part.executedBy === undefined) context.noteState(part.origin, at);
  if (part.arguments === undefined) context.losses.notReplayed(`${at}.argumentsText`, "the call was cut");
  return {
    type: "tool_use",
    id: part.executedBy === undefined ? context.ids.of(part.id) : part.id,
    name: part.name,
    input: part.arguments ?? {},
    ...mine,
  };
}

function serverResultBlock(
  part: ToolResultPart,
  at: string,
  context: EncodeContext,
): MutableJson | undefined {
  if (!context.reads(part.origin)) {
    if (part.origin === undefined)
      context.losses.notReplayed(at, "it is not known that Anthropic found this result");
    context.dropState(part.origin, at);
    return undefined;
  }
  return serverResult(part, part.origin.data);
}

/** The block of a result that the provider's tool found: what the part says, and its own fields. */
export function serverResult(part: ToolResultPart, data: JsonObject): MutableJson {
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

/** The citations of each text part of a message, by the part's position. */
export function citationsByText(
  parts: readonly ContentPart[],
  at: string,
  context: EncodeContext,
): Map<number, JsonObject[]> {
  const found = new Map<number, JsonObject[]>();
  parts.forEach((part, j) => {
    if (part.type !== "source") return;
    const text = citedText(parts, part, j);
    if (text === undefined || !context.reads(part.origin)) {
      if (part.origin === undefined || text === undefined)
        context.losses.notReplayed(`${at}.content.${j}`, "only Anthropic's own citations are");
      else context.dropState(part.origin, `${at}.content.${j}`);
      return;
    }
    const list = found.get(text) ?? [];
    list.push(citationOf(part, part.origin));
    found.set(text, list);
  });
  return found;
}

/** Whether a block is text that the API refuses: empty, or white space alone. */
export function isBlank(block: JsonObject): boolean {
  return (
    block["type"] === "text" &&
    typeof block["text"] === "string" &&
    block["text"].trim() === "" &&
    asArray(block["citations"]).length === 0
  );
}
