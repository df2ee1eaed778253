import type { DialectTarget } from "../../../core/contract/dialect.js";
import { toolCallOf } from "../../../core/kinds/chat/tool-call.js";
import type { Warning } from "../../../core/values/answer.js";
import { asArray, asString, isObject, type JsonObject, type MutableJson } from "../../../core/values/json.js";
import type {
  ContentPart,
  ImagePart,
  Origin,
  ToolCallPart,
  ToolResultPart,
} from "../../../core/values/message.js";
import { defined } from "../../shared/common/body-fields.js";
import { decodeTokenLogprobs } from "../../shared/common/logprobs.js";
import { namelessCall } from "../../shared/common/nameless-call.js";
import { originOf } from "../../shared/common/opaque-state.js";
import {
  argumentsText,
  type CallHead,
  decodeFinding,
  decodeHead,
  isTextCall,
  roleOf,
  textOf,
} from "./calls.js";
import { decodeAnnotation } from "./citations.js";
import { decodePhase } from "./phase.js";
import { familyOf, quirksOf } from "./quirks.js";

/** State that the steps of decoding the items of one reply share. */
export class ReplyContext {
  /** The id of the tool search that has no result yet: OpenAI gives both a `call_id` of null. */
  search: string | undefined;
  /** The model that answers; the requested one until the reply names it. */
  model: string;
  /** The id of the response; empty until it is known. */
  id = "";
  private readonly family: string;
  private unnamed = 0;

  constructor(
    private readonly target: DialectTarget,
    readonly warn: (warning: Warning) => void,
  ) {
    this.family = familyOf(target, quirksOf(target));
    this.model = target.model;
  }

  /** An id for a call without one. The answer's id keeps it apart from the calls of other answers. */
  syntheticId(): string {
    return `call_${this.id.replace(/[^A-Za-z0-9]/g, "").slice(-24)}_${this.unnamed++}`;
  }

  /** The origin of a part with state. */
  readonly origin = (data: JsonObject): Origin => originOf(this.target, this.family, data, this.model, true);
}

/**
 * The parts of one item of `output`.
 * @param at the index of the first of them in the answer.
 */
export function decodeItem(item: JsonObject, at: number, context: ReplyContext): ContentPart[] {
  // A message may leave its type out.
  const type = asString(item["type"]) ?? (item["role"] === undefined ? "" : "message");
  const role = roleOf(type);
  switch (role) {
    case "message":
      return decodeMessage(item, at, context);
    case "reasoning":
      return decodeReasoning(item, context);
    case "image":
      return decodeImage(item, context);
    case "call":
      return decodeCall(item, type, context);
    case "result":
      return [decodeResult(item, type, context)];
    case "opaque":
      if (type === "compaction") return [{ type, origin: context.origin(item) }];
      return [{ type: "reasoning", text: "", redacted: true, origin: context.origin(item) }];
    case "unknown":
      return [];
    default: {
      const never: never = role;
      throw new TypeError(`Unknown role ${String(never)}`);
    }
  }
}

function decodeMessage(item: JsonObject, at: number, context: ReplyContext): ContentPart[] {
  const parts: ContentPart[] = [];
  const data = messageState(item);
  const origin = data && context.origin(data);
  for (const piece of messagePieces(item)) {
    const refusal = piece["type"] === "refusal";
    const text = asString(piece[refusal ? "refusal" : "text"]) ?? "";
    const index = text === "" ? undefined : at + parts.length;
    if (refusal) {
      if (text !== "") parts.push({ type: "refusal", text, ...defined({ origin }) });
    } else if (text !== "") {
      const logprobs = decodeTokenLogprobs(piece["logprobs"]);
      const phase = decodePhase(item["phase"]);
      parts.push({ type: "text", text, ...defined({ logprobs, phase, origin }) });
    }
    for (const annotation of asArray(piece["annotations"])) {
      const source = decodeAnnotation(annotation, index, context.origin);
      if (source !== undefined) parts.push(source);
    }
  }
  return parts;
}

/** The texts and refusals of a message. */
export function messagePieces(item: JsonObject): JsonObject[] {
  const { content } = item;
  if (typeof content === "string") return [{ type: "output_text", text: content }];
  return asArray(content).filter(isObject).filter(isReadable);
}

/** Whether a content part is decoded; others are skipped. */
export function isReadable(piece: JsonObject): boolean {
  const type = piece["type"];
  return type === "output_text" || type === "refusal" || type === "text" || type === "input_text";
}

/** The state of a message: its id and its phase. */
export function messageState(item: JsonObject): JsonObject | undefined {
  const { content: _content, role: _role, ...rest } = item;
  return withoutNulls(rest);
}

/** The state of a call of a function or a custom tool: the fields that the part has no name for. */
function callState(item: JsonObject): JsonObject | undefined {
  const { call_id: _id, name: _name, arguments: _arguments, input: _input, ...rest } = item;
  return withoutNulls(rest);
}

/** The fields of an item that have a value; undefined if there are only its type and its status. */
function withoutNulls(fields: JsonObject): JsonObject | undefined {
  const data: MutableJson = {};
  let state = false;
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    if (value === null || value === undefined || key === "__proto__") continue;
    data[key] = value;
    if (key !== "type" && key !== "status") state = true;
  }
  return state ? data : undefined;
}

/** A piece of readable reasoning, and its place. */
export interface ReasoningPiece {
  readonly text: string;
  readonly inContent: boolean;
}

/** The summaries, then the thinking itself, which open models show. Empty ones are skipped. */
export function reasoningPieces(item: JsonObject): ReasoningPiece[] {
  const pieces: ReasoningPiece[] = [];
  for (const inContent of [false, true]) {
    const list = item[inContent ? "content" : "summary"];
    const entries = typeof list === "string" ? [list] : asArray(list);
    for (const entry of entries) {
      const text = typeof entry === "string" ? entry : isObject(entry) ? asString(entry["text"]) : undefined;
      if (text !== undefined && text !== "") pieces.push({ text, inContent });
    }
  }
  return pieces;
}

/**
 * The state of one piece of an item of reasoning. All have the id of the item, and the first has its encrypted
 * content.
 */
export function reasoningState(item: JsonObject, first: boolean, inContent: boolean): JsonObject | undefined {
  const { summary: _summary, content: _content, encrypted_content: encrypted, ...rest } = item;
  const data: MutableJson = { ...withoutNulls(rest) };
  if (first && typeof encrypted === "string" && encrypted !== "") data["encrypted_content"] = encrypted;
  if (inContent) data["place"] = "content";
  if (Object.keys(data).length === 0) return undefined;
  return { type: "reasoning", ...data };
}

function decodeReasoning(item: JsonObject, context: ReplyContext): ContentPart[] {
  const pieces = reasoningPieces(item);
  if (pieces.length === 0) {
    const data = reasoningState(item, true, false);
    return data === undefined ? [] : [{ type: "reasoning", text: "", origin: context.origin(data) }];
  }
  return pieces.map(({ text, inContent }, i) => {
    const data = reasoningState(item, i === 0, inContent);
    return { type: "reasoning", text, ...defined({ origin: data && context.origin(data) }) };
  });
}

/** An image that the provider's tool made is part of the answer; the other fields of its item are state. */
function decodeImage(item: JsonObject, context: ReplyContext): ImagePart[] {
  const { result, ...rest } = item;
  if (typeof result !== "string" || result === "") return [];
  const format = asString(item["output_format"]) ?? "png";
  return [{ type: "image", mediaType: `image/${format}`, data: result, origin: context.origin(rest) }];
}

function decodeCall(item: JsonObject, type: string, context: ReplyContext): ContentPart[] {
  const head = decodeHead(item, type);
  const text = argumentsText(item, type);
  if (head.name === "") {
    skipNameless(text, context);
    return [];
  }
  if (head.byProvider && type === "tool_search_call") context.search = head.id;
  const id = head.id === "" ? context.syntheticId() : head.id;
  const call: ToolCallPart = {
    ...(isTextCall(item, type)
      ? textCall(id, head.name, text, item["status"] === "incomplete")
      : toolCallOf(id, head.name, text)),
    ...(head.byProvider ? { executedBy: "provider" as const } : {}),
    ...callOrigin(item, type, context),
  };
  const result = findingOf(item, type, { ...head, id });
  return result === undefined ? [call] : [call, result];
}

function textCall(id: string, name: string, text: string, cut: boolean): ToolCallPart {
  return { type: "tool-call", id, name, ...(cut ? { argumentsText: text } : { input: text }) };
}

/** Leaves out a call without a name, with a warning if it has arguments. */
export function skipNameless(text: string, context: ReplyContext): void {
  const warning = namelessCall(text);
  if (warning !== undefined) context.warn(warning);
}

/** The state of a call: of a function its ids, of any other kind the whole item, which is sent back unchanged. */
export function callOrigin(item: JsonObject, type: string, context: ReplyContext): { origin?: Origin } {
  const data = type === "function_call" || type === "custom_tool_call" ? callState(item) : item;
  return data === undefined ? {} : { origin: context.origin(data) };
}

/** The result of a provider's tool, if the item of the call has it. */
export function findingOf(item: JsonObject, type: string, head: CallHead): ToolResultPart | undefined {
  if (!head.byProvider) return undefined;
  const found = decodeFinding(item, type);
  if (found === undefined) return undefined;
  return {
    type: "tool-result",
    id: head.id,
    name: head.name,
    content: found.content,
    ...(found.isError ? { isError: true } : {}),
    executedBy: "provider",
  };
}

/** A result with an item of its own: of a hosted shell, of a tool search, of a program. */
function decodeResult(item: JsonObject, type: string, context: ReplyContext): ToolResultPart {
  const id = asString(item["call_id"]);
  const search = type === "tool_search_output" ? context.search : undefined;
  return {
    type: "tool-result",
    id: id ?? search ?? asString(item["id"]) ?? "",
    name: type.replace(/(_call)?_output$/, ""),
    content: textOf(item["output"] ?? item["result"] ?? item["tools"] ?? ""),
    executedBy: "provider",
    origin: context.origin(item),
  };
}
