import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import type { ContentPart, ToolCallPart, ToolResultPart } from "../../../core/values/message.js";
import { CODE_EXECUTION, isSynthetic, signatureOf } from "./family.js";
import { encodeMedia } from "./media.js";
import { encodeResult, resultText } from "./results.js";

/** How calls are written. */
export interface CallStyle {
  /** Ids that were made here, or all of them, are left out. */
  readonly id: (id: string) => string | undefined;
}

/** Every id goes out: what a server does. */
export const ALL_IDS: CallStyle = { id: (id) => id };

/** Ids that the endpoint gave or can take: what a client does. */
export const KNOWN_IDS: CallStyle = { id: (id) => (isSynthetic(id) ? undefined : id) };

/** No ids at all: see the quirk `noCallIds`. */
export const NO_IDS: CallStyle = { id: () => undefined };

/**
 * A part of the model's turn on the wire, in a request's history as in a reply. Undefined for what has no place
 * in `content.parts`: sources, and texts that are empty and unsigned.
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
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

function serverCall(part: ToolCallPart, style: CallStyle): MutableJson {
  const id = style.id(part.id);
  if (part.name === CODE_EXECUTION) return { executableCode: { id, ...part.arguments } };
  return { toolCall: { id, toolType: part.name, args: part.arguments } };
}

function serverResult(part: ToolResultPart, style: CallStyle): MutableJson {
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
