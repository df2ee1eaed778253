import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type {
  ContentPart,
  ReasoningPart,
  ToolCallPart,
  ToolResultPart,
} from "../../../core/values/message.js";
import { withArguments } from "../../shared/common/call-arguments.js";
import { isServerTool, signatureOf } from "../shared/family.js";
import { encodeMedia, hasClip, type MediaLike } from "../shared/media.js";
import { encodeModelPart } from "../shared/parts.js";
import { encodeResult, resultText } from "../shared/results.js";
import type { GeminiContext } from "./context.js";

/** A part of a user's message; undefined for empty text and, with a warning, for a part that has no place there. */
export function encodeUserPart(
  part: ContentPart,
  at: string,
  context: GeminiContext,
): JsonObject | undefined {
  if (part.cache !== undefined) context.unsupported(`${at}.cache`);
  switch (part.type) {
    case "text":
      return part.text === "" ? undefined : { text: part.text };
    case "image":
    case "audio":
    case "file":
      return encodeMediaPart(part, at, context);
    case "reasoning":
    case "compaction":
    case "refusal":
    case "tool-call":
    case "tool-result":
    case "source":
      context.unsupported(at, { reason: `a user's turn cannot have a part of type ${part.type}` });
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

function encodeMediaPart(part: MediaLike, at: string, context: GeminiContext): JsonObject {
  context.uploadedId(part, at);
  if (part.type === "image" && part.detail !== undefined && part.detail !== "auto")
    context.unsupported(`${at}.detail`);
  if (part.type === "file" && part.name !== undefined) context.unsupported(`${at}.name`);
  if (part.type === "file" && part.clip !== undefined && !hasClip(part)) context.dropFileField(`${at}.clip`);
  if (part.type === "audio" && part.transcript !== undefined) context.unsupported(`${at}.transcript`);
  return encodeMedia(part);
}

/** A part of the model's own turn; undefined if it is left out. */
export function encodeAssistantPart(
  part: ContentPart,
  at: string,
  context: GeminiContext,
): JsonObject | undefined {
  if (part.cache !== undefined) context.unsupported(`${at}.cache`);
  // Thinking whose state the target cannot read is left out; any other part is sent without its state.
  const readable = context.stateOf(part.origin, part.type === "reasoning" ? at : `${at}.origin`);
  const own = readable === undefined && part.origin !== undefined ? withoutOrigin(part) : part;
  switch (own.type) {
    case "text":
      if (own.logprobs !== undefined) context.notReplayed(`${at}.logprobs`);
      return encodeModelPart(own, context.callStyle);
    case "reasoning":
      return own === part ? encodeReasoningPart(own, at, context) : undefined;
    case "refusal":
      context.notReplayed(at);
      return encodeModelPart(own, context.callStyle);
    case "compaction":
    case "source":
      context.notReplayed(at);
      return undefined;
    case "image":
    case "audio":
    case "file": {
      const thoughtSignature = signatureOf(own.origin);
      const wire = encodeMediaPart(own, at, context);
      return thoughtSignature === undefined ? wire : { ...wire, thoughtSignature };
    }
    case "tool-call":
      return encodeCall(own, at, context);
    case "tool-result":
      return encodeProviderResult(own, at, context);
    default: {
      const never: never = own;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

function withoutOrigin<P extends ContentPart>(part: P): P {
  return { ...part, origin: undefined };
}

function encodeReasoningPart(
  part: ReasoningPart,
  at: string,
  context: GeminiContext,
): JsonObject | undefined {
  const wire = encodeModelPart(part, context.callStyle);
  if (wire === undefined) context.notReplayed(at);
  else if (part.redacted === true) context.notReplayed(`${at}.redacted`);
  return wire;
}

const EXECUTED = { key: "messages.content.tool-call.executedBy" };

function encodeCall(part: ToolCallPart, at: string, context: GeminiContext): JsonObject | undefined {
  context.noteCall(part.id, part.name);
  if (part.executedBy !== undefined && !isServerTool(part.name))
    return context.dropCall(part.id, at, EXECUTED);
  if (part.arguments === undefined) context.notReplayed(`${at}.argumentsText`);
  return encodeModelPart(withArguments(part), context.callStyle);
}

/** The result of a tool that Google ran. */
function encodeProviderResult(
  part: ToolResultPart,
  at: string,
  context: GeminiContext,
): JsonObject | undefined {
  if (part.executedBy === undefined || context.isDropped(part.id)) return undefined;
  const name = part.name ?? context.nameOf(part.id) ?? "";
  if (!isServerTool(name)) return context.dropCall(part.id, at, EXECUTED);
  return encodeModelPart({ ...part, name }, context.callStyle);
}

/**
 * The result of a function that the caller ran.
 * @param beside receives the media of the result where the model accepts none within it.
 */
export function encodeFunctionResult(
  result: ToolResultPart,
  at: string,
  context: GeminiContext,
  beside: JsonObject[],
): JsonObject {
  if (result.cache !== undefined) context.unsupported(`${at}.cache`);
  const media: JsonObject[] = [];
  const content = typeof result.content === "string" ? [] : result.content;
  content.forEach((part, place) => {
    const where = `${at}.content.${place}`;
    if (part.cache !== undefined) context.unsupported(`${where}.cache`);
    if (part.type === "text") {
      if (context.extensionsFor(part.extensions).length > 0)
        context.unsupported(`${where}.extensions`, { key: "messages.extensions" });
      return;
    }
    const wire: MutableJson = { ...encodeMediaPart(part, where, context) };
    // https://ai.google.dev/api/caching#FunctionResponsePart has no such field.
    if (context.facts.mediaInResults && wire["videoMetadata"] !== undefined) {
      context.unsupported(`${where}.clip`, { reason: "a file within a result has no place for it" });
      wire["videoMetadata"] = undefined;
    }
    media.push(context.extended(wire, part.extensions));
    if (!context.facts.mediaInResults)
      context.changed(where, {
        reason: `${context.target.model} accepts no media in a result; it follows it`,
      });
  });
  if (content.filter((part) => part.type === "text").length > 1)
    context.changed(`${at}.content`, { key: "messages.content.tool-result.content" });
  if (!context.facts.mediaInResults) beside.push(...media.splice(0));
  return {
    functionResponse: {
      id: context.callStyle.id(result.id),
      name: result.name ?? context.nameOf(result.id) ?? result.id,
      response: encodeResult(resultText(result.content), result.isError === true),
      parts: media.length === 0 ? undefined : media,
    },
  };
}
