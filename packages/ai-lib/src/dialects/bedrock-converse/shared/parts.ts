import { toolCallOf } from "../../../core/kinds/chat/tool-call.js";
import type { Warning } from "../../../core/values/answer.js";
import { asArray, asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type {
  AudioPart,
  ContentPart,
  ImagePart,
  Origin,
  ToolCallPart,
  ToolResultContent,
  ToolResultPart,
} from "../../../core/values/message.js";
import { base64OfText, textOfBase64 } from "../../shared/common/base64.js";
import { warnNameless } from "../../shared/common/nameless-call.js";
import type { MakeOrigin } from "../../shared/common/opaque-state.js";
import { sourceOf } from "./citations.js";
import { mediaTypeOf } from "./media.js";

/** Who sent a block, for state that must be sent back. */
export interface OriginFacts {
  /** Makes the origin of state that only Bedrock reads. */
  readonly own: MakeOrigin;
  /** Makes the origin of reasoning, which every platform that serves the model reads. */
  readonly reasoning: MakeOrigin;
}

/**
 * Appends the parts of a complete block: a text and each of its citations are parts of their own. Unknown blocks are
 * skipped, and so are blocks without content.
 * @param warn is given the warning for a call without a name, which is left out. Default: such a call is a part.
 */
export function pushBlock(
  into: ContentPart[],
  block: unknown,
  facts: OriginFacts,
  warn?: (warning: Warning) => void,
): void {
  if (!isObject(block)) return;
  const text = block["text"];
  if (typeof text === "string") {
    if (text !== "") into.push({ type: "text", text });
    return;
  }
  const cited = asObject(block["citationsContent"]);
  if (cited !== undefined) {
    pushCited(into, cited, facts);
    return;
  }
  const reasoning = asObject(block["reasoningContent"]);
  if (reasoning !== undefined) {
    pushReasoning(into, reasoning, facts);
    return;
  }
  const call = asObject(block["toolUse"]);
  if (call !== undefined) {
    const part = callPart(call, facts);
    if (part.name !== "" || warn === undefined) into.push(part);
    else warnNameless(part.argumentsText ?? JSON.stringify(part.arguments), warn);
    return;
  }
  const result = asObject(block["toolResult"]);
  if (result !== undefined) {
    into.push(resultPart(result, asArray(result["content"]), facts));
    return;
  }
  const media = mediaPart(block);
  if (media !== undefined) into.push(media);
}

function pushCited(into: ContentPart[], cited: JsonObject, facts: OriginFacts): void {
  const pieces = asArray(cited["content"]);
  if (pieces.length > 0) {
    const text = pieces.map((piece) => asString(asObject(piece)?.["text"]) ?? "").join("");
    if (text !== "") into.push({ type: "text", text });
  }
  // Nova's web grounding sends citations in separate blocks, after the text that they support.
  const index = lastTextOf(into);
  for (const citation of asArray(cited["citations"])) {
    const source = sourceOf(citation, index < 0 ? undefined : index, facts.own);
    if (source !== undefined) into.push(source);
  }
}

/** How far a list of parts was searched for its last text, and where that is. */
const searched = new WeakMap<readonly ContentPart[], { readonly length: number; readonly index: number }>();

/** The position of the last text; -1 where there is none. Parts are only added, so that each is read once. */
function lastTextOf(parts: readonly ContentPart[]): number {
  const known = searched.get(parts);
  const from = known?.length ?? 0;
  let index = known?.index ?? -1;
  for (let i = parts.length - 1; i >= from; i--) {
    if (parts[i]?.type !== "text") continue;
    index = i;
    break;
  }
  searched.set(parts, { length: parts.length, index });
  return index;
}

function pushReasoning(into: ContentPart[], reasoning: JsonObject, facts: OriginFacts): void {
  const redacted = asString(reasoning["redactedContent"]);
  if (redacted !== undefined) {
    into.push(redactedPart(redacted, facts));
    return;
  }
  const readable = asObject(reasoning["reasoningText"]) ?? {};
  const signature = asString(readable["signature"]) ?? "";
  const text = asString(readable["text"]) ?? "";
  if (text === "" && signature === "") return;
  into.push({
    type: "reasoning",
    text,
    ...(signature === "" ? {} : { origin: facts.reasoning({ signature }) }),
  });
}

/** Reasoning whose text was withheld. Bedrock encodes Claude's data in base64 once more; the part holds Claude's. */
export function redactedPart(redacted: string, facts: OriginFacts): ContentPart {
  const data = textOfBase64(redacted);
  const state = data === undefined ? { redactedContent: redacted } : { data };
  return { type: "reasoning", text: "", redacted: true, origin: facts.reasoning(state) };
}

function callPart(call: JsonObject, facts: OriginFacts): ToolCallPart {
  const id = asString(call["toolUseId"]) ?? "";
  const name = asString(call["name"]) ?? "";
  const { input } = call;
  const origin = callOrigin(call, facts);
  const part = isObject(input)
    ? ({ type: "tool-call", id, name, arguments: input } as const)
    : toolCallOf(id, name, typeof input === "string" ? input : JSON.stringify(input));
  return origin === undefined ? part : { ...part, executedBy: "provider", origin };
}

/** The state of a call that Bedrock runs; undefined for one that the caller must run. */
export function callOrigin(call: JsonObject, facts: OriginFacts): Origin | undefined {
  const { type } = call;
  return type === "server_tool_use" ? facts.own({ type }) : undefined;
}

/** The result of a tool that Bedrock ran. */
export function resultPart(
  result: JsonObject,
  content: readonly unknown[],
  facts: OriginFacts,
): ToolResultPart {
  const type = asString(result["type"]);
  const status = asString(result["status"]);
  return {
    type: "tool-result",
    id: asString(result["toolUseId"]) ?? "",
    content: contentOf(content),
    ...(status === undefined ? {} : { isError: status === "error" }),
    executedBy: "provider",
    origin: facts.own(type === undefined ? {} : { type }),
  };
}

/** One text stays text; anything else, except for media, becomes JSON text. */
function contentOf(content: readonly unknown[]): string | readonly ToolResultContent[] {
  const parts = content.flatMap((piece): ToolResultContent[] => {
    if (!isObject(piece)) return [];
    const text = piece["text"];
    if (typeof text === "string") return [{ type: "text", text }];
    return [mediaPart(piece) ?? { type: "text", text: JSON.stringify(piece["json"] ?? piece) }];
  });
  const [only] = parts;
  if (only === undefined) return "";
  return parts.length === 1 && only.type === "text" ? only.text : parts;
}

/** An image or sound of an answer. */
function mediaPart(block: JsonObject): ImagePart | AudioPart | undefined {
  for (const kind of ["image", "audio"] as const) {
    const media = asObject(block[kind]);
    const source = asObject(media?.["source"]);
    if (media === undefined || source === undefined) continue;
    const mediaType = mediaTypeOf(kind, asString(media["format"]) ?? "");
    const data = asString(source["bytes"]);
    const url = asString(asObject(source["s3Location"])?.["uri"]);
    if (data !== undefined) return { type: kind, mediaType, data };
    if (url !== undefined) return { type: kind, mediaType, url };
  }
  return undefined;
}

/** A text, with its citations if it has some. */
export function encodeText(text: string, citations: readonly JsonObject[]): JsonObject {
  return citations.length === 0 ? { text } : { citationsContent: { content: [{ text }], citations } };
}

/** Reasoning as a block, from its state; undefined if that has neither a signature nor withheld content. */
export function encodeReasoning(text: string, state: JsonObject): JsonObject | undefined {
  const { signature, data, redactedContent } = state;
  if (typeof signature === "string") return { reasoningContent: { reasoningText: { text, signature } } };
  if (typeof data === "string") return { reasoningContent: { redactedContent: base64OfText(data) } };
  return typeof redactedContent === "string" ? { reasoningContent: { redactedContent } } : undefined;
}
