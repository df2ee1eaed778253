import {
  asArray,
  asObject,
  asString,
  isObject,
  type JsonObject,
  mergeDeep,
} from "../../../core/values/json.js";
import type {
  ContentPart,
  FilePart,
  Message,
  SystemMessage,
  TextPart,
  ToolResultContent,
  ToolResultPart,
  UserPart,
} from "../../../core/values/message.js";
import { base64OfText } from "../../shared/common/base64.js";
import { defined } from "../../shared/common/body-fields.js";
import { unknownFields } from "../../shared/common/extensions.js";
import { type MediaKind, mediaTypeOf } from "../shared/media.js";
import { type OriginFacts, pushBlock } from "../shared/parts.js";

/** The system prompt as a message. */
export function decodeSystem(system: unknown): SystemMessage[] {
  const parts = partsOf<TextPart>(asArray(system), (block, into) => into.push(textPart(block)));
  return parts.length === 0 ? [] : [{ role: "system", content: alone(parts) }];
}

/** The turns of a body. Results of tools become messages of their own. */
export function decodeMessages(value: unknown, origins: OriginFacts): Message[] {
  const messages: Message[] = [];
  for (const turn of asArray(value)) {
    if (!isObject(turn)) continue;
    const blocks = asArray(turn["content"]);
    if (turn["role"] === "assistant")
      messages.push({
        role: "assistant",
        content: alone(partsOf(blocks, (block, into: ContentPart[]) => pushAssistant(block, into, origins))),
      });
    else if (turn["role"] === "system") messages.push(...decodeSystem(blocks));
    else messages.push(...userMessages(blocks));
  }
  return messages;
}

/** Blocks as parts. A cache point becomes a mark on the part before it. */
function partsOf<Part extends ContentPart>(
  blocks: readonly unknown[],
  read: (block: JsonObject, into: Part[]) => void,
): Part[] {
  const parts: Part[] = [];
  for (const block of blocks) {
    if (!isObject(block)) continue;
    const point = asObject(block["cachePoint"]);
    const last = parts.at(-1);
    if (point === undefined) pushRead(parts, block, read);
    else if (last !== undefined) {
      const ttl = asString(point["ttl"]);
      parts[parts.length - 1] = { ...last, cache: ttl === undefined ? {} : { ttl } };
    }
  }
  return parts;
}

/** The members that a block may have. Each block has one. */
const MEMBERS: ReadonlySet<string> = new Set([
  "text",
  "image",
  "audio",
  "video",
  "document",
  "toolUse",
  "toolResult",
  "reasoningContent",
  "citationsContent",
]);

/** Appends the parts of a block. The last one takes the fields beside the block's member. */
function pushRead<Part extends ContentPart>(
  parts: Part[],
  block: JsonObject,
  read: (block: JsonObject, into: Part[]) => void,
): void {
  read(block, parts);
  const last = parts.at(-1);
  if (last !== undefined) parts[parts.length - 1] = withFields(last, block);
}

/** A part with the fields beside its block's member. A block without a known member is whole already. */
function withFields<Part extends ContentPart>(part: Part, block: JsonObject): Part {
  const beside = unknownFields(block, MEMBERS);
  if (beside === undefined || !Object.keys(block).some((key) => MEMBERS.has(key))) return part;
  const fields = mergeDeep(part.extensions?.["bedrock-converse"] ?? {}, beside);
  return { ...part, extensions: { "bedrock-converse": fields } };
}

/** A single plain text becomes a string; no part becomes `""`. */
function alone<Part extends ContentPart>(parts: readonly Part[]): string | readonly Part[] {
  const [only] = parts;
  const plain =
    parts.length === 1 && only?.type === "text" && only.cache === undefined && only.extensions === undefined;
  return plain ? only.text : parts;
}

/** A user's turn, split where results of tools begin and end. */
function userMessages(blocks: readonly unknown[]): Message[] {
  const messages: Message[] = [];
  let run: ContentPart[] = [];
  const flush = () => {
    const [first] = run;
    if (first?.type === "tool-result")
      messages.push({ role: "tool", content: run.filter((part) => part.type === "tool-result") });
    else if (first !== undefined) messages.push({ role: "user", content: alone(run.filter(isUserPart)) });
    run = [];
  };
  for (const part of partsOf(blocks, (block, into: ContentPart[]) => into.push(userOrResult(block)))) {
    const [first] = run;
    if (first !== undefined && (first.type === "tool-result") !== (part.type === "tool-result")) flush();
    run.push(part);
  }
  flush();
  return messages.length === 0 ? [{ role: "user", content: [] }] : messages;
}

function isUserPart(part: ContentPart): part is UserPart {
  return part.type === "text" || part.type === "image" || part.type === "audio" || part.type === "file";
}

function userOrResult(block: JsonObject): UserPart | ToolResultPart {
  const result = asObject(block["toolResult"]);
  return result === undefined ? userPart(block) : toolResult(result);
}

function toolResult(result: JsonObject): ToolResultPart {
  const { toolUseId, content, status, ...fields } = result;
  const parts = asArray(content).flatMap((piece): ToolResultContent[] =>
    isObject(piece) ? [withFields(userPart(piece), piece)] : [],
  );
  const said = alone(parts);
  return {
    type: "tool-result",
    id: asString(toolUseId) ?? "",
    content: parts.length === 0 ? "" : said,
    ...(status === undefined ? {} : { isError: status === "error" }),
    ...memberExtensions("toolResult", fields),
  };
}

/** Fields of a block's member that its part has no name for. */
function memberExtensions(member: string, fields: JsonObject): Pick<TextPart, "extensions"> {
  return Object.keys(fields).length === 0 ? {} : { extensions: { "bedrock-converse": { [member]: fields } } };
}

function userPart(block: JsonObject): UserPart {
  for (const kind of ["image", "audio", "video", "document"] as const) {
    const media = asObject(block[kind]);
    const part = media === undefined ? undefined : mediaOf(kind, media);
    if (part !== undefined) return part;
  }
  return textPart(block);
}

function mediaOf(kind: MediaKind, media: JsonObject): UserPart | undefined {
  const { format, source, name, ...given } = media;
  const { about, fields } = kind === "document" ? documentFields(given) : { about: {}, fields: given };
  const from = asObject(source) ?? {};
  const mediaType = mediaTypeOf(kind, asString(format) ?? "");
  const text = asString(from["text"]);
  const data = asString(from["bytes"]) ?? (text === undefined ? undefined : base64OfText(text));
  const location = asObject(from["s3Location"]);
  const url = asString(location?.["uri"]);
  const bytes = data === undefined ? (url === undefined ? undefined : { url }) : { data };
  if (bytes === undefined) return undefined;
  const { uri: _uri, ...where } = location ?? {};
  const owner = Object.keys(where).length === 0 ? {} : { source: { s3Location: where } };
  const part = { mediaType, ...bytes, ...memberExtensions(kind, { ...fields, ...owner }) };
  if (kind === "image" || kind === "audio") return { type: kind, ...part };
  return { type: "file", ...part, ...nameOf(name, format), ...about };
}

/** The fields of a document that the contract names, and the others. */
function documentFields({ context, citations, ...rest }: JsonObject): {
  readonly about: Pick<FilePart, "context" | "citations">;
  readonly fields: JsonObject;
} {
  const { enabled, ...others } = asObject(citations) ?? {};
  const about = defined({
    context: asString(context),
    citations: typeof enabled === "boolean" ? enabled : undefined,
  });
  return { about, fields: Object.keys(others).length === 0 ? rest : { ...rest, citations: others } };
}

/** A name has no dot; the file's ending follows from the format. */
function nameOf(name: unknown, format: unknown): { readonly name?: string } {
  if (typeof name !== "string") return {};
  return { name: typeof format === "string" && !name.includes(".") ? `${name}.${format}` : name };
}

/** A text, or a block that the contract has no part for: its readable text, with the whole block as vendor fields. */
function textPart(block: JsonObject): TextPart {
  const { text } = block;
  if (typeof text === "string") return { type: "text", text };
  return { type: "text", text: readableText(block), extensions: { "bedrock-converse": block } };
}

function readableText(block: JsonObject): string {
  const guarded = asString(asObject(asObject(block["guardContent"])?.["text"])?.["text"]);
  if (guarded !== undefined) return guarded;
  return block["json"] === undefined ? "" : JSON.stringify(block["json"]);
}

/** Decodes an assistant's block as an answer's. A block that is unknown there too stays raw. */
function pushAssistant(block: JsonObject, into: ContentPart[], origins: OriginFacts): void {
  const before = into.length;
  // Citations refer to their text by its position.
  pushBlock(into, block, origins);
  if (into.length === before) into.push(textPart(block));
}
