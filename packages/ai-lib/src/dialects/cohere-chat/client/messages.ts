import type { JsonObject } from "../../../core/values/json.js";
import {
  type AssistantMessage,
  type Message,
  partsOf,
  type SystemMessage,
  type ToolMessage,
  type ToolResultPart,
  type UserMessage,
  type UserPart,
} from "../../../core/values/message.js";
import { MessagesEncoder } from "../../shared/common/messages-encoder.js";
import { AssistantTurn } from "./assistant.js";
import type { CohereContext } from "./context.js";
import { encodeResultDocument, encodeUserPart } from "./parts.js";

/** `messages` of a body. https://docs.cohere.com/v2/reference/chat */
export function encodeMessages(messages: readonly Message[], context: CohereContext): JsonObject[] {
  return new CohereMessagesEncoder(context).encode(messages);
}

class CohereMessagesEncoder extends MessagesEncoder<CohereContext, JsonObject> {
  protected prompt(message: SystemMessage | UserMessage, at: string): void {
    this.push({ role: message.role, content: this.content(message.content, at) }, message.extensions);
  }

  private content(content: string | readonly UserPart[], at: string): string | JsonObject[] {
    if (typeof content === "string") return content;
    const blocks: JsonObject[] = [];
    content.forEach((part, j) => {
      const block = encodeUserPart(part, `${at}.content.${j}`, this.context);
      if (block !== undefined) blocks.push(block);
    });
    if (blocks.length > 0) return blocks;
    // The API refuses a turn without content; its files became documents.
    const [file] = content;
    const name = file?.type === "file" ? (file.name ?? "the document") : "";
    if (name !== "") this.context.repaired(at, "a turn of only files names them");
    return name;
  }

  protected assistant(message: AssistantMessage, at: string): void {
    const turn = new AssistantTurn(this.context);
    partsOf(message).forEach((part, j) => {
      turn.add(part, j, `${at}.content.${j}`);
    });
    const encoded = turn.encode(typeof message.content === "string" ? message.content : undefined);
    if (encoded === undefined) this.context.notReplayed(at, { key: "messages.empty" });
    else this.push(encoded, message.extensions);
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
      context.warnMarks(part, where);
      const result = { role: "tool", tool_call_id: part.id, content: this.result(part, where) };
      this.push(context.extended(result, message.extensions), part.extensions);
    });
  }

  private result(part: ToolResultPart, at: string): string | JsonObject[] {
    const { context } = this;
    if (typeof part.content === "string") return part.content;
    const blocks: JsonObject[] = [];
    part.content.forEach((piece, k) => {
      const where = `${at}.content.${k}`;
      const image = piece.type === "file" ? context.asImage(piece, where) : undefined;
      if (piece.type === "file" && image === undefined) {
        blocks.push(encodeResultDocument(piece, where, context));
        return;
      }
      const block = encodeUserPart(image ?? piece, where, context);
      if (block === undefined) return;
      if (piece.type === "text") blocks.push(block);
      else {
        context.changed(where, { key: "messages.content.tool-result.content" });
        this.keepMedia([block]);
      }
    });
    return blocks.length === 0 ? "" : blocks;
  }
}
