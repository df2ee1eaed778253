import type { ServerFacts } from "../../../core/contract/dialect.js";
import type { EventSink } from "../../../core/contract/sink.js";
import type { Frame } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ChatEvent, PartStartEvent } from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import type {
  ContentPart,
  Origin,
  SourcePart,
  TokenLogprob,
  ToolCallPart,
} from "../../../core/values/message.js";
import { isPlan } from "../client/messages.js";
import { type Cited, writeCitations } from "../shared/citations.js";
import { finishWord } from "../shared/finish.js";
import { writeLogprob } from "../shared/logprobs.js";
import { writeUsage } from "../shared/usage.js";
import { errorBody } from "./errors.js";

/** A content block, or the plan, that is being written, with its text, which citations repeat. */
interface Block {
  readonly kind: Cited["kind"];
  /** None for the plan. */
  readonly block: number | undefined;
  text: string;
}

/** Writes Cohere's events, closed by `message-end` and `[DONE]`. https://docs.cohere.com/v2/docs/streaming */
export class CohereWriter implements EventSink {
  private begun = false;
  private over = false;
  private readonly blocks = new Map<number, Block>();
  /** Place of each call among the calls. */
  private readonly calls = new Map<number, number>();
  private blockCount = 0;
  private citations = 0;

  constructor(
    private readonly write: (frame: Frame) => void,
    private readonly facts: ServerFacts,
  ) {}

  event(event: ChatEvent): void {
    if (this.over) return;
    switch (event.type) {
      case "start":
        this.begin(event.id);
        break;
      case "part-start":
        this.partStart(event);
        break;
      case "text-delta":
      case "refusal-delta":
        this.said(event.index, "text", event.text, event.logprobs);
        break;
      case "reasoning-delta":
        this.said(event.index, "thinking", event.text);
        break;
      case "tool-call-delta":
        this.callDelta(event.index, event.text);
        break;
      case "part-end":
        this.close(event.index);
        break;
      case "part":
        this.part(event.index, event.part);
        break;
      case "media-delta":
      case "warning":
        break;
      case "restart":
        // What was written cannot be taken back, and an answer said twice is none.
        this.fail(
          new AiLibError({
            code: "PROVIDER_ERROR",
            message: "The answer began anew after it had been sent in part",
          }),
        );
        break;
      default: {
        const never: never = event;
        throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
      }
    }
  }

  finish(response: ChatResponse): void {
    if (this.over) return;
    this.begin(response.id);
    this.over = true;
    this.send("message-end", {
      delta: {
        finish_reason: finishWord(response.finishReason, response.rawFinishReason),
        usage: writeUsage(response.usage),
      },
    });
    this.write({ data: "[DONE]" });
  }

  fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    this.write({ event: "error", data: errorBody(error) });
  }

  private send(type: string, fields: JsonObject): void {
    this.write({ event: type, data: JSON.stringify({ type, ...fields }) });
  }

  private begin(id: string | undefined): void {
    if (this.begun) return;
    this.begun = true;
    this.send("message-start", {
      id: id ?? this.facts.id,
      delta: { message: { role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] } },
    });
  }

  private partStart({ index, part, origin }: PartStartEvent): void {
    switch (part.type) {
      case "text":
      case "refusal":
        this.block(index, "text", "TEXT_CONTENT");
        break;
      case "reasoning":
        this.thinking(index, origin);
        break;
      case "tool-call":
        if (part.executedBy === undefined) this.call(index, part.id, part.name, "");
        break;
      case "audio":
      case "image":
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  /** A plan has no block: its deltas are events of their own. */
  private thinking(index: number, origin: Origin | undefined): void {
    if (isPlan(origin)) this.blocks.set(index, { kind: "PLAN", block: undefined, text: "" });
    else this.block(index, "thinking", "THINKING_CONTENT");
  }

  private block(index: number, type: "text" | "thinking", kind: Cited["kind"]): void {
    this.begin(undefined);
    const block = this.blockCount++;
    this.blocks.set(index, { kind, block, text: "" });
    this.send("content-start", { index: block, delta: { message: { content: { type, [type]: "" } } } });
  }

  private said(
    index: number,
    field: "text" | "thinking",
    text: string,
    logprobs?: readonly TokenLogprob[],
  ): void {
    const block = this.blocks.get(index);
    if (block === undefined) return;
    block.text += text;
    if (block.block === undefined) {
      this.begin(undefined);
      this.send("tool-plan-delta", { delta: { message: { tool_plan: text } } });
      return;
    }
    const delta = { message: { content: { [field]: text } } };
    const [first] = logprobs ?? [];
    if (logprobs === undefined || first === undefined)
      this.send("content-delta", { index: block.block, delta });
    else
      this.send("content-delta", {
        index: block.block,
        delta,
        logprobs: logprobs.length === 1 ? writeLogprob(first) : logprobs.map(writeLogprob),
      });
  }

  private call(index: number, id: string, name: string, text: string): void {
    this.begin(undefined);
    const place = this.calls.size;
    this.calls.set(index, place);
    const call = { id, type: "function", function: { name, arguments: text } };
    this.send("tool-call-start", { index: place, delta: { message: { tool_calls: call } } });
  }

  private callDelta(index: number, text: string): void {
    const place = this.calls.get(index);
    if (place === undefined) return;
    const delta = { message: { tool_calls: { function: { arguments: text } } } };
    this.send("tool-call-delta", { index: place, delta });
  }

  private close(index: number): void {
    const block = this.blocks.get(index);
    const place = this.calls.get(index);
    if (block?.block !== undefined) this.send("content-end", { index: block.block });
    else if (place !== undefined) this.send("tool-call-end", { index: place });
  }

  private part(index: number, part: ContentPart): void {
    switch (part.type) {
      case "text":
      case "refusal":
        this.block(index, "text", "TEXT_CONTENT");
        this.said(index, "text", part.text, part.type === "text" ? part.logprobs : undefined);
        this.close(index);
        break;
      case "reasoning":
        this.thinking(index, part.origin);
        this.said(index, "thinking", part.text);
        this.close(index);
        break;
      case "tool-call":
        this.wholeCall(index, part);
        break;
      case "source":
        this.citation(part);
        break;
      case "tool-result":
      case "image":
      case "audio":
      case "file":
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  private wholeCall(index: number, part: ToolCallPart): void {
    if (part.executedBy !== undefined) return;
    this.call(index, part.id, part.name, "");
    this.callDelta(index, part.argumentsText ?? JSON.stringify(part.arguments ?? {}));
    this.close(index);
  }

  private citation(part: SourcePart): void {
    this.begin(undefined);
    const [citations] = writeCitations([part], this.blocks);
    const index = this.citations++;
    this.send("citation-start", { index, delta: { message: { citations: citations ?? {} } } });
    this.send("citation-end", { index });
  }
}
