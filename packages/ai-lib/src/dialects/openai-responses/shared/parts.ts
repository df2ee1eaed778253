import type { DialectTarget } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
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
import { decodeTokenLogprobs } from "../../shared/common/logprobs.js";
import { argumentsText, type CallHead, decodeFinding, decodeHead, roleOf, textOf } from "./calls.js";
import { decodeAnnotation } from "./citations.js";
import { familyOf, quirksOf } from "./quirks.js";

/** What reading an item needs to know of the reply around it. */
export class ReplyScope {
  /** The id of the tool search that has no result yet: OpenAI leaves `call_id` null on both. */
  search: string | undefined;
  /** The model that answers; the one asked for until the reply tells. */
  model: string;
  /** The id of the response, once it is known. */
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

  /** An id for a call that came without one, told apart from other answers' calls by the answer's id. */
  callId(): string {
    return `call_${this.id.replace(/[^A-Za-z0-9]/g, "").slice(-24)}_${this.unnamed++}`;
  }

  /** State that goes back with a part. */
  readonly origin = (data: JsonObject): Origin => ({
    family: this.family,
    provider: this.target.provider,
    model: this.model,
    ...(this.target.account === undefined ? {} : { account: this.target.account }),
    data,
  });
}

/**
 * The parts of one item of `output`.
 * @param at index of the first of them in the answer.
 * @param cut the answer ended at the token limit.
 * @throws {AiLibError} `INVALID_RESPONSE` for a call that nobody can run.
 */
export function decodeItem(item: JsonObject, at: number, cut: boolean, scope: ReplyScope): ContentPart[] {
  const type = asString(item["type"]) ?? "";
  const role = roleOf(type);
  switch (role) {
    case "message":
      return decodeMessage(item, at, scope);
    case "reasoning":
      return decodeReasoning(item, scope);
    case "image":
      return decodeImage(item, scope);
    case "call":
      return decodeCall(item, type, cut, scope);
    case "result":
      return [decodeResult(item, type, scope)];
    case "opaque":
      return [{ type: "reasoning", text: "", redacted: true, origin: scope.origin(item) }];
    case "unknown":
      return [];
    default: {
      const never: never = role;
      throw new TypeError(`Unknown role ${String(never)}`);
    }
  }
}

function decodeMessage(item: JsonObject, at: number, scope: ReplyScope): ContentPart[] {
  const parts: ContentPart[] = [];
  const data = messageState(item);
  const origin = data === undefined ? {} : { origin: scope.origin(data) };
  for (const piece of messagePieces(item)) {
    const refusal = piece["type"] === "refusal";
    const text = asString(piece[refusal ? "refusal" : "text"]) ?? "";
    const index = text === "" ? undefined : at + parts.length;
    if (refusal) {
      if (text !== "") parts.push({ type: "refusal", text, ...origin });
    } else if (text !== "") {
      const logprobs = decodeTokenLogprobs(piece["logprobs"]);
      parts.push({ type: "text", text, ...(logprobs === undefined ? {} : { logprobs }), ...origin });
    }
    for (const annotation of asArray(piece["annotations"])) {
      const source = decodeAnnotation(annotation, index, scope.origin);
      if (source !== undefined) parts.push(source);
    }
  }
  return parts;
}

/** The text and refusal pieces of a message, with their places in it. */
export function messagePieces(item: JsonObject): JsonObject[] {
  const { content } = item;
  if (typeof content === "string") return [{ type: "output_text", text: content }];
  return asArray(content).filter(isObject).filter(isReadable);
}

/** Whether a content part is one that is read; others are skipped. */
export function isReadable(piece: JsonObject): boolean {
  const type = piece["type"];
  return type === "output_text" || type === "refusal" || type === "text" || type === "input_text";
}

/** The state of a message: its id and phase. */
export function messageState(item: JsonObject): JsonObject | undefined {
  const { content: _content, role: _role, ...rest } = item;
  return withoutNulls(rest);
}

/** The state of a call of a function or a custom tool, whose other fields the part itself carries. */
function callState(item: JsonObject): JsonObject | undefined {
  const { call_id: _id, name: _name, arguments: _arguments, input: _input, ...rest } = item;
  return withoutNulls(rest);
}

/** An item's fields that are there; undefined where nothing but its type and status would be left. */
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

/** One piece of readable reasoning, and where it stood. */
export interface ReasoningPiece {
  readonly text: string;
  readonly inContent: boolean;
}

/** Summaries, then the thinking itself, which open models show. Empty ones are skipped. */
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
 * The state of one piece of an item of reasoning: all carry its id, which binds them together, and the first
 * its encrypted content.
 */
export function reasoningState(item: JsonObject, first: boolean, inContent: boolean): JsonObject | undefined {
  const { summary: _summary, content: _content, encrypted_content: encrypted, ...rest } = item;
  const data: MutableJson = { ...withoutNulls(rest) };
  if (first && typeof encrypted === "string" && encrypted !== "") data["encrypted_content"] = encrypted;
  if (inContent) data["place"] = "content";
  if (Object.keys(data).length === 0) return undefined;
  return { type: "reasoning", ...data };
}

function decodeReasoning(item: JsonObject, scope: ReplyScope): ContentPart[] {
  const pieces = reasoningPieces(item);
  if (pieces.length === 0) {
    const data = reasoningState(item, true, false);
    return data === undefined ? [] : [{ type: "reasoning", text: "", origin: scope.origin(data) }];
  }
  return pieces.map(({ text, inContent }, i) => {
    const data = reasoningState(item, i === 0, inContent);
    return { type: "reasoning", text, ...(data === undefined ? {} : { origin: scope.origin(data) }) };
  });
}

/** A picture that the provider's tool made is part of the answer; how it was made is kept as state. */
function decodeImage(item: JsonObject, scope: ReplyScope): ImagePart[] {
  const { result, ...rest } = item;
  if (typeof result !== "string" || result === "") return [];
  const format = asString(item["output_format"]) ?? "png";
  return [{ type: "image", mediaType: `image/${format}`, data: result, origin: scope.origin(rest) }];
}

function decodeCall(item: JsonObject, type: string, cut: boolean, scope: ReplyScope): ContentPart[] {
  const head = decodeHead(item, type);
  const text = argumentsText(item, type);
  if (head.name === "") {
    skipNameless(text, scope);
    return [];
  }
  if (head.byProvider && type === "tool_search_call") scope.search = head.id;
  const id = head.id === "" ? scope.callId() : head.id;
  const call: ToolCallPart = {
    ...toolCallOf(id, head.name, text, cut || head.byProvider),
    ...(head.byProvider ? { executedBy: "provider" as const } : {}),
    ...callOrigin(item, type, scope),
  };
  const result = findingOf(item, type, { ...head, id });
  return result === undefined ? [call] : [call, result];
}

/** @throws {AiLibError} `INVALID_RESPONSE` for arguments of a call that nobody can run. */
export function skipNameless(text: string, scope: ReplyScope): void {
  if (text.trim() !== "" && text.trim() !== "{}")
    throw new AiLibError({ code: "INVALID_RESPONSE", message: "The model called a tool without naming it" });
  scope.warn({ code: "malformed", message: "A tool call without name and arguments was skipped" });
}

/** A call's state: of a function its ids, of any other kind the whole item, which goes back as it came. */
export function callOrigin(item: JsonObject, type: string, scope: ReplyScope): { origin?: Origin } {
  const data = type === "function_call" || type === "custom_tool_call" ? callState(item) : item;
  // A custom tool's call goes back under its own type even where it has no other state.
  if (data !== undefined) return { origin: scope.origin(data) };
  return type === "custom_tool_call" ? { origin: scope.origin({ type }) } : {};
}

/** What a provider's tool found, where the call's item tells. */
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

/** A result that is an item of its own: a hosted shell's, a tool search's, a program's. */
function decodeResult(item: JsonObject, type: string, scope: ReplyScope): ToolResultPart {
  const id = asString(item["call_id"]);
  const search = type === "tool_search_output" ? scope.search : undefined;
  return {
    type: "tool-result",
    id: id ?? search ?? asString(item["id"]) ?? "",
    name: type.replace(/(_call)?_output$/, ""),
    content: textOf(item["output"] ?? item["result"] ?? item["tools"] ?? ""),
    executedBy: "provider",
    origin: scope.origin(item),
  };
}
