import { isObject, type Json, type JsonObject } from "../../../core/values/json.js";
import type {
  ContentPart,
  ReasoningPart,
  SourcePart,
  ToolCallPart,
  ToolResultPart,
} from "../../../core/values/message.js";
import { citationOf } from "../shared/citations.js";
import { encodeReasoning, encodeText } from "../shared/parts.js";
import type { BedrockContext, PlacedBlock } from "./context.js";
import { encodeMedia } from "./media.js";

/** A part of a user's message or of a tool's result as a block; undefined, with a warning, if it has no place there. */
export function encodeUserPart(
  part: ContentPart,
  at: string,
  context: BedrockContext,
): PlacedBlock | undefined {
  switch (part.type) {
    case "text":
      return context.block({ text: part.text }, part, at);
    case "image":
    case "audio":
    case "file":
      return context.block(encodeMedia(part, at, context), part, at);
    case "tool-result":
      return context.block({ toolResult: encodeToolResult(part, at, context) }, part, at);
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

function encodeToolResult(part: ToolResultPart, at: string, context: BedrockContext): JsonObject {
  return {
    toolUseId: context.callId(part.id),
    content: encodeResultContent(part, at, context),
    ...(part.isError === undefined ? {} : { status: part.isError ? "error" : "success" }),
  };
}

/** Blank text is refused, so a blank result has no content at all. */
function encodeResultContent(part: ToolResultPart, at: string, context: BedrockContext): readonly Json[] {
  if (typeof part.content === "string") return part.content.trim() === "" ? [] : [{ text: part.content }];
  return part.content.flatMap(({ cache, ...piece }, k): Json[] => {
    const where = `${at}.content.${k}`;
    if (cache !== undefined) context.unsupported(`${where}.cache`, "mark the whole result");
    // https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolResultContentBlock.html
    if (piece.type === "audio") {
      context.unsupported(where, { reason: "a result cannot have sound" });
      return [];
    }
    const placed = encodeUserPart(piece, where, context);
    return placed === undefined || isBlank(placed.block) ? [] : [placed.block];
  });
}

/** A part of the model's own turn as a block; undefined if it is left out. */
export function encodeAssistantPart(
  part: ContentPart,
  at: string,
  context: BedrockContext,
  citations: readonly JsonObject[] | undefined,
): PlacedBlock | undefined {
  switch (part.type) {
    case "text":
      if (part.logprobs !== undefined) context.notReplayed(`${at}.logprobs`);
      context.stateOf(part.origin, `${at}.origin`);
      return context.block(encodeText(part.text, citations ?? []), part, at);
    case "refusal":
      context.notReplayed(at);
      return context.block({ text: part.text }, part, at);
    case "reasoning":
      return place(encodeReasoningPart(part, at, context), part, at, context);
    case "tool-call":
      return place(encodeCall(part, at, context), part, at, context);
    case "tool-result":
      return place(encodeProviderResult(part, at, context), part, at, context);
    case "image":
    case "audio":
    case "file":
      context.notReplayed(at, { key: "messages.content.assistant-media" });
      return undefined;
    case "compaction":
      context.notReplayed(at);
      return undefined;
    case "source":
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

function place(
  block: JsonObject | undefined,
  part: ContentPart,
  at: string,
  context: BedrockContext,
): PlacedBlock | undefined {
  return block === undefined ? undefined : context.block(block, part, at);
}

/** Reasoning is sent back signed, to a target that can read the signature, or not at all. */
function encodeReasoningPart(
  part: ReasoningPart,
  at: string,
  context: BedrockContext,
): JsonObject | undefined {
  const state = context.stateOf(part.origin);
  const block = state === undefined ? undefined : encodeReasoning(part.text, state);
  if (block === undefined) context.dropPart(part.origin, at);
  return block;
}

/** Why a call or a result of a tool that a provider ran is left out. */
const EXECUTED = { key: "messages.content.tool-call.executedBy" };

function encodeCall(part: ToolCallPart, at: string, context: BedrockContext): JsonObject | undefined {
  const own = part.executedBy === undefined;
  const type = context.stateOf(part.origin, own ? `${at}.origin` : undefined)?.["type"];
  if (!own && type === undefined) {
    context.dropPart(part.origin, at, EXECUTED);
    return undefined;
  }
  if (part.arguments === undefined) context.notReplayed(`${at}.argumentsText`);
  const toolUse: JsonObject = {
    toolUseId: context.callId(part.id),
    name: part.name,
    input: part.arguments ?? {},
    ...(own ? {} : { type }),
  };
  return { toolUse };
}

/** The result of a tool that a provider ran; undefined, with a warning, if it was not Bedrock. */
function encodeProviderResult(
  part: ToolResultPart,
  at: string,
  context: BedrockContext,
): JsonObject | undefined {
  const state = context.stateOf(part.origin);
  if (state !== undefined) return { toolResult: { ...state, ...encodeToolResult(part, at, context) } };
  context.dropPart(part.origin, at, EXECUTED);
  return undefined;
}

/** A citation of a text; undefined, with a warning, if it is left out. */
export function encodeCitation(
  part: SourcePart,
  at: string,
  cited: number | undefined,
  context: BedrockContext,
): JsonObject | undefined {
  if (cited !== undefined && context.canRead(part.origin)) return citationOf(part, part.origin);
  context.dropPart(part.origin, at);
  return undefined;
}

/** Whether a block is text that the API refuses: empty, or white space alone. */
export function isBlank(block: JsonObject): boolean {
  const { text, citationsContent: cited } = block;
  if (typeof text === "string") return text.trim() === "";
  const [piece] = isObject(cited) && Array.isArray(cited["content"]) ? (cited["content"] as unknown[]) : [];
  return isObject(piece) && typeof piece["text"] === "string" && piece["text"].trim() === "";
}
