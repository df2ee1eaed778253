import { asString, type JsonObject } from "../../../core/values/json.js";
import type {
  AudioPart,
  ContentPart,
  FilePart,
  ImagePart,
  ReasoningPart,
  SourcePart,
} from "../../../core/values/message.js";
import { encodeMedia, encodeSource, encodeThinking } from "../shared/parts.js";
import type { MistralContext } from "./context.js";

/**
 * A part as a chunk of content; undefined, with a warning, for one that is left out. Calls and results of tools are
 * not chunks. https://docs.mistral.ai/api/endpoint/chat (ContentChunk)
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a file in another provider's store.
 */
export function encodePart(part: ContentPart, at: string, context: MistralContext): JsonObject | undefined {
  const chunk = encodeChunk(part, at, context);
  if (part.cache !== undefined) context.unsupported(`${at}.cache`);
  // Only thinking has state here.
  if (part.origin !== undefined && part.type !== "reasoning")
    context.stateDropped(`${at}.origin`, part.origin.family);
  return chunk === undefined ? undefined : context.extended(chunk, part.extensions);
}

function encodeChunk(part: ContentPart, at: string, context: MistralContext): JsonObject | undefined {
  switch (part.type) {
    case "text":
      if (part.logprobs !== undefined) context.notReplayed(`${at}.logprobs`);
      return { type: "text", text: part.text };
    case "refusal":
      context.notReplayed(at);
      return { type: "text", text: part.text };
    case "reasoning":
      return encodeReasoningPart(part, at, context);
    case "image":
    case "audio":
    case "file":
      return encodeMediaPart(part, at, context);
    case "source":
      return encodeSourcePart(part, at, context);
    case "compaction":
      context.notReplayed(at);
      return undefined;
    case "tool-call":
    case "tool-result":
      context.notReplayed(at, { key: "messages.content.tool-call.executedBy" });
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

function encodeReasoningPart(
  part: ReasoningPart,
  at: string,
  context: MistralContext,
): JsonObject | undefined {
  const state = context.stateOf(part.origin, at);
  if (part.origin !== undefined && state === undefined) return undefined;
  if (part.redacted === true && state === undefined) {
    context.notReplayed(at, { key: "messages.content.reasoning.redacted" });
    return undefined;
  }
  return encodeThinking(part.text, asString(state?.["signature"]));
}

function encodeMediaPart(
  part: ImagePart | AudioPart | FilePart,
  at: string,
  context: MistralContext,
): JsonObject {
  context.uploadedId(part, at);
  if (part.type === "file") return encodeMedia(context.asImage(part, at) ?? part);
  if (part.type === "image" && part.detail === "original" && part.uploaded === undefined)
    context.changed(`${at}.detail`);
  if (part.type === "audio" && part.transcript !== undefined && part.uploaded === undefined)
    context.unsupported(`${at}.transcript`);
  return encodeMedia(part);
}

function encodeSourcePart(part: SourcePart, at: string, context: MistralContext): JsonObject | undefined {
  const chunk = encodeSource(part);
  if (chunk === undefined) {
    context.notReplayed(at, "this one has neither");
    return undefined;
  }
  if (part.cites !== undefined) context.notReplayed(`${at}.cites`);
  if (part.quote !== undefined && chunk["type"] === "reference") context.notReplayed(`${at}.quote`);
  return chunk;
}
