import { isObject, type JsonObject } from "./json.js";
import type { ToolResultContent } from "./message.js";

/** The value of a tool as the content of its result. */
export interface ToolOutput {
  readonly content: string | readonly ToolResultContent[];
  /** An MCP result says that the tool failed. */
  readonly isError?: boolean;
}

/**
 * Reads what a tool returned:
 * - Text is text.
 * - A list is content if each item is a complete part of the contract or a complete block of MCP, without other fields.
 *   A list of rows that have a field `type` is data.
 * - A result of MCP (`content`, `structuredContent`, `isError`) has the content of its blocks. Structured content that
 *   no text block repeats follows as JSON text.
 * - Anything else is JSON text.
 *
 * Blocks: https://modelcontextprotocol.io/specification/2025-11-25/server/tools#tool-result
 */
export function readToolOutput(value: unknown): ToolOutput {
  if (typeof value === "string") return { content: value };
  const parts = contentParts(value);
  if (parts !== undefined && parts.length > 0) return { content: parts };
  return mcpResult(value) ?? { content: jsonText(value) };
}

/** @throws {TypeError} for a value that JSON cannot express: a BigInt, or an object that contains itself. */
function jsonText(value: unknown): string {
  return JSON.stringify(value ?? null) ?? "null";
}

const RESULT_FIELDS: ReadonlySet<string> = new Set(["content", "structuredContent", "isError", "_meta"]);

function mcpResult(value: unknown): ToolOutput | undefined {
  if (!isObject(value) || !hasOnly(value, RESULT_FIELDS)) return undefined;
  const { isError, structuredContent: structured } = value;
  const parts = contentParts(value["content"]);
  if (parts === undefined || (isError !== undefined && typeof isError !== "boolean")) return undefined;
  const failed = isError === undefined ? {} : { isError };
  if (structured === undefined)
    return parts.length === 0 ? { content: "", ...failed } : { content: parts, ...failed };
  const json = jsonText(structured);
  if (parts.length === 0) return { content: json, ...failed };
  const repeats = parts.some((part) => part.type === "text" && isSameJson(part.text, json));
  return { content: repeats ? parts : [...parts, { type: "text", text: json }], ...failed };
}

function isSameJson(text: string, json: string): boolean {
  try {
    return jsonText(JSON.parse(text)) === json;
  } catch {
    return false;
  }
}

/** A list as content; undefined if an item is no complete part. */
function contentParts(value: unknown): ToolResultContent[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const parts: ToolResultContent[] = [];
  for (const item of value as unknown[]) {
    const part = isObject(item) ? (ownPart(item) ?? mcpPart(item)) : undefined;
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts;
}

const COMMON = ["type", "cache", "extensions", "origin"];
const MEDIA = [...COMMON, "url", "data", "uploaded", "mediaType"];

/** The fields of each part that a result can contain. */
const PART_FIELDS: Readonly<Record<ToolResultContent["type"], ReadonlySet<string>>> = {
  text: new Set([...COMMON, "text", "logprobs"]),
  image: new Set([...MEDIA, "detail"]),
  audio: new Set([...MEDIA, "transcript"]),
  file: new Set([...MEDIA, "name"]),
};

function ownPart(item: JsonObject): ToolResultContent | undefined {
  const { type } = item;
  if (type !== "text" && type !== "image" && type !== "audio" && type !== "file") return undefined;
  if (!hasOnly(item, PART_FIELDS[type])) return undefined;
  if (type === "text")
    return typeof item["text"] === "string" ? (item as unknown as ToolResultContent) : undefined;
  const { url, data, uploaded, mediaType } = item;
  const sources = [url, data, uploaded].filter((one) => one !== undefined).length;
  const complete =
    sources === 1 &&
    (url === undefined || typeof url === "string") &&
    (data === undefined || (typeof data === "string" && typeof mediaType === "string")) &&
    (uploaded === undefined || isObject(uploaded));
  return complete ? (item as unknown as ToolResultContent) : undefined;
}

const ANNOTATED = ["type", "annotations", "_meta"];

/** The fields of MCP's blocks. */
const BLOCK_FIELDS: Readonly<Record<string, ReadonlySet<string>>> = {
  text: new Set([...ANNOTATED, "text"]),
  image: new Set([...ANNOTATED, "data", "mimeType"]),
  audio: new Set([...ANNOTATED, "data", "mimeType"]),
  resource: new Set([...ANNOTATED, "resource"]),
  resource_link: new Set([...ANNOTATED, "uri", "name", "title", "description", "mimeType", "size", "icons"]),
};

function mcpPart(item: JsonObject): ToolResultContent | undefined {
  const type = String(item["type"]);
  const fields = Object.hasOwn(BLOCK_FIELDS, type) ? BLOCK_FIELDS[type] : undefined;
  if (fields === undefined || !hasOnly(item, fields)) return undefined;
  const { text, data, mimeType, resource } = item;
  switch (type) {
    case "text":
      return typeof text === "string" ? { type: "text", text } : undefined;
    case "image":
    case "audio":
      return typeof data === "string" && typeof mimeType === "string"
        ? { type, data, mediaType: mimeType }
        : undefined;
    case "resource":
      return isObject(resource) ? resourcePart(resource) : undefined;
    default:
      return linkPart(item);
  }
}

/** An embedded resource: text, or bytes of some type. */
function resourcePart({ uri, mimeType, text, blob }: JsonObject): ToolResultContent | undefined {
  if (typeof uri !== "string") return undefined;
  if (typeof text === "string") return { type: "text", text };
  if (typeof blob !== "string") return undefined;
  const mediaType = typeof mimeType === "string" ? mimeType : "application/octet-stream";
  if (mediaType.startsWith("image/")) return { type: "image", data: blob, mediaType };
  if (mediaType.startsWith("audio/")) return { type: "audio", data: blob, mediaType };
  const name = uri.slice(uri.lastIndexOf("/") + 1);
  return { type: "file", data: blob, mediaType, ...(name === "" ? {} : { name }) };
}

/** A link to a resource as text: the model may ask another tool for it, and no vendor can read it. */
function linkPart({ uri, name, title, description }: JsonObject): ToolResultContent | undefined {
  if (typeof uri !== "string" || typeof name !== "string") return undefined;
  const label = typeof title === "string" ? title : name;
  const more = typeof description === "string" ? `\n${description}` : "";
  return { type: "text", text: `${label}: ${uri}${more}` };
}

function hasOnly(object: JsonObject, fields: ReadonlySet<string>): boolean {
  return Object.keys(object).every((key) => fields.has(key));
}
