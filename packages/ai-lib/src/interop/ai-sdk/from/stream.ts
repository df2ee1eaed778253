import { AiLibError } from "../../../core/errors/error.js";
import type { ChatEvent, PartHead } from "../../../core/values/chat-event.js";
import type { Target } from "../../../core/values/target.js";
import type { CustomEnd } from "../../../providers/own/adapter.js";
import { classifyError } from "./errors.js";
import {
  finishReasonOf,
  foreign,
  originOf,
  readContent,
  readFinish,
  readResponse,
  readUsage,
  readWarnings,
} from "./reply.js";

/** A model whose stream is read. */
export interface StreamFrom {
  readonly target: Target;
  /** The name of the model's provider, which its state belongs to. */
  readonly provider: string;
  /** Whether an end without a finish reason is an end. */
  readonly acceptsUnknownEnd: boolean;
  now(): number;
}

/** Reads one stream: its parts become events, and its end becomes facts. */
export class StreamReader {
  private readonly indexes = new Map<string, number>();
  private readonly began = new Set<string>();
  private next = 0;
  private facts: CustomEnd = {};

  constructor(private readonly from: StreamFrom) {}

  /** The stream's events. Returns the facts of its end. */
  async *read(stream: ReadableStream<unknown>): AsyncGenerator<ChatEvent, CustomEnd> {
    const reader = stream.getReader();
    let finished = false;
    let read = false;
    try {
      for (let step = await reader.read(); !step.done; step = await reader.read()) {
        const part = foreign(step.value);
        if (part["type"] === "error") throw this.classified(part["error"]);
        if (part["type"] === "finish") {
          this.end(part);
          finished = true;
        } else yield* this.events(part);
      }
      read = true;
    } catch (error) {
      throw this.classified(error);
    } finally {
      // A reader that stops early lets the model stop, too.
      if (!read) void reader.cancel().catch(() => {});
    }
    if (!finished) throw this.truncated("ended without its last part");
    return this.facts;
  }

  private classified(error: unknown): AiLibError {
    return classifyError(error, this.from.target, this.from.now());
  }

  private truncated(how: string): AiLibError {
    const { target } = this.from;
    return new AiLibError({
      code: "STREAM_TRUNCATED",
      message: `The stream of ${target.provider} ${how}: its connection was cut`,
      target,
    });
  }

  private end(part: Readonly<Record<string, unknown>>): void {
    const { word, raw } = readFinish(part["finishReason"]);
    if (word === "interrupted") throw this.truncated("was interrupted");
    if (word === "error")
      throw this.classified(
        new Error(`the answer ended with an error${raw === undefined ? "" : ` (${raw})`}`),
      );
    // Providers of the AI SDK begin with this reason and overwrite it with that of the vendor's last event. It is what
    // remains when that event never came.
    if ((word === "unknown" || (word === "other" && raw === undefined)) && !this.from.acceptsUnknownEnd)
      throw this.truncated("ended without a finish reason");
    const usage = readUsage(part["usage"]);
    this.facts = {
      ...this.facts,
      finishReason: finishReasonOf(word),
      ...(raw !== undefined && { rawFinishReason: raw }),
      ...(usage !== undefined && { usage }),
    };
  }

  private *events(part: Readonly<Record<string, unknown>>): Generator<ChatEvent> {
    const { type, delta } = part;
    const id = String(part["id"]);
    switch (type) {
      case "stream-start":
        for (const warning of readWarnings(part["warnings"])) yield { type: "warning", warning };
        return;
      case "response-metadata":
        this.facts = { ...this.facts, ...readResponse(part) };
        return;
      case "text-start":
        yield this.begin(`text ${id}`, { type: "text" });
        return;
      case "reasoning-start":
        yield this.begin(`reasoning ${id}`, { type: "reasoning" });
        return;
      case "text-delta":
      case "reasoning-delta": {
        const index = this.indexes.get(`${type.slice(0, -6)} ${id}`);
        if (index !== undefined && typeof delta === "string") yield { type, index, text: delta };
        return;
      }
      case "text-end":
      case "reasoning-end": {
        const index = this.take(`${type.slice(0, -4)} ${id}`);
        if (index !== undefined) yield { type: "part-end", index, ...originOf(part, this.from.provider) };
        return;
      }
      case "tool-input-start":
        yield this.begin(`call ${id}`, {
          type: "tool-call",
          id,
          name: String(part["toolName"]),
          ...(part["providerExecuted"] === true && { executedBy: "provider" }),
        });
        return;
      case "tool-input-delta": {
        const key = `call ${id}`;
        const index = this.indexes.get(key);
        if (index === undefined || typeof delta !== "string" || delta === "") return;
        this.began.add(key);
        yield { type: "tool-call-delta", index, text: delta };
        return;
      }
      case "tool-call":
        yield* this.call(part);
        return;
      default:
        for (const content of readContent(part, this.from.provider))
          yield { type: "part", index: this.next++, part: content };
    }
  }

  /** A call ends with the part that has its whole input, whether or not pieces of it came before. */
  private *call(part: Readonly<Record<string, unknown>>): Generator<ChatEvent> {
    const { toolCallId, input } = part;
    const key = `call ${String(toolCallId)}`;
    const hadPieces = this.began.has(key);
    let index = this.take(key);
    if (index === undefined) {
      const start = this.begin(key, {
        type: "tool-call",
        id: String(toolCallId),
        name: String(part["toolName"]),
        ...(part["providerExecuted"] === true && { executedBy: "provider" }),
      });
      yield start;
      index = start.index;
      this.indexes.delete(key);
    }
    const text = typeof input === "string" ? input : (JSON.stringify(input) ?? "");
    if (!hadPieces && text !== "") yield { type: "tool-call-delta", index, text };
    yield { type: "part-end", index, ...originOf(part, this.from.provider) };
  }

  private begin(key: string, part: PartHead): ChatEvent & { readonly type: "part-start" } {
    const index = this.next++;
    this.indexes.set(key, index);
    return { type: "part-start", index, part };
  }

  private take(key: string): number | undefined {
    const index = this.indexes.get(key);
    this.indexes.delete(key);
    this.began.delete(key);
    return index;
  }
}
