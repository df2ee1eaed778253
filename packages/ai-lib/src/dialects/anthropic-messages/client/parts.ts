import {
  asArray,
  isObject,
  type Json,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type {
  AudioPart,
  ContentPart,
  ReasoningPart,
  SourcePart,
  ToolCallPart,
  ToolResultPart,
} from "../../../core/values/message.js";
import { citationOf } from "../shared/citations.js";
import { encodeServerResult } from "../shared/parts.js";
import type { AnthropicContext } from "./context.js";
import { encodeFile, encodeImage, isContainerUpload } from "./media.js";

/** Blocks that accept no `cache_control`. */
const UNMARKED = new Set(["thinking", "redacted_thinking"]);

/** A part of a user's message or of a tool's result as a block; undefined, with a warning, if it has no place there. */
export function encodeUserPart(
  part: ContentPart,
  at: string,
  context: AnthropicContext,
): MutableJson | undefined {
  switch (part.type) {
    case "text":
      return context.block({ type: "text", text: part.text }, part, at);
    case "image":
      return context.block(encodeImage(part, at, context), part, at);
    case "file":
      return context.block(encodeFile(part, at, context), part, at);
    case "audio":
      return encodeTranscript(part, at, context);
    case "tool-result":
      return context.block(encodeToolResult(part, at, context), part, at);
    case "reasoning":
    case "compaction":
    case "refusal":
    case "tool-call":
    case "source":
      context.unsupported(at, { reason: `a user's turn cannot have a part of type ${part.type}` });
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

function encodeTranscript(part: AudioPart, at: string, context: AnthropicContext): MutableJson {
  if (part.transcript === undefined || part.transcript === "") return context.refuse(at, "it has none");
  context.changed(at);
  return context.block({ type: "text", text: part.transcript }, part, at);
}

/**
 * A result as a block. If the result of a failed tool has media, a text says that the tool failed, and `is_error` is
 * absent: "all content must be type \"text\" if `is_error` is true".
 */
function encodeToolResult(part: ToolResultPart, at: string, context: AnthropicContext): MutableJson {
  const content = encodeResultContent(part, at, context);
  const media = asArray(content).some((block) => isObject(block) && block["type"] !== "text");
  const unmarked = part.isError === true && media;
  if (unmarked)
    context.changed(`${at}.isError`, { reason: "a text says it: a failed result cannot have media" });
  return {
    type: "tool_result",
    tool_use_id: context.callId(part.id),
    content: unmarked ? [FAILED, ...(asArray(content) as Json[])] : content,
    is_error: unmarked ? undefined : part.isError,
  };
}

const FAILED: JsonObject = { type: "text", text: "The tool failed:" };

function encodeResultContent(part: ToolResultPart, at: string, context: AnthropicContext): Json {
  if (typeof part.content === "string") return part.content;
  const blocks: JsonObject[] = [];
  part.content.forEach((piece, k) => {
    const block = encodeUserPart(piece, `${at}.content.${k}`, context);
    if (block !== undefined && !isBlank(block)) blocks.push(block);
  });
  return blocks;
}

/** A part of the model's own turn as a block; undefined if it is left out. */
export function encodeAssistantPart(
  part: ContentPart,
  at: string,
  context: AnthropicContext,
  citations: readonly JsonObject[] | undefined,
): MutableJson | undefined {
  switch (part.type) {
    case "text":
      if (part.logprobs !== undefined) context.notReplayed(`${at}.logprobs`);
      context.stateOf(part.origin, `${at}.origin`);
      return context.block({ type: "text", text: part.text, citations }, part, at);
    case "refusal":
      context.notReplayed(at);
      return context.block({ type: "text", text: part.text }, part, at);
    case "reasoning": {
      const block = encodeThinkingPart(part, at, context);
      if (block === undefined) return undefined;
      if (part.cache === undefined || !UNMARKED.has(String(block["type"])))
        return context.block(block, part, at);
      context.unsupported(`${at}.cache`);
      return context.block(block, { extensions: part.extensions }, at);
    }
    case "compaction": {
      const block = context.stateOf(part.origin, at)?.["block"];
      if (isObject(block)) return context.block({ ...block }, part, at);
      if (part.origin === undefined) context.notReplayed(at);
      return undefined;
    }
    case "tool-call": {
      const block = encodeCall(part, at, context);
      return block === undefined ? undefined : context.block(block, part, at);
    }
    case "tool-result": {
      const state = providerState(part, at, context);
      return state === undefined ? undefined : context.block(encodeServerResult(part, state), part, at);
    }
    case "file":
      if (isContainerUpload(part, context)) return context.block(encodeFile(part, at, context), part, at);
      context.notReplayed(at, { key: "messages.content.assistant-media" });
      return undefined;
    case "image":
    case "audio":
      context.notReplayed(at, { key: "messages.content.assistant-media" });
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
 * Thinking is sent back unchanged, with its signature, or not at all:
 * https://platform.claude.com/docs/en/build-with-claude/extended-thinking#preserving-thinking-blocks.
 */
function encodeThinkingPart(
  part: ReasoningPart,
  at: string,
  context: AnthropicContext,
): MutableJson | undefined {
  const state = context.stateOf(part.origin, at);
  if (state === undefined && part.origin !== undefined) return undefined;
  const { block, data, signature } = state ?? {};
  if (isObject(block)) return { ...block };
  if (typeof data === "string") return { type: "redacted_thinking", data };
  if (typeof signature === "string") return { type: "thinking", thinking: part.text, signature };
  if (state === undefined && context.quirks.unsignedThinking === true && part.text !== "")
    return { type: "thinking", thinking: part.text };
  context.notReplayed(at);
  return undefined;
}

function encodeCall(part: ToolCallPart, at: string, context: AnthropicContext): MutableJson | undefined {
  const own = part.executedBy === undefined;
  const state = own ? context.stateOf(part.origin, `${at}.origin`) : providerState(part, at, context);
  if (!own && state === undefined) return undefined;
  if (part.arguments === undefined) context.notReplayed(`${at}.argumentsText`);
  return {
    type: "tool_use",
    id: own ? context.callId(part.id) : part.id,
    name: part.name,
    input: part.arguments ?? {},
    ...state,
  };
}

/** The state of a call that a provider ran, or of its result; undefined, with a warning, if this one did not. */
function providerState(
  part: ToolCallPart | ToolResultPart,
  at: string,
  context: AnthropicContext,
): JsonObject | undefined {
  const state = context.stateOf(part.origin);
  if (state === undefined)
    context.dropPart(part.origin, at, { key: "messages.content.tool-call.executedBy" });
  return state;
}

/** A citation of a text; undefined, with a warning, if it is left out. */
export function encodeCitation(
  part: SourcePart,
  at: string,
  cited: number | undefined,
  context: AnthropicContext,
): JsonObject | undefined {
  if (part.origin === undefined || cited === undefined) {
    context.notReplayed(at);
    return undefined;
  }
  return context.stateOf(part.origin, at) === undefined ? undefined : citationOf(part, part.origin);
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
