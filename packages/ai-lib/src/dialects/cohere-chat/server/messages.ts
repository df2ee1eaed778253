import { invalidRequest } from "../../../core/errors/error.js";
import { toolCallOf } from "../../../core/kinds/chat/tool-call.js";
import { asArray, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type {
  AssistantMessage,
  ContentPart,
  ImagePart,
  Message,
  TextPart,
  ToolCallPart,
  ToolMessage,
} from "../../../core/values/message.js";
import { addMessage } from "../../shared/common/add-message.js";
import { extensionsOf, unknownFields } from "../../shared/common/extensions.js";
import { citedBy, decodeCitation } from "../shared/citations.js";
import { DIALECT, FAMILY, PLAN } from "../shared/family.js";
import { decodeBlock } from "./parts.js";

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
const ASSISTANT_FIELDS = new Set(["role", "content", "tool_calls", "tool_plan", "citations"]);
const TOOL_FIELDS = new Set(["role", "content", "tool_call_id"]);
const CALL_FIELDS = new Set(["id", "type", "function"]);
const CONTENT_FIELDS = new Set(["type", "text", "thinking"]);

function decodeMessage(entry: JsonObject, at: string): Message {
  const rest = extensionsOf(DIALECT, unknownFields(entry, MESSAGE_FIELDS));
  switch (entry["role"]) {
    case "system":
      return { role: "system", content: blocks(entry["content"], at, isText), ...rest };
    case "user":
      return { role: "user", content: blocks(entry["content"], at, isAny), ...rest };
    case "assistant":
      return decodeAssistant(entry, at);
    case "tool":
      return decodeTool(entry, at);
    default:
      throw invalidRequest(`\`${at}.role\` must be one of system, user, assistant, tool`);
  }
}

function decodeTool(entry: JsonObject, at: string): ToolMessage {
  return {
    role: "tool",
    content: [
      {
        type: "tool-result",
        id: asString(entry["tool_call_id"]) ?? "",
        content: blocks(entry["content"], at, isAny),
        ...extensionsOf(DIALECT, unknownFields(entry, TOOL_FIELDS)),
      },
    ],
  };
}

function decodeAssistant(entry: JsonObject, at: string): AssistantMessage {
  const extensions = extensionsOf(DIALECT, unknownFields(entry, ASSISTANT_FIELDS));
  const { content } = entry;
  const plan = asString(entry["tool_plan"]) ?? "";
  const calls = asArray(entry["tool_calls"]).map((call, j) => decodeCall(call, `${at}.tool_calls.${j}`));
  const citations = asArray(entry["citations"]);
  if (typeof content === "string" && plan === "" && calls.length === 0 && citations.length === 0)
    return { role: "assistant", content, ...extensions };
  const parts: ContentPart[] = [];
  if (plan !== "")
    parts.push({ type: "reasoning", text: plan, origin: { family: FAMILY, data: { ...PLAN } } });
  const places: number[] = [];
  if (typeof content === "string" && content !== "") {
    places.push(parts.length);
    parts.push({ type: "text", text: content });
  }
  asArray(content).forEach((block, j) => {
    places.push(parts.length);
    parts.push(decodeSaid(block, `${at}.content.${j}`));
  });
  const firstText = parts.findIndex((part) => part.type === "text");
  for (const citation of citations) {
    const { block, kind } = citedBy(citation);
    const index = kind === "PLAN" ? 0 : block === undefined ? firstText : (places[block] ?? firstText);
    parts.push(...decodeCitation(citation, Math.max(index, 0)));
  }
  return { role: "assistant", content: [...parts, ...calls], ...extensions };
}

function decodeSaid(block: unknown, at: string): ContentPart {
  if (!isObject(block)) throw invalidRequest(`\`${at}\` is not an object`);
  const rest = extensionsOf(DIALECT, unknownFields(block, CONTENT_FIELDS));
  if (block["type"] === "text") return { type: "text", text: asString(block["text"]) ?? "", ...rest };
  if (block["type"] === "thinking")
    return { type: "reasoning", text: asString(block["thinking"]) ?? "", ...rest };
  throw invalidRequest(`\`${at}\` is neither text nor thinking`);
}

function decodeCall(value: unknown, at: string): ToolCallPart {
  const called = isObject(value) ? value["function"] : undefined;
  if (!isObject(value) || !isObject(called)) throw invalidRequest(`\`${at}.function\` is missing`);
  const call = toolCallOf(
    asString(value["id"]) ?? "",
    asString(called["name"]) ?? "",
    asString(called["arguments"]),
  );
  return { ...call, ...extensionsOf(DIALECT, unknownFields(value, CALL_FIELDS)) };
}

/**
 * Content as text or parts.
 * @throws {AiLibError} `INVALID_REQUEST` for a block that the message cannot hold.
 */
function blocks<P extends TextPart | ImagePart>(
  value: unknown,
  at: string,
  fits: (part: TextPart | ImagePart) => part is P,
): string | P[] {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) throw invalidRequest(`\`${at}.content\` is neither text nor a list of blocks`);
  return value.map((block: unknown, j) => {
    const part = isObject(block) ? decodeBlock(block) : undefined;
    if (part === undefined || !fits(part))
      throw invalidRequest(`\`${at}.content.${j}\` is not a block of ${DIALECT} that is allowed here`);
    return part;
  });
}

function isText(part: TextPart | ImagePart): part is TextPart {
  return part.type === "text";
}

function isAny(part: TextPart | ImagePart): part is TextPart | ImagePart {
  return part.type === "text" || part.type === "image";
}
