import { invalidRequest } from "../../../core/errors/error.js";
import {
  asArray,
  asObject,
  asString,
  isObject,
  type JsonObject,
  tryParse,
} from "../../../core/values/json.js";
import type {
  AssistantMessage,
  ContentPart,
  Message,
  SystemMessage,
  TextPart,
  ToolCallPart,
  ToolResultPart,
  UserMessage,
} from "../../../core/values/message.js";
import { addMessage } from "../../shared/common/add-message.js";
import { OpenCalls } from "../../shared/common/open-calls.js";
import { argumentsText } from "../shared/calls.js";
import { DIALECT_FAMILY, decodeExtraContent, decodeReasoningState } from "../shared/state.js";
import { decodeCacheMark, extensionsOf } from "./fields.js";
import { decodeUserPart } from "./parts.js";

/** The messages of a request. Consecutive tool results become one message. */
export function decodeMessages(entries: readonly unknown[]): Message[] {
  const messages: Message[] = [];
  // The calls of the latest turn, which only results followed so far; undefined for none.
  let open: OpenCalls | undefined;
  entries.forEach((entry, i) => {
    const at = `messages.${i}`;
    if (!isObject(entry)) throw invalidRequest(`\`${at}\` must be an object`);
    switch (entry["role"]) {
      case "system":
      case "developer":
        messages.push(systemMessage(entry, at));
        open = undefined;
        break;
      case "user":
        messages.push(userMessage(entry, at));
        open = undefined;
        break;
      case "assistant": {
        const message = assistantMessage(entry, at);
        messages.push(message);
        open = openCallsOf(message);
        break;
      }
      case "tool":
      case "function": {
        open ??= new OpenCalls();
        const result = toolResult(entry, at, open);
        addMessage(messages, { role: "tool", content: [result] });
        break;
      }
      default:
        throw invalidRequest(`\`${at}.role\` must be one of system, developer, user, assistant, tool`);
    }
  });
  return messages;
}

function systemMessage(entry: JsonObject, at: string): SystemMessage {
  const { role: _role, content, cache_control, ...left } = entry;
  const cache = decodeCacheMark(cache_control);
  return {
    role: "system",
    content: textContent(content, at),
    ...(cache === undefined ? {} : { cache }),
    ...extensionsOf(left),
  };
}

function userMessage(entry: JsonObject, at: string): UserMessage {
  const { role: _role, content, name, cache_control, ...left } = entry;
  const who = asString(name);
  const cache = decodeCacheMark(cache_control);
  return {
    role: "user",
    content: Array.isArray(content)
      ? content.map((part: unknown, j) => decodeUserPart(part, `${at}.content.${j}`))
      : textContent(content, at),
    ...(who === undefined ? {} : { name: who }),
    ...(cache === undefined ? {} : { cache }),
    ...extensionsOf(left),
  };
}

function openCallsOf({ content }: AssistantMessage): OpenCalls {
  const open = new OpenCalls();
  if (typeof content !== "string")
    for (const part of content) if (part.type === "tool-call") open.add(part.id, part.name);
  return open;
}

/** @param open the calls without a result: some clients leave ids out of results, which then answer the first of them. */
function toolResult(entry: JsonObject, at: string, open: OpenCalls): ToolResultPart {
  const { role: _role, content, tool_call_id, name, cache_control, ...left } = entry;
  const tool = asString(name);
  const named =
    asString(tool_call_id) ??
    (entry["role"] === "function" && tool !== undefined ? legacyId(tool) : undefined);
  const id = named ?? open.takeFirst()?.id;
  if (named !== undefined) open.takeById(named);
  if (id === undefined) throw invalidRequest(`\`${at}.tool_call_id\` is missing`);
  const cache = decodeCacheMark(cache_control);
  return {
    type: "tool-result",
    id,
    ...(tool === undefined ? {} : { name: tool }),
    content: Array.isArray(content)
      ? content.map((part: unknown, j) => decodeUserPart(part, `${at}.content.${j}`))
      : textContent(content, at),
    ...(cache === undefined ? {} : { cache }),
    ...extensionsOf(left),
  };
}

/** The id of a call in the form before tools (`function_call`): it has none, and its result names the function. */
function legacyId(name: string): string {
  return `call_${name}`;
}

function textContent(content: unknown, at: string): string | TextPart[] {
  if (typeof content === "string") return content;
  if (content == null) return "";
  if (!Array.isArray(content))
    throw invalidRequest(`\`${at}.content\` must be a string or an array of parts`);
  return content.map((part: unknown, j) => {
    const decoded = decodeUserPart(part, `${at}.content.${j}`);
    if (decoded.type !== "text") throw invalidRequest(`\`${at}.content.${j}\` must be text`);
    return decoded;
  });
}

function assistantMessage(entry: JsonObject, at: string): AssistantMessage {
  const {
    role: _role,
    content,
    refusal,
    tool_calls,
    function_call,
    reasoning_content,
    reasoning,
    reasoning_details,
    audio,
    extra_content,
    cache_control,
    ...left
  } = entry;
  const parts: ContentPart[] = [];
  const thought = asString(reasoning_content) ?? asString(reasoning);
  const state = decodeReasoningState(asArray(reasoning_details));
  if (thought !== undefined || state !== undefined)
    parts.push({ type: "reasoning", text: thought ?? "", ...(state === undefined ? {} : { origin: state }) });
  const textState = decodeExtraContent(extra_content);
  for (const part of assistantContent(content, at)) {
    parts.push(part.type === "text" && textState !== undefined ? { ...part, origin: textState } : part);
  }
  const declined = asString(refusal);
  if (declined !== undefined) parts.push({ type: "refusal", text: declined });
  const spoken = asString(asObject(audio)?.["id"]);
  if (spoken !== undefined)
    parts.push({
      type: "audio",
      uploaded: { provider: DIALECT_FAMILY, id: spoken },
      origin: { family: DIALECT_FAMILY, data: { audio: { id: spoken } } },
    });
  asArray(tool_calls).forEach((call, j) => {
    parts.push(toolCall(call, `${at}.tool_calls.${j}`));
  });
  const legacy = asObject(function_call);
  if (legacy !== undefined)
    parts.push(
      toolCall({ id: legacyId(asString(legacy["name"]) ?? ""), function: legacy }, `${at}.function_call`),
    );
  const cache = decodeCacheMark(cache_control);
  const [only] = parts;
  return {
    role: "assistant",
    // A plain text stays a string.
    content:
      parts.length === 1 && typeof content === "string" && only?.type === "text" && only.origin === undefined
        ? content
        : parts,
    ...(cache === undefined ? {} : { cache }),
    ...extensionsOf(left),
  };
}

function assistantContent(content: unknown, at: string): ContentPart[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  if (content == null) return [];
  if (!Array.isArray(content))
    throw invalidRequest(`\`${at}.content\` must be a string or an array of parts`);
  return content.map((part: unknown, j): ContentPart => {
    if (isObject(part) && part["type"] === "refusal")
      return { type: "refusal", text: asString(part["refusal"]) ?? "" };
    const decoded = decodeUserPart(part, `${at}.content.${j}`);
    if (decoded.type !== "text") throw invalidRequest(`\`${at}.content.${j}\` must be text or a refusal`);
    return decoded;
  });
}

function toolCall(entry: unknown, at: string): ToolCallPart {
  const call = asObject(entry);
  const custom = call?.["type"] === "custom" ? asObject(call["custom"]) : undefined;
  const called = custom ?? asObject(call?.["function"]);
  const id = asString(call?.["id"]);
  const name = asString(called?.["name"]);
  if (call === undefined || called === undefined || id === undefined || name === undefined)
    throw invalidRequest(`\`${at}\` must be a call with an id and a name`);
  const {
    id: _id,
    type: _type,
    index: _index,
    function: _function,
    custom: _custom,
    extra_content,
    cache_control,
    ...left
  } = call;
  const state = decodeExtraContent(extra_content);
  const cache = decodeCacheMark(cache_control);
  return {
    type: "tool-call",
    id,
    name,
    ...(custom === undefined ? decodeArguments(called) : { input: asString(custom["input"]) ?? "" }),
    ...(state === undefined ? {} : { origin: state }),
    ...(cache === undefined ? {} : { cache }),
    ...extensionsOf(left),
  };
}

/** A history may hold a call whose arguments the token limit cut. */
function decodeArguments(called: JsonObject): Pick<ToolCallPart, "arguments" | "argumentsText"> {
  const text = (argumentsText(called["arguments"]) ?? "").trim();
  const parsed = text === "" || text === "null" ? {} : tryParse(text);
  return isObject(parsed) ? { arguments: parsed } : { argumentsText: text };
}
