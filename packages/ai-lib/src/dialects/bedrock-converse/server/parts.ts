import type { JsonObject } from "../../../core/values/json.js";
import type { AudioPart, ContentPart, ImagePart, Origin, SourcePart } from "../../../core/values/message.js";
import { citationsByText } from "../../shared/claude/citations.js";
import { citationOf } from "../shared/citations.js";
import { BEDROCK_FAMILY } from "../shared/family.js";
import { formatOf } from "../shared/media.js";
import { encodeReasoning, encodeText } from "../shared/parts.js";

/** Families whose state replies of this dialect can carry: its own, and the signatures of Claude. */
const FAMILIES: ReadonlySet<string> = new Set([BEDROCK_FAMILY, "anthropic"]);

/** The state of a part, if replies of this dialect can carry it. */
export function ownState(origin: Origin | undefined): JsonObject | undefined {
  return origin !== undefined && FAMILIES.has(origin.family) ? origin.data : undefined;
}

/** A citation. State of another family is left out. */
export function answerCitation(part: SourcePart): JsonObject {
  return citationOf(part, part.origin?.family === BEDROCK_FAMILY ? part.origin : undefined);
}

/** The blocks of a whole answer. Sources become citations of the text that they support. */
export function answerBlocks(content: readonly ContentPart[]): JsonObject[] {
  const uncited = new Set<number>();
  const cited = citationsByText(content, (source, position, text) => {
    if (text === undefined) uncited.add(position);
    return answerCitation(source);
  });
  return content.flatMap((part, i): JsonObject[] => {
    if (part.type === "text") return [encodeText(part.text, cited.get(i) ?? [])];
    if (part.type === "source" && uncited.has(i))
      return [{ citationsContent: { citations: [answerCitation(part)] } }];
    const block = answerBlock(part);
    return block === undefined ? [] : [block];
  });
}

/** One part of an answer, other than a source, as a block; undefined if the dialect has no block for it. */
export function answerBlock(part: ContentPart): JsonObject | undefined {
  switch (part.type) {
    case "text":
    case "refusal":
      return { text: part.text };
    case "reasoning": {
      const state = ownState(part.origin);
      const block = state === undefined ? undefined : encodeReasoning(part.text, state);
      if (block !== undefined || (part.redacted === true && part.text === "")) return block;
      return { reasoningContent: { reasoningText: { text: part.text } } };
    }
    case "tool-call":
      return {
        toolUse: {
          toolUseId: part.id,
          name: part.name,
          // Arguments that the token limit cut are written as text, so that no client runs the call.
          input: part.arguments ?? part.argumentsText ?? {},
          ...(part.executedBy === undefined ? {} : { type: "server_tool_use" }),
        },
      };
    case "tool-result":
      return {
        toolResult: {
          ...(part.origin?.family === BEDROCK_FAMILY ? part.origin.data : {}),
          toolUseId: part.id,
          content: resultContent(part.content),
          ...(part.isError === undefined ? {} : { status: part.isError ? "error" : "success" }),
        },
      };
    case "image":
    case "audio":
      return mediaBlock(part);
    case "file":
    case "source":
    case "compaction":
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

function resultContent(content: string | readonly ContentPart[]): JsonObject[] {
  if (typeof content === "string") return content === "" ? [] : [{ text: content }];
  return content.flatMap((piece) => {
    const block = answerBlock(piece);
    return block === undefined ? [] : [block];
  });
}

function mediaBlock(part: ImagePart | AudioPart): JsonObject | undefined {
  const format = formatOf(part.mediaType ?? (part.type === "image" ? "image/png" : "audio/wav"))?.format;
  if (format === undefined) return undefined;
  if (part.data !== undefined) return { [part.type]: { format, source: { bytes: part.data } } };
  return part.url?.startsWith("s3://") === true
    ? { [part.type]: { format, source: { s3Location: { uri: part.url } } } }
    : undefined;
}
