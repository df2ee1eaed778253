import { invalidRequest } from "../../../core/errors/error.js";
import { asArray, asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type {
  ContentPart,
  ImagePart,
  Message,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from "../../../core/values/message.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { OpenCalls } from "../../shared/common/open-calls.js";
import { DIALECT, syntheticId } from "../shared/family.js";
import { pictureType } from "../shared/media.js";

const FIELDS: ReadonlySet<string> = new Set([
  "role",
  "content",
  "thinking",
  "images",
  "tool_calls",
  "tool_name",
  "tool_call_id",
]);

/**
 * Decodes a conversation. Consecutive results become one message.
 * @throws {AiLibError} `INVALID_REQUEST` for an unknown role.
 */
export function decodeMessages(wire: readonly unknown[]): Message[] {
  const messages: Message[] = [];
  const waiting = new OpenCalls();
  let results: ToolResultPart[] | undefined;
  wire.forEach((message, position) => {
    if (!isObject(message)) throw invalidRequest(`messages.${position} is not an object`);
    const extra = extensionsOf(DIALECT, unknownFields(message, FIELDS));
    const role = asString(message["role"]);
    if (role === "tool") {
      if (results === undefined) {
        results = [];
        messages.push({ role: "tool", content: results });
      }
      results.push({ ...decodeResult(message, waiting), ...extra });
      return;
    }
    results = undefined;
    if (role === "assistant") {
      messages.push({ role, content: plain(decodeAnswer(message, position, waiting)), ...extra });
    } else if (role === "system" || role === "user") {
      const text = asString(message["content"]) ?? "";
      const images = decodeImages(message["images"]);
      const words: TextPart[] = text === "" ? [] : [{ type: "text", text }];
      if (role === "system") messages.push({ role, content: text, ...extra });
      else messages.push({ role, content: images.length === 0 ? text : [...words, ...images], ...extra });
    } else throw invalidRequest(`messages.${position}.role must be one of system, user, assistant, tool`);
  });
  return messages;
}

function decodeImages(value: unknown): ImagePart[] {
  return asArray(value).flatMap((data) =>
    typeof data === "string" && data !== "" ? [{ type: "image", mediaType: pictureType(data), data }] : [],
  );
}

function decodeAnswer(message: JsonObject, position: number, waiting: OpenCalls): ContentPart[] {
  const parts: ContentPart[] = [];
  const thinking = asString(message["thinking"]) ?? "";
  const text = asString(message["content"]) ?? "";
  if (thinking !== "") parts.push({ type: "reasoning", text: thinking });
  if (text !== "") parts.push({ type: "text", text });
  asArray(message["tool_calls"]).forEach((call, place) => {
    if (!isObject(call)) return;
    const part = decodeCall(call, `${position}_${place}`);
    waiting.add(part.id, part.name);
    parts.push(part);
  });
  return parts;
}

const CALL_FIELDS: ReadonlySet<string> = new Set(["id", "type", "function"]);
const FUNCTION_FIELDS: ReadonlySet<string> = new Set(["name", "arguments", "index"]);

function decodeCall(call: JsonObject, position: string): ToolCallPart {
  const asked = asObject(call["function"]) ?? {};
  const inner = unknownFields(asked, FUNCTION_FIELDS);
  const outer = unknownFields(call, CALL_FIELDS);
  return {
    type: "tool-call",
    id: asString(call["id"]) ?? syntheticId("", position),
    name: asString(asked["name"]) ?? "",
    arguments: asObject(asked["arguments"]) ?? {},
    ...extensionsOf(DIALECT, inner === undefined ? outer : { ...outer, function: inner }),
  };
}

function decodeResult(message: JsonObject, waiting: OpenCalls): ToolResultPart {
  const given = asString(message["tool_call_id"]);
  const name = asString(message["tool_name"]);
  // A result without an id belongs to the first call, of its tool if it names one.
  const call = given === undefined ? waiting.takeFirst(name) : waiting.takeById(given);
  return {
    type: "tool-result",
    id: given ?? call?.id ?? syntheticId("", name ?? "result"),
    ...(name === undefined || name === call?.name ? {} : { name }),
    content: asString(message["content"]) ?? "",
  };
}

/** A single text becomes a string; no part becomes `""`. */
function plain(parts: readonly ContentPart[]): string | readonly ContentPart[] {
  const [only] = parts;
  if (only === undefined) return "";
  return parts.length === 1 && only.type === "text" ? only.text : parts;
}
