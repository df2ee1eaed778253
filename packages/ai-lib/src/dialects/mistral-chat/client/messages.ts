import type { DialectTarget, EncodeWarnings } from "../../../core/contract/dialect.js";
import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import {
  type AssistantMessage,
  type ContentPart,
  type Message,
  partsOf,
  type ToolCallPart,
  type ToolMessage,
  type ToolResultPart,
} from "../../../core/values/message.js";
import { ANY_TOOL_ID, nineCharacterIds, type ToolIds } from "../../shared/common/call-ids.js";
import { extended } from "../../shared/common/extensions.js";
import { encodeToolCall } from "../../shared/openai/tool-call.js";
import { DIALECT } from "../shared/family.js";
import { type Destination, encodeChunk, leave } from "../shared/parts-encode.js";
import { quirksOf } from "../shared/quirks.js";

/** A conversation in Mistral's words. */
export function encodeMessages(
  messages: readonly Message[],
  target: DialectTarget,
  losses: EncodeWarnings,
): JsonObject[] {
  const quirks = quirksOf(target);
  const ids = quirks.anyToolCallId === true ? ANY_TOOL_ID : nineCharacterIds(messages);
  const to = { losses, provider: target.provider, account: target.account, anyStore: false };
  return new MessageWriter(to, ids, quirks.toolMedia === true).write(messages);
}

class MessageWriter {
  private readonly written: JsonObject[] = [];
  /** Media of tool results, until their last message has been written. */
  private moved: JsonObject[] = [];

  constructor(
    private readonly to: Destination,
    private readonly ids: ToolIds,
    private readonly toolMedia: boolean,
  ) {}

  write(messages: readonly Message[]): JsonObject[] {
    messages.forEach((message, i) => {
      const at = `messages.${i}`;
      if (message.role !== "tool") this.flush();
      if (message.cache !== undefined)
        this.to.losses.unsupported(`${at}.cache`, "Mistral keys its cache with `cacheKey`");
      if (message.role === "assistant") this.assistant(message, at, i === messages.length - 1);
      else if (message.role === "tool") this.tool(message, at);
      else {
        if (message.role === "user" && message.name !== undefined)
          this.to.losses.unsupported(`${at}.name`, "Mistral's messages have no name");
        this.push({ role: message.role, content: this.content(message, at) }, message);
      }
    });
    this.flush();
    return this.written;
  }

  private push(wire: JsonObject, message: Pick<Message, "extensions">): void {
    this.written.push(extended(wire, message.extensions, DIALECT, this.to.provider));
  }

  private content(message: Message, at: string): string | JsonObject[] {
    return typeof message.content === "string" ? message.content : this.chunks(message.content, at);
  }

  private chunks(parts: readonly ContentPart[], at: string): JsonObject[] {
    const chunks: JsonObject[] = [];
    parts.forEach((part, j) => {
      const chunk = encodeChunk(part, `${at}.content.${j}`, this.to);
      if (chunk !== undefined) chunks.push(chunk);
    });
    return chunks;
  }

  private assistant(message: AssistantMessage, at: string, last: boolean): void {
    if (message.incomplete === true) return;
    const chunks: JsonObject[] = [];
    const calls: JsonObject[] = [];
    partsOf(message).forEach((part, j) => {
      const path = `${at}.content.${j}`;
      if (part.type === "tool-call" && part.executedBy === undefined) {
        const call = this.call(part, path);
        if (call !== undefined) calls.push(call);
      } else {
        const chunk = encodeChunk(part, path, this.to);
        if (chunk !== undefined) pushChunk(chunks, chunk);
      }
    });
    if (chunks.length === 0 && calls.length === 0) {
      // "Assistant message must have either content or tool_calls, but not none."
      this.to.losses.unsupported(at, "Mistral refuses an assistant message with neither content nor calls");
      return;
    }
    const wire: MutableJson = { role: "assistant" };
    if (typeof message.content === "string") wire["content"] = message.content;
    else wire["content"] = chunks.length === 0 ? "" : chunks;
    if (calls.length > 0) wire["tool_calls"] = calls;
    // A conversation may end with the model's own words only where they are marked as its answer's beginning.
    if (last && calls.length === 0) wire["prefix"] = true;
    this.push(wire, message);
  }

  private call(part: ToolCallPart, at: string): JsonObject | undefined {
    const { losses } = this.to;
    if (part.cache !== undefined) losses.unsupported(`${at}.cache`, "Mistral keys its cache with `cacheKey`");
    if (part.origin !== undefined) losses.stateDropped(`${at}.origin`, part.origin.family);
    if (part.arguments === undefined && part.argumentsText !== undefined) {
      losses.unsupported(at, "its arguments were cut; Mistral refuses calls without whole arguments");
      return undefined;
    }
    return extended(encodeToolCall(part, this.ids.of(part.id)), part.extensions, DIALECT, this.to.provider);
  }

  private tool(message: ToolMessage, at: string): void {
    message.content.forEach((part, j) => {
      const path = `${at}.content.${j}`;
      const { losses } = this.to;
      if (part.executedBy !== undefined) {
        leave(losses, path, "what a provider ran itself cannot be replayed to Mistral");
        return;
      }
      if (part.isError === true)
        losses.unsupported(`${path}.isError`, "Mistral's results have no mark for it");
      if (part.cache !== undefined)
        losses.unsupported(`${path}.cache`, "Mistral keys its cache with `cacheKey`");
      if (part.origin !== undefined) losses.stateDropped(`${path}.origin`, part.origin.family);
      const wire: MutableJson = { role: "tool", tool_call_id: this.ids.of(part.id) };
      if (part.name !== undefined) wire["name"] = part.name;
      wire["content"] = this.result(part, path);
      this.push(extended(wire, message.extensions, DIALECT, this.to.provider), part);
    });
  }

  private result(part: ToolResultPart, at: string): string | JsonObject[] {
    if (typeof part.content === "string") return part.content;
    const stays: JsonObject[] = [];
    part.content.forEach((piece, k) => {
      const path = `${at}.content.${k}`;
      const chunk = encodeChunk(piece, path, this.to);
      if (chunk === undefined) return;
      if (piece.type === "text" || this.toolMedia) stays.push(chunk);
      else {
        this.to.losses.changed(path, "it moved to a user message behind the tool results");
        this.moved.push(chunk);
      }
    });
    return stays.length === 0 ? "" : stays;
  }

  /** All results of a turn must stand together, so what they showed comes after the last of them. */
  private flush(): void {
    if (this.moved.length === 0) return;
    this.written.push({ role: "user", content: this.moved });
    this.moved = [];
  }
}

/** Adds a chunk; neighbouring references become one, as Mistral writes them. */
function pushChunk(chunks: JsonObject[], chunk: JsonObject): void {
  const last = chunks.at(-1);
  const [before, more] = [last?.["reference_ids"], chunk["reference_ids"]];
  if (last !== undefined && Array.isArray(before) && Array.isArray(more) && Object.keys(chunk).length === 2)
    chunks[chunks.length - 1] = { ...last, reference_ids: [...before, ...more] };
  else chunks.push(chunk);
}
