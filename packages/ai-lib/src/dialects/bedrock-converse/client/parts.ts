import { isObject, type Json, type JsonObject } from "../../../core/values/json.js";
import type {
  ContentPart,
  ReasoningPart,
  ToolCallPart,
  ToolResultPart,
} from "../../../core/values/message.js";
import { base64OfText } from "../../shared/common/base64.js";
import { citedText } from "../../shared/common/cited-text.js";
import { citationOf } from "../shared/citations.js";
import type { EncodeContext, Placed } from "./context.js";
import { mediaBlock } from "./media.js";

/** A user's part as a block; undefined, with a warning, for what has no place there. */
export function userBlock(part: ContentPart, at: string, context: EncodeContext): Placed | undefined {
  switch (part.type) {
    case "text":
      return context.place({ text: part.text }, part, at);
    case "image":
    case "audio":
    case "file":
      return context.place(mediaBlock(part, at, context), part, at);
    case "tool-result":
      return context.place({ toolResult: toolResult(part, at, context) }, part, at);
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

function toolResult(part: ToolResultPart, at: string, context: EncodeContext): JsonObject {
  return {
    toolUseId: context.ids.of(part.id),
    content: resultContent(part, at, context),
    ...(part.isError === undefined ? {} : { status: part.isError ? "error" : "success" }),
  };
}

/** Text that is empty is refused, so that an empty result has no content at all. */
function resultContent(part: ToolResultPart, at: string, context: EncodeContext): readonly Json[] {
  if (typeof part.content === "string") return part.content === "" ? [] : [{ text: part.content }];
  return part.content.flatMap(({ cache, ...piece }, k): Json[] => {
    const where = `${at}.content.${k}`;
    if (cache !== undefined) context.losses.unsupported(`${where}.cache`, "mark the whole result");
    const placed = userBlock(piece, where, context);
    return placed === undefined || isBlank(placed.block) ? [] : [placed.block];
  });
}

/** An assistant's part as a block; undefined for what is left out. */
export function assistantBlock(
  part: ContentPart,
  at: string,
  context: EncodeContext,
  citations: readonly JsonObject[],
): Placed | undefined {
  switch (part.type) {
    case "text":
      if (part.logprobs !== undefined)
        context.losses.notReplayed(`${at}.logprobs`, "log probabilities are no part of a prompt");
      context.noteState(part.origin, at);
      return context.place(textBlock(part.text, citations), part, at);
    case "refusal":
      context.losses.notReplayed(at, "a refusal becomes text");
      return context.place({ text: part.text }, part, at);
    case "reasoning":
      return placed(reasoningBlock(part, at, context), part, at, context);
    case "tool-call":
      return placed(callBlock(part, at, context), part, at, context);
    case "tool-result":
      return placed(serverResultBlock(part, at, context), part, at, context);
    case "image":
    case "audio":
    case "file":
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

function placed(
  block: JsonObject | undefined,
  part: ContentPart,
  at: string,
  context: EncodeContext,
): Placed | undefined {
  return block === undefined ? undefined : context.place(block, part, at);
}

/** A text, with its citations where it has some. */
export function textBlock(text: string, citations: readonly JsonObject[]): JsonObject {
  return citations.length === 0 ? { text } : { citationsContent: { content: [{ text }], citations } };
}

/** Reasoning goes back signed, to whom can read it, or not at all. */
function reasoningBlock(part: ReasoningPart, at: string, context: EncodeContext): JsonObject | undefined {
  const block = context.reads(part.origin) ? reasoningOf(part.text, part.origin.data) : undefined;
  if (block === undefined)
    context.dropState(part.origin, at, "reasoning without its signature is not replayed");
  return block;
}

/** Reasoning as a block, from its state; undefined where there is neither a signature nor withheld content. */
export function reasoningOf(text: string, state: JsonObject): JsonObject | undefined {
  const { signature, data, redactedContent } = state;
  if (typeof signature === "string") return { reasoningContent: { reasoningText: { text, signature } } };
  if (typeof data === "string") return { reasoningContent: { redactedContent: base64OfText(data) } };
  return typeof redactedContent === "string" ? { reasoningContent: { redactedContent } } : undefined;
}

function callBlock(part: ToolCallPart, at: string, context: EncodeContext): JsonObject | undefined {
  const mine = context.reads(part.origin) ? part.origin.data : undefined;
  if (part.executedBy === "provider" && mine?.["type"] === undefined) {
    context.dropState(part.origin, at, "it is not known that Bedrock ran this call");
    return undefined;
  }
  if (part.executedBy === undefined) context.noteState(part.origin, at);
  if (part.arguments === undefined) context.losses.notReplayed(`${at}.argumentsText`, "the call was cut");
  const toolUse: JsonObject = {
    toolUseId: context.ids.of(part.id),
    name: toolName(part.name),
    input: part.arguments ?? {},
    ...(part.executedBy === undefined ? {} : { type: mine?.["type"] }),
  };
  return { toolUse };
}

/** A name as history may have it from another provider: `[a-zA-Z0-9_-]{1,64}`. */
export function toolName(name: string): string {
  return name.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64);
}

function serverResultBlock(part: ToolResultPart, at: string, context: EncodeContext): JsonObject | undefined {
  if (!context.reads(part.origin)) {
    context.dropState(part.origin, at, "it is not known that Bedrock found this result");
    return undefined;
  }
  return { toolResult: { ...part.origin.data, ...toolResult(part, at, context) } };
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
      context.dropState(part.origin, `${at}.content.${j}`, "only Bedrock's own citations are replayed");
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
  const { text, citationsContent: cited } = block;
  if (typeof text === "string") return text.trim() === "";
  const [piece] = isObject(cited) && Array.isArray(cited["content"]) ? (cited["content"] as unknown[]) : [];
  return isObject(piece) && typeof piece["text"] === "string" && piece["text"].trim() === "";
}
