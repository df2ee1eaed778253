import type { JsonObject, MutableJson } from "../../../core/values/json.js";
import {
  type AssistantMessage,
  type ContentPart,
  type Message,
  partsOf,
  type ReasoningPart,
  type SourcePart,
  type ToolCallPart,
  type ToolMessage,
  type ToolResultPart,
  type UserPart,
} from "../../../core/values/message.js";
import { encodeToolCall } from "../../shared/openai/tool-call.js";
import { type Cited, encodeCitations } from "../shared/citations.js";
import { isPlan } from "../shared/family.js";
import { encodeBlock, encodeResultDocument } from "../shared/parts.js";
import type { Destination } from "./context.js";

/** A conversation in Cohere's words. */
export class MessageWriter {
  private readonly written: JsonObject[] = [];
  /** Pictures of tool results, until their last message has been written. */
  private moved: JsonObject[] = [];

  constructor(private readonly to: Destination) {}

  write(messages: readonly Message[]): JsonObject[] {
    messages.forEach((message, i) => {
      const at = `messages.${i}`;
      if (message.role !== "tool") this.flush();
      if (message.cache !== undefined)
        this.to.losses.unsupported(`${at}.cache`, "Cohere finds its caches by prefix alone");
      switch (message.role) {
        case "assistant":
          this.assistant(message, at);
          break;
        case "tool":
          this.tool(message, at);
          break;
        case "user":
        case "system":
          if (message.role === "user" && message.name !== undefined)
            this.to.losses.unsupported(`${at}.name`, "Cohere's messages have no name");
          this.push({ role: message.role, content: this.content(message.content, at) }, message);
          break;
        default: {
          const never: never = message;
          throw new TypeError(`Unknown message ${JSON.stringify(never)}`);
        }
      }
    });
    this.flush();
    return this.written;
  }

  private push(wire: JsonObject, message: Pick<Message, "extensions">): void {
    this.written.push(this.to.extended(wire, message.extensions));
  }

  private content(content: string | readonly UserPart[], at: string): string | JsonObject[] {
    if (typeof content === "string") return content;
    const blocks: JsonObject[] = [];
    content.forEach((part, j) => {
      const block = encodeBlock(part, `${at}.content.${j}`, this.to);
      if (block !== undefined) blocks.push(block);
    });
    return blocks;
  }

  private assistant(message: AssistantMessage, at: string): void {
    if (message.incomplete === true) return;
    const turn = new AssistantTurn(this.to);
    partsOf(message).forEach((part, j) => {
      turn.add(part, j, `${at}.content.${j}`);
    });
    const wire = turn.message(typeof message.content === "string" ? message.content : undefined);
    if (wire === undefined)
      this.to.losses.unsupported(at, "Cohere refuses an assistant message with neither content nor calls");
    else this.push(wire, message);
  }

  private tool(message: ToolMessage, at: string): void {
    message.content.forEach((part, j) => {
      const path = `${at}.content.${j}`;
      if (part.executedBy !== undefined) {
        this.to.leave(path, "what a provider ran itself cannot be replayed to Cohere");
        return;
      }
      if (part.isError === true)
        this.to.losses.unsupported(`${path}.isError`, "Cohere's results have no mark for it");
      this.to.noteMarks(part, path);
      const wire = { role: "tool", tool_call_id: part.id, content: this.result(part, path) };
      this.push(this.to.extended(wire, message.extensions), part);
    });
  }

  private result(part: ToolResultPart, at: string): string | JsonObject[] {
    if (typeof part.content === "string") return part.content;
    const stays: JsonObject[] = [];
    part.content.forEach((piece, k) => {
      const path = `${at}.content.${k}`;
      if (piece.type === "file") {
        stays.push(encodeResultDocument(piece, path, this.to));
        return;
      }
      const block = encodeBlock(piece, path, this.to);
      if (block === undefined) return;
      if (piece.type === "text") stays.push(block);
      else {
        this.to.losses.changed(path, "it moved to a user message behind the tool results");
        this.moved.push(block);
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

/** One turn of the model's: Cohere has a place for content, for the plan, for calls and for citations. */
class AssistantTurn {
  private readonly blocks: JsonObject[] = [];
  private readonly calls: JsonObject[] = [];
  private readonly sources: SourcePart[] = [];
  /** Where the sources stand in the request. */
  private readonly paths: string[] = [];
  private readonly cited = new Map<number, Cited>();
  private plan = "";

  constructor(private readonly to: Destination) {}

  add(part: ContentPart, index: number, at: string): void {
    if (part.type !== "reasoning") this.to.noteMarks(part, at);
    switch (part.type) {
      case "text":
        if (part.logprobs !== undefined)
          this.to.leave(`${at}.logprobs`, "log probabilities are no part of a prompt");
        this.block(index, "TEXT_CONTENT", part.text, { type: "text", text: part.text }, part);
        break;
      case "refusal":
        this.to.losses.changed(at, "Cohere has no refusals; it is sent as text");
        this.block(index, "TEXT_CONTENT", part.text, { type: "text", text: part.text }, part);
        break;
      case "reasoning":
        this.reasoning(part, index, at);
        break;
      case "tool-call":
        this.call(part, at);
        break;
      case "source":
        if (part.cites === undefined) this.to.leave(at, "it does not say which words it supports");
        else {
          this.sources.push(part);
          this.paths.push(at);
          this.noteFields(part, at);
        }
        break;
      case "tool-result":
        this.to.leave(at, "what a provider ran itself cannot be replayed to Cohere");
        break;
      case "image":
      case "audio":
      case "file":
        this.to.leave(at, `an assistant message cannot hold a part of type ${part.type}`);
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  /** The turn; undefined where nothing is left of it. */
  message(text: string | undefined): JsonObject | undefined {
    if (this.blocks.length === 0 && this.calls.length === 0) return undefined;
    const wire: MutableJson = { role: "assistant" };
    if (this.plan !== "") wire["tool_plan"] = this.plan;
    if (text !== undefined) wire["content"] = text;
    else if (this.blocks.length > 0) wire["content"] = this.blocks;
    if (this.calls.length > 0) wire["tool_calls"] = this.calls;
    this.sources.forEach(({ cites }, i) => {
      if (cites !== undefined && !this.cited.has(cites.index))
        this.to.leave(`${this.paths[i]}.cites`, "there is no text where it says");
    });
    if (this.sources.length > 0) wire["citations"] = encodeCitations(this.sources, this.cited);
    return wire;
  }

  private block(
    index: number,
    kind: Cited["kind"],
    text: string,
    block: JsonObject,
    part: Pick<ContentPart, "extensions">,
  ): void {
    this.cited.set(index, { kind, block: this.blocks.length, text });
    this.blocks.push(this.to.extended(block, part.extensions));
  }

  private reasoning(part: ReasoningPart, index: number, at: string): void {
    if (part.origin !== undefined && !this.to.reads(part.origin)) {
      this.to.losses.stateDropped(at, part.origin.family);
      return;
    }
    this.to.noteMarks(part, at);
    if (part.redacted === true) this.to.leave(at, "withheld thinking has nothing to send");
    else if (isPlan(part.origin)) {
      this.plan += part.text;
      this.noteFields(part, at);
      this.cited.set(index, { kind: "PLAN", text: part.text });
    } else this.block(index, "THINKING_CONTENT", part.text, { type: "thinking", thinking: part.text }, part);
  }

  /** Notes vendor fields of what has no object of its own. */
  private noteFields(part: Pick<ContentPart, "extensions">, at: string): void {
    if (Object.keys(this.to.extended({}, part.extensions)).length > 0)
      this.to.leave(`${at}.extensions`, "it has no object of its own to put fields on");
  }

  private call(part: ToolCallPart, at: string): void {
    if (part.executedBy !== undefined)
      this.to.leave(at, "what a provider ran itself cannot be replayed to Cohere");
    else if (part.arguments === undefined && part.argumentsText !== undefined)
      this.to.losses.unsupported(at, "its arguments were cut; a call needs whole ones");
    else this.calls.push(this.to.extended(encodeToolCall(part), part.extensions));
  }
}
