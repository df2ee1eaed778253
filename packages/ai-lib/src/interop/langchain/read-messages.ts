import type { BaseMessage } from "@langchain/core/messages";
import { base64OfBytes } from "../../core/values/base64.js";
import { readDataUri } from "../../core/values/data-uri.js";
import { asArray, asObject, isObject, type JsonObject, tryParse } from "../../core/values/json.js";
import {
  type CacheMark,
  type ContentPart,
  type MediaPart,
  type Message,
  type TextPart,
  type ToolResultContent,
  type ToolResultPart,
  textOf,
  type UserPart,
} from "../../core/values/message.js";

/** The field of `response_metadata` with an answer's parts, including opaque state. */
export const OWN = "ai_lib";

/** A block of a message, of any version of LangChain or of a vendor. */
type Block = Readonly<Record<string, unknown>>;

/** Messages of LangChain as messages of ai-lib. Results of tools that follow each other become one message. */
export function readMessages(messages: readonly BaseMessage[]): Message[] {
  const read: Message[] = [];
  for (const message of messages) {
    const next = readMessage(message);
    const last = read.at(-1);
    if (next.role === "tool" && last?.role === "tool")
      read[read.length - 1] = { ...last, content: [...last.content, ...next.content] };
    else read.push(next);
  }
  return read;
}

function readMessage(message: BaseMessage): Message {
  const type = message.getType();
  const blocks = blocksOf(message.content);
  switch (type) {
    case "system":
    case "developer":
      return { role: "system", content: blocks.flatMap(textPart) };
    case "ai":
      return { role: "assistant", content: answerParts(message, blocks) };
    case "tool":
    case "function":
      return { role: "tool", content: [toolResult(message, blocks)] };
    default: {
      // A message with a role of its own: `new ChatMessage(text, "assistant")`.
      const role = (message as { readonly role?: unknown }).role;
      if (role === "assistant") return { role, content: answerParts(message, blocks) };
      if (role === "system") return { role, content: blocks.flatMap(textPart) };
      return {
        role: "user",
        content: blocks.flatMap(userPart),
        ...(message.name !== undefined && { name: message.name }),
      };
    }
  }
}

function blocksOf(content: unknown): readonly Block[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return asArray(content).filter((block): block is Block => typeof block === "object" && block !== null);
}

function cacheOf(block: Block): { readonly cache?: CacheMark } {
  const control = asObject(block["cache_control"]);
  if (control === undefined) return {};
  const ttl = control["ttl"];
  return { cache: typeof ttl === "string" ? { ttl } : {} };
}

function textPart(block: Block): TextPart[] {
  return typeof block["text"] === "string" && block["type"] !== "text-plain"
    ? [{ type: "text", text: block["text"], ...cacheOf(block) }]
    : [];
}

function userPart(block: Block): UserPart[] {
  const media = mediaPart(block);
  return media === undefined ? textPart(block) : [media];
}

/** The parts of a turn of the model: those that ai-lib put there, if the turn is still the same. */
function answerParts(message: BaseMessage, blocks: readonly Block[]): readonly ContentPart[] {
  const own = asArray(asObject(message.response_metadata[OWN])?.["content"]) as readonly ContentPart[];
  const parts = blocks.flatMap(answerPart);
  const { tool_calls = [], invalid_tool_calls = [] } = message as unknown as {
    readonly tool_calls?: readonly Block[];
    readonly invalid_tool_calls?: readonly Block[];
  };
  const known = new Set(parts.flatMap((part) => (part.type === "tool-call" ? [part.id] : [])));
  for (const call of [...tool_calls, ...invalid_tool_calls])
    if (!known.has(String(call["id"] ?? ""))) parts.push(...toolCall(call));
  return own.length > 0 && isSameTurn(own, parts) ? own : parts;
}

/** Whether a turn was not edited: the same text and the same calls. */
function isSameTurn(own: readonly ContentPart[], parts: readonly ContentPart[]): boolean {
  const calls = (list: readonly ContentPart[]) =>
    JSON.stringify(
      list.flatMap((part) =>
        part.type === "tool-call" && part.executedBy === undefined
          ? [[part.id, part.name, part.arguments]]
          : [],
      ),
    );
  return textOf(own) === textOf(parts) && calls(own) === calls(parts);
}

function answerPart(block: Block): ContentPart[] {
  switch (block["type"]) {
    case "reasoning":
      return typeof block["reasoning"] === "string" ? [{ type: "reasoning", text: block["reasoning"] }] : [];
    case "refusal":
      return typeof block["refusal"] === "string" ? [{ type: "refusal", text: block["refusal"] }] : [];
    case "tool_call":
    case "invalid_tool_call":
      return toolCall(block);
    default: {
      const media = mediaPart(block);
      return media === undefined ? textPart(block) : [media];
    }
  }
}

function toolCall({ id, name, args }: Block): ContentPart[] {
  const value = typeof args === "string" ? tryParse(args) : args;
  return [
    {
      type: "tool-call",
      id: String(id ?? ""),
      name: String(name ?? ""),
      ...(isObject(value) ? { arguments: value } : { argumentsText: typeof args === "string" ? args : "" }),
    },
  ];
}

function toolResult(message: BaseMessage, blocks: readonly Block[]): ToolResultPart {
  const { tool_call_id, status } = message as unknown as {
    readonly tool_call_id?: string;
    readonly status?: string;
  };
  const parts: ToolResultContent[] = blocks.flatMap((block) => {
    const part = userPart(block);
    return part.length > 0 ? part : [{ type: "text" as const, text: JSON.stringify(block) }];
  });
  const areTexts = parts.every((part) => part.type === "text" && part.cache === undefined);
  return {
    type: "tool-result",
    id: tool_call_id ?? "",
    ...(message.name !== undefined && { name: message.name }),
    content: areTexts ? textOf(parts) : parts,
    ...(status === "error" && { isError: true }),
  };
}

/** A picture, sound or file, in the forms of LangChain 1 and 0.3, OpenAI and Anthropic. */
function mediaPart(block: Block): Exclude<UserPart, TextPart> | undefined {
  const type = block["type"];
  switch (type) {
    case "image":
    case "audio":
    case "file":
    case "video":
    case "text-plain": {
      const media = mediaOf(block);
      if (media === undefined) return undefined;
      const kind = type === "image" || type === "audio" ? type : "file";
      const name = asObject(block["metadata"])?.["filename"] ?? asObject(block["file"])?.["filename"];
      return {
        type: kind,
        ...media,
        ...(kind === "file" && typeof name === "string" && { name }),
        ...cacheOf(block),
      };
    }
    case "image_url": {
      const given = block["image_url"];
      const { url = given, detail } = asObject(given) ?? {};
      if (typeof url !== "string") return undefined;
      const known = detail === "low" || detail === "high" || detail === "auto" ? { detail } : {};
      return { type: "image", ...at(url), ...(known as { detail?: "low" }), ...cacheOf(block) };
    }
    case "input_audio": {
      const { data, format } = asObject(block["input_audio"]) ?? {};
      return typeof data === "string"
        ? { type: "audio", data, mediaType: `audio/${String(format)}` }
        : undefined;
    }
    default:
      return undefined;
  }
}

function at(url: string): MediaPart {
  return readDataUri(url) ?? { url };
}

function mediaOf(block: Block): MediaPart | undefined {
  const source: JsonObject = asObject(block["source"]) ?? asObject(block["file"]) ?? {};
  const type = block["mimeType"] ?? block["mime_type"] ?? source["media_type"];
  const mediaType = typeof type === "string" ? { mediaType: type } : {};
  const data = block["data"] ?? source["data"] ?? source["file_data"];
  if (data instanceof Uint8Array) return { data: base64OfBytes(data), ...mediaType };
  if (typeof data === "string") return data.startsWith("data:") ? at(data) : { data, ...mediaType };
  const url = block["url"] ?? source["url"];
  if (typeof url === "string") return { ...at(url), ...mediaType };
  if (block["type"] === "text-plain" && typeof block["text"] === "string")
    return { data: base64OfBytes(new TextEncoder().encode(block["text"])), mediaType: "text/plain" };
  return undefined;
}
