import { AiLibError } from "../../core/errors/error.js";
import type { Json } from "../../core/values/json.js";
import { type ContentPart, type Message, partsOf, textOf } from "../../core/values/message.js";
import type { FunctionCallItem, HistoryItem, SegmentItem } from "./llama.js";

/** A call whose result is not known yet. */
type OpenCall = FunctionCallItem & { result: Json };

/**
 * The history of a chat as node-llama-cpp takes it: a call and its result are one item within the answer.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for pictures, sound and files.
 */
export function writeHistory(messages: readonly Message[]): HistoryItem[] {
  const history: HistoryItem[] = [];
  const calls = new Map<string, OpenCall>();
  let answer: (string | FunctionCallItem | SegmentItem)[] | undefined;
  for (const message of messages) {
    switch (message.role) {
      case "system":
      case "user":
        answer = undefined;
        history.push({ type: message.role, text: textsOf(partsOf(message), message.role) });
        break;
      case "assistant":
        if (answer === undefined) {
          answer = [];
          history.push({ type: "model", response: answer });
        }
        for (const part of partsOf(message)) {
          if (part.type === "text") answer.push(part.text);
          else if (part.type === "reasoning" && part.text !== "")
            answer.push({ type: "segment", segmentType: "thought", text: part.text, ended: true });
          else if (part.type === "tool-call" && part.executedBy === undefined) {
            const call: OpenCall = {
              type: "functionCall",
              name: part.name,
              params: part.arguments ?? {},
              result: "There is no result.",
            };
            calls.set(part.id, call);
            answer.push(call);
          }
        }
        break;
      case "tool":
        // The model continues the answer with the calls.
        for (const { id, content, isError } of message.content) {
          const call = calls.get(id);
          if (call === undefined) continue;
          const text = typeof content === "string" ? content : textsOf(content, "tool");
          call.result = isError === true ? `Error: ${text}` : text;
        }
        break;
      default: {
        const never: never = message;
        throw new TypeError(`Unknown role in ${JSON.stringify(never)}`);
      }
    }
  }
  return history;
}

function textsOf(parts: readonly ContentPart[], role: string): string {
  const other = parts.find(({ type }) => type === "image" || type === "audio" || type === "file");
  if (other !== undefined)
    throw new AiLibError({
      code: "UNSUPPORTED_FEATURE",
      message: `A local model reads text only, and a message of the role "${role}" has a part of the type "${other.type}"`,
      local: true,
    });
  return textOf(parts);
}
