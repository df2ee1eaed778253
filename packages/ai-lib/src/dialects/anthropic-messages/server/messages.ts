import {
  asArray,
  asObject,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type {
  ContentPart,
  Message,
  PartBase,
  SystemMessage,
  TextPart,
  ToolResultContent,
  ToolResultPart,
  UserPart,
} from "../../../core/values/message.js";
import { base64OfText } from "../../shared/common/base64.js";
import { defined } from "../../shared/common/body-fields.js";
import { unknownFields } from "../../shared/common/extensions.js";
import { markOf } from "../shared/cache.js";
import { type OriginFacts, pushBlock } from "../shared/parts.js";
import { CLAUDE_FAMILY } from "../shared/quirks.js";

/** State and files in a request count as Anthropic's, because a body does not say whose they are. */
const REQUEST_ORIGIN: OriginFacts = {
  provider: CLAUDE_FAMILY,
  origin: (data) => ({ family: CLAUDE_FAMILY, data }),
};

/** The top-level system prompt as a message. */
export function decodeSystem(system: unknown): SystemMessage[] {
  if (typeof system === "string") return [{ role: "system", content: system }];
  if (!Array.isArray(system) || system.length === 0) return [];
  return [{ role: "system", content: textParts(system) }];
}

/** The turns of a body. Results of tools become messages of their own. */
export function decodeMessages(value: unknown): Message[] {
  const messages: Message[] = [];
  for (const turn of asArray(value)) {
    if (!isObject(turn)) continue;
    const { role, content, ...fields } = turn;
    const extensions =
      Object.keys(fields).length === 0 ? {} : { extensions: { "anthropic-messages": fields } };
    if (role === "assistant")
      messages.push({
        role,
        content: typeof content === "string" ? content : assistantParts(asArray(content)),
        ...extensions,
      });
    else if (role === "system")
      messages.push({
        role,
        content: typeof content === "string" ? content : textParts(asArray(content)),
        ...extensions,
      });
    else if (typeof content === "string") messages.push({ role: "user", content, ...extensions });
    else messages.push(...userMessages(asArray(content)).map((message) => ({ ...message, ...extensions })));
  }
  return messages;
}

function textParts(blocks: readonly unknown[]): TextPart[] {
  return blocks.flatMap((block) => {
    if (!isObject(block)) return [];
    return [block["type"] === "text" ? textPart(block) : rawPart(block)];
  });
}

/** A user's turn, split where results of tools begin and end. */
function userMessages(blocks: readonly unknown[]): Message[] {
  const messages: Message[] = [];
  let results: ToolResultPart[] = [];
  let parts: UserPart[] = [];
  const flush = () => {
    if (results.length > 0) messages.push({ role: "tool", content: results });
    if (parts.length > 0) messages.push({ role: "user", content: parts });
    results = [];
    parts = [];
  };
  for (const block of blocks) {
    if (!isObject(block)) continue;
    if (block["type"] === "tool_result") {
      if (parts.length > 0) flush();
      results.push(toolResult(block));
    } else parts.push(userPart(block));
  }
  flush();
  return messages.length === 0 ? [{ role: "user", content: [] }] : messages;
}

function toolResult(block: JsonObject): ToolResultPart {
  const { type: _type, tool_use_id: id, content, is_error: failed, ...fields } = block;
  return {
    type: "tool-result",
    id: asString(id) ?? "",
    content: Array.isArray(content)
      ? asArray(content).flatMap((piece): ToolResultContent[] => (isObject(piece) ? [userPart(piece)] : []))
      : (asString(content) ?? ""),
    ...(typeof failed === "boolean" ? { isError: failed } : {}),
    ...baseOf(fields),
  };
}

/** The cache mark of a block, and fields that its part has no name for. */
function baseOf(fields: JsonObject): PartBase {
  const { cache_control: mark, ...rest } = fields;
  const cache = markOf(mark);
  return {
    ...(cache === undefined ? {} : { cache }),
    ...(Object.keys(rest).length === 0 ? {} : { extensions: { "anthropic-messages": rest } }),
  };
}

function textPart(block: JsonObject): TextPart {
  const { type: _type, text, ...fields } = block;
  return { type: "text", text: asString(text) ?? "", ...baseOf(fields) };
}

function userPart(block: JsonObject): UserPart {
  switch (block["type"]) {
    case "text":
      return textPart(block);
    case "image": {
      const { type: _type, source, ...fields } = block;
      const media = mediaOf(source);
      return media === undefined ? rawPart(block) : { type: "image", ...media, ...baseOf(fields) };
    }
    case "document": {
      const { type: _type, source, title, context, citations, ...fields } = block;
      const media = mediaOf(source);
      if (media === undefined) return rawPart(block);
      const cites = asObject(citations)?.["enabled"];
      const about = defined({
        name: asString(title),
        context: asString(context),
        citations: typeof cites === "boolean" ? cites : undefined,
      });
      return { type: "file", ...media, ...about, ...baseOf(fields) };
    }
    default:
      return rawPart(block);
  }
}

type Media =
  | { readonly url: string }
  | { readonly data: string; readonly mediaType: string }
  | { readonly uploaded: { readonly provider: string; readonly id: string } };

function mediaOf(source: unknown): Media | undefined {
  if (!isObject(source)) return undefined;
  const data = asString(source["data"]);
  const mediaType = asString(source["media_type"]);
  const url = asString(source["url"]);
  const id = asString(source["file_id"]);
  switch (source["type"]) {
    case "url":
      return url === undefined ? undefined : { url };
    case "base64":
      return data === undefined || mediaType === undefined ? undefined : { data, mediaType };
    case "text":
      return data === undefined ? undefined : { data: base64OfText(data), mediaType: "text/plain" };
    case "file":
      return id === undefined ? undefined : { uploaded: { provider: REQUEST_ORIGIN.provider, id } };
    default:
      return undefined;
  }
}

/**
 * A block that the contract has no part for (a search result, a reference to a tool): its readable text, with the
 * whole block as vendor fields, from which the client half rebuilds it.
 */
function rawPart(block: JsonObject): TextPart {
  const { cache_control: mark, ...fields } = block;
  const cache = markOf(mark);
  const text = asArray(block["content"])
    .map((piece) => (isObject(piece) ? (asString(piece["text"]) ?? "") : ""))
    .join("");
  return {
    type: "text",
    text,
    ...(cache === undefined ? {} : { cache }),
    extensions: { "anthropic-messages": fields },
  };
}

/** Blocks of the model that the contract has parts for. Other blocks stay whole, as state. */
const MODEL_FIELDS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["text", new Set(["type", "text", "citations"])],
  ["thinking", new Set(["type", "thinking", "signature"])],
  ["redacted_thinking", new Set(["type", "data"])],
]);

/** Decodes an assistant's turn as an answer. A block that is unknown there too stays raw. */
function assistantParts(blocks: readonly unknown[]): ContentPart[] {
  const parts: ContentPart[] = [];
  for (const block of blocks) {
    if (!isObject(block)) continue;
    const position = parts.length;
    const { cache_control: mark, ...rest } = block;
    pushBlock(parts, rest, REQUEST_ORIGIN);
    if (parts.length === position) parts.push(rawPart(rest));
    const cache = markOf(mark);
    const part = parts[position];
    if (part === undefined) continue;
    const fields = unknownFields(
      rest,
      MODEL_FIELDS.get(asString(rest["type"]) ?? "") ?? new Set(Object.keys(rest)),
    );
    parts[position] = {
      ...part,
      ...(cache === undefined ? {} : { cache }),
      ...(fields === undefined ? {} : { extensions: { "anthropic-messages": fields } }),
    };
  }
  return parts;
}

/** The fields of an object that are not in a set. */
export function leftOver(value: JsonObject, known: ReadonlySet<string>): MutableJson {
  const left: MutableJson = {};
  for (const key of Object.keys(value)) if (!known.has(key) && key !== "__proto__") left[key] = value[key];
  return left;
}
