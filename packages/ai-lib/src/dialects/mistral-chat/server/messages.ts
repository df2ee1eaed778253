import { invalidRequest } from "../../../core/errors/error.js";
import { toolCallOf } from "../../../core/kinds/chat/tool-call.js";
import { asArray, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type {
  AssistantMessage,
  ContentPart,
  Message,
  TextPart,
  ToolCallPart,
  ToolMessage,
  ToolResultContent,
  ToolResultPart,
  UserPart,
} from "../../../core/values/message.js";
import { addMessage } from "../../shared/common/add-message.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { DIALECT } from "../shared/family.js";
import { decodePart } from "./parts.js";

/** The conversation of a request. Consecutive results become one tool message. */
export function decodeMessages(value: unknown): Message[] {
  if (!Array.isArray(value)) throw invalidRequest("`messages` is not an array");
  const messages: Message[] = [];
  value.forEach((entry: unknown, i) => {
    const at = `messages.${i}`;
    if (!isObject(entry)) throw invalidRequest(`\`${at}\` is not an object`);
    addMessage(messages, decodeMessage(entry, at));
  });
  return messages;
}

const MESSAGE_FIELDS = new Set(["role", "content"]);
const ASSISTANT_FIELDS = new Set(["role", "content", "tool_calls", "prefix"]);
const TOOL_FIELDS = new Set(["role", "content", "tool_call_id", "name"]);
const CALL_FIELDS = new Set(["id", "type", "function", "index"]);

function decodeMessage(entry: JsonObject, at: string): Message {
  switch (entry["role"]) {
    case "system":
      return decodeSystem(entry, at);
    case "user":
      return {
        role: "user",
        content: content(entry["content"], at, isUserPart),
        ...extensionsOf(DIALECT, unknownFields(entry, MESSAGE_FIELDS)),
      };
    case "assistant":
      return decodeAssistant(entry, at);
    case "tool":
      return decodeTool(entry, at);
    default:
      throw invalidRequest(`\`${at}.role\` must be one of system, user, assistant, tool`);
  }
}

/**
 * Magistral's own system prompt has a thinking chunk, which a system message of the contract cannot contain: the chunks
 * stay as vendor fields.
 */
function decodeSystem(entry: JsonObject, at: string): Message {
  const rest = unknownFields(entry, MESSAGE_FIELDS);
  const value = entry["content"];
  if (asArray(value).every((chunk) => isObject(chunk) && chunk["type"] === "text"))
    return { role: "system", content: content(value, at, isText), ...extensionsOf(DIALECT, rest) };
  const parts = asArray(value).flatMap((chunk) => (isObject(chunk) ? decodePart(chunk) : []));
  const text = parts.map((part) => ("text" in part ? part.text : "")).join("");
  return { role: "system", content: text, ...extensionsOf(DIALECT, { ...rest, content: entry["content"] }) };
}

function decodeAssistant(entry: JsonObject, at: string): AssistantMessage {
  const calls = asArray(entry["tool_calls"]).flatMap((call, j) => decodeCall(call, `${at}.tool_calls.${j}`));
  const said = content(entry["content"], at, (part): part is ContentPart => true);
  const extensions = extensionsOf(DIALECT, unknownFields(entry, ASSISTANT_FIELDS));
  if (calls.length === 0) return { role: "assistant", content: said, ...extensions };
  const parts: readonly ContentPart[] =
    typeof said !== "string" ? said : said === "" ? [] : [{ type: "text", text: said }];
  return { role: "assistant", content: [...parts, ...calls], ...extensions };
}

function decodeCall(value: unknown, at: string): ToolCallPart[] {
  const called = isObject(value) ? value["function"] : undefined;
  if (!isObject(value) || !isObject(called)) throw invalidRequest(`\`${at}.function\` is missing`);
  const text = isObject(called["arguments"])
    ? JSON.stringify(called["arguments"])
    : asString(called["arguments"]);
  const call = toolCallOf(asString(value["id"]) ?? "", asString(called["name"]) ?? "", text);
  return [{ ...call, ...extensionsOf(DIALECT, unknownFields(value, CALL_FIELDS)) }];
}

function decodeTool(entry: JsonObject, at: string): ToolMessage {
  const name = asString(entry["name"]);
  const result: ToolResultPart = {
    type: "tool-result",
    id: asString(entry["tool_call_id"]) ?? "",
    ...(name === undefined ? {} : { name }),
    content: content(entry["content"], at, isResultContent),
    ...extensionsOf(DIALECT, unknownFields(entry, TOOL_FIELDS)),
  };
  return { role: "tool", content: [result] };
}

/**
 * Content as text or parts.
 * @throws {AiLibError} `INVALID_REQUEST` for a chunk that the message cannot hold.
 */
function content<P extends ContentPart>(
  value: unknown,
  at: string,
  fits: (part: ContentPart) => part is P,
): string | P[] {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) throw invalidRequest(`\`${at}.content\` is neither text nor a list of chunks`);
  return value.flatMap((chunk: unknown, j) => {
    const parts = isObject(chunk) ? decodePart(chunk) : [];
    if (parts.length === 0 || !parts.every(fits))
      throw invalidRequest(`\`${at}.content.${j}\` is not a chunk of ${DIALECT} that is allowed here`);
    return parts;
  });
}

function isText(part: ContentPart): part is TextPart {
  return part.type === "text";
}

function isUserPart(part: ContentPart): part is UserPart {
  return part.type === "text" || part.type === "image" || part.type === "audio" || part.type === "file";
}

function isResultContent(part: ContentPart): part is ToolResultContent {
  return isUserPart(part);
}
