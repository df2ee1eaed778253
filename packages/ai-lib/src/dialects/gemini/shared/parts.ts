import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type { ContentPart, ToolCallPart, ToolResultPart } from "../../../core/values/message.js";
import { CODE_EXECUTION, isServerTool, isSynthetic, signatureOf } from "./family.js";
import { encodeMedia } from "./media.js";
import { encodeResult, resultText } from "./results.js";

/** How calls are encoded. */
export interface CallStyle {
  /** The id to send; undefined if it is left out. */
  readonly id: (id: string) => string | undefined;
}

/** Sends every id: for servers. */
export const ALL_IDS: CallStyle = { id: (id) => id };

/** Sends ids that were not made here: for clients. */
export const KNOWN_IDS: CallStyle = { id: (id) => (isSynthetic(id) ? undefined : id) };

/** Sends no ids: see the quirk `noCallIds`. */
export const NO_IDS: CallStyle = { id: () => undefined };

/**
 * A part of the model's turn, in the history of a request or in a reply. Undefined for parts that have no place in
 * `content.parts`: sources, and texts that are empty and unsigned.
 */
export function encodeModelPart(part: ContentPart, style: CallStyle): JsonObject | undefined {
  const wire = body(part, style);
  if (wire === undefined) return undefined;
  const thoughtSignature = signatureOf(part.origin);
  return thoughtSignature === undefined ? wire : { ...wire, thoughtSignature };
}

function body(part: ContentPart, style: CallStyle): MutableJson | undefined {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text === "" && signatureOf(part.origin) === undefined ? undefined : { text: part.text };
    case "reasoning":
      return part.text === "" && signatureOf(part.origin) === undefined
        ? undefined
        : { text: part.text, thought: true };
    case "image":
    case "audio":
    case "file":
      return { ...encodeMedia(part) };
    case "tool-call":
      return part.executedBy === undefined
        ? { functionCall: { id: style.id(part.id), name: part.name, args: part.arguments ?? {} } }
        : serverCall(part, style);
    case "tool-result":
      return part.executedBy === undefined
        ? {
            functionResponse: {
              id: style.id(part.id),
              name: part.name ?? "",
              response: encodeResult(resultText(part.content), part.isError === true),
            },
          }
        : serverResult(part, style);
    case "source":
    case "compaction":
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

/** A call that Google ran; one that another provider ran has no type that clients know. */
function serverCall(part: ToolCallPart, style: CallStyle): MutableJson | undefined {
  if (!isServerTool(part.name)) return undefined;
  const id = style.id(part.id);
  if (part.name === CODE_EXECUTION) return { executableCode: { id, ...part.arguments } };
  return { toolCall: { id, toolType: part.name, args: part.arguments } };
}

function serverResult(part: ToolResultPart, style: CallStyle): MutableJson | undefined {
  if (!isServerTool(part.name ?? "")) return undefined;
  const id = style.id(part.id);
  const text = resultText(part.content);
  if (part.name === CODE_EXECUTION) {
    const outcome = part.isError === true ? "OUTCOME_FAILED" : "OUTCOME_OK";
    return { codeExecutionResult: { id, outcome, output: text } };
  }
  const response =
    text === "" && part.isError !== true ? undefined : encodeResult(text, part.isError === true);
  return { toolResponse: { id, toolType: part.name, response } };
}
