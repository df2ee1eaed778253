import type { JsonObject } from "../../../core/values/json.js";
import {
  type AssistantMessage,
  type ContentPart,
  type Message,
  partsOf,
  type SystemMessage,
  type ToolCallPart,
  type ToolMessage,
  type ToolResultPart,
  type UserMessage,
} from "../../../core/values/message.js";
import { withArguments } from "../../shared/common/call-arguments.js";
import { MessagesEncoder } from "../../shared/common/messages-encoder.js";
import { encodeToolCall } from "../../shared/openai/tool-call.js";
import type { MistralContext } from "./context.js";
import { encodePart } from "./parts.js";

/** `messages` of a body. https://docs.mistral.ai/api/endpoint/chat */
export function encodeMessages(messages: readonly Message[], context: MistralContext): JsonObject[] {
  return new MistralMessagesEncoder(context, true).encode(messages);
}

class MistralMessagesEncoder extends MessagesEncoder<MistralContext, JsonObject> {
  protected prompt(message: SystemMessage | UserMessage, at: string): void {
    this.push({ role: message.role, content: this.content(message.content, at) }, message.extensions);
  }

  private content(content: string | readonly ContentPart[], at: string): string | JsonObject[] {
    if (typeof content === "string") return content;
    const chunks: JsonObject[] = [];
    content.forEach((part, j) => {
      const chunk = encodePart(part, `${at}.content.${j}`, this.context);
      if (chunk !== undefined) chunks.push(chunk);
    });
    return chunks;
  }

  protected assistant(message: AssistantMessage, at: string, last: boolean): void {
    const { context } = this;
    const chunks: JsonObject[] = [];
    const calls: JsonObject[] = [];
    partsOf(message).forEach((part, j) => {
      const where = `${at}.content.${j}`;
      if (part.type === "tool-call" && part.executedBy === undefined) {
        const call = this.call(part, where);
        if (call !== undefined) calls.push(call);
      } else {
        const chunk = encodePart(part, where, context);
        if (chunk !== undefined) pushChunk(chunks, chunk);
      }
    });
    if (chunks.length === 0 && calls.length === 0) {
      // "Assistant message must have either content or tool_calls, but not none."
      context.notReplayed(at, { key: "messages.empty" });
      return;
    }
    const parts = chunks.length === 0 ? "" : chunks;
    const encoded: JsonObject = {
      role: "assistant",
      content: typeof message.content === "string" ? message.content : parts,
      tool_calls: calls.length === 0 ? undefined : calls,
      // A conversation may end with an assistant's message only if it is marked as the start of the answer.
      prefix: last && calls.length === 0 ? true : undefined,
    };
    this.push(encoded, message.extensions);
  }

  private call(part: ToolCallPart, at: string): JsonObject | undefined {
    const { context } = this;
    context.noteCall(part.id, part.name);
    if (part.arguments === undefined) context.notReplayed(`${at}.argumentsText`);
    if (part.cache !== undefined) context.unsupported(`${at}.cache`);
    // Only thinking has state here.
    if (part.origin !== undefined) context.stateDropped(`${at}.origin`, part.origin.family);
    return context.extended(encodeToolCall(withArguments(part), context.callId(part.id)), part.extensions);
  }

  protected tool(message: ToolMessage, at: string): void {
    const { context } = this;
    message.content.forEach((part, j) => {
      const where = `${at}.content.${j}`;
      if (context.isDropped(part.id)) return;
      if (part.executedBy !== undefined) {
        context.notReplayed(where, { key: "messages.content.tool-result.executedBy" });
        return;
      }
      if (part.isError === true) context.unsupported(`${where}.isError`);
      if (part.cache !== undefined) context.unsupported(`${where}.cache`);
      if (part.origin !== undefined) context.stateDropped(`${where}.origin`, part.origin.family);
      const result = {
        role: "tool",
        tool_call_id: context.callId(part.id),
        name: part.name,
        content: this.result(part, where),
      };
      this.push(context.extended(result, message.extensions), part.extensions);
    });
  }

  private result(part: ToolResultPart, at: string): string | JsonObject[] {
    const { context } = this;
    if (typeof part.content === "string") return part.content;
    const chunks: JsonObject[] = [];
    part.content.forEach((piece, k) => {
      const where = `${at}.content.${k}`;
      const chunk = encodePart(piece, where, context);
      if (chunk === undefined) return;
      if (piece.type === "text" || context.quirks.toolMedia === true) chunks.push(chunk);
      else {
        context.changed(where, { key: "messages.content.tool-result.content" });
        this.keepMedia([chunk]);
      }
    });
    return chunks.length === 0 ? "" : chunks;
  }
}

/** Adds a chunk. Adjacent references become one, as Mistral writes them. */
function pushChunk(chunks: JsonObject[], chunk: JsonObject): void {
  const last = chunks.at(-1);
  const [before, more] = [last?.["reference_ids"], chunk["reference_ids"]];
  if (last !== undefined && Array.isArray(before) && Array.isArray(more) && Object.keys(chunk).length === 2)
    chunks[chunks.length - 1] = { ...last, reference_ids: [...before, ...more] };
  else chunks.push(chunk);
}
