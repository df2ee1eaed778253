import type { AiLibError } from "../../../core/errors/error.js";
import type {
  DeltaEvent,
  PartEndEvent,
  PartEvent,
  PartHead,
  PartStartEvent,
} from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import type { TokenLogprob } from "../../../core/values/message.js";
import { AnswerWriter, type PartRoute } from "../../shared/common/answer-writer.js";
import { streamJson } from "../../shared/common/stream-json.js";
import { TextTemplate } from "../../shared/common/text-template.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { type Cited, encodeCitations } from "../shared/citations.js";
import { isPlan } from "../shared/family.js";
import { finishWord } from "../shared/finish.js";
import { encodeLogprob } from "../shared/logprobs.js";
import { encodeUsage } from "../shared/usage.js";
import { errorBody } from "./errors.js";

/** A content block or the plan in progress, with its text, which citations repeat. */
interface Block {
  readonly kind: Cited["kind"];
  /** None for the plan. */
  readonly block: number | undefined;
  /** Its deltas, where they have no log probabilities. */
  readonly deltas: TextTemplate | undefined;
  text: string;
}

/** Writes Cohere's events, closed by `message-end` and `[DONE]`. https://docs.cohere.com/v2/docs/streaming */
export class CohereStreamEncoder extends AnswerWriter {
  protected override readonly sequential = true;
  private readonly blocks = new Map<number, Block>();
  /** The position of each call among the calls. */
  private readonly calls = new Map<number, number>();
  private blockCount = 0;
  private citations = 0;

  protected routeOf(head: PartHead): PartRoute {
    switch (head.type) {
      case "text":
      case "refusal":
      case "reasoning":
        return "pieces";
      case "tool-call":
        return head.executedBy === undefined ? "pieces" : "omit";
      case "audio":
      case "image":
        return "omit";
      default: {
        const never: never = head;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  protected encodeHead(): void {
    this.send("message-start", {
      id: this.names.id,
      delta: { message: { role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] } },
    });
  }

  protected encodePartStart({ index, part, origin }: PartStartEvent): void {
    switch (part.type) {
      case "text":
      case "refusal":
        this.startBlock(index, "text", "TEXT_CONTENT");
        break;
      case "reasoning":
        // A plan has no block: its deltas are events of their own.
        if (isPlan(origin))
          this.blocks.set(index, { kind: "PLAN", block: undefined, deltas: undefined, text: "" });
        else this.startBlock(index, "thinking", "THINKING_CONTENT");
        break;
      case "tool-call": {
        const place = this.calls.size;
        this.calls.set(index, place);
        const call = { id: part.id, type: "function", function: { name: part.name, arguments: "" } };
        this.send("tool-call-start", { index: place, delta: { message: { tool_calls: call } } });
        break;
      }
      case "audio":
      case "image":
        break;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  protected encodeDelta(event: DeltaEvent): void {
    const { index, text } = event;
    if (event.type === "tool-call-delta") {
      const delta = { message: { tool_calls: { function: { arguments: text } } } };
      this.send("tool-call-delta", { index: this.calls.get(index), delta });
      return;
    }
    const block = this.blocks.get(index);
    if (block === undefined) return;
    block.text += text;
    const { logprobs } = event;
    if (block.deltas === undefined) this.send("tool-plan-delta", { delta: { message: { tool_plan: text } } });
    else if (logprobs === undefined) this.write({ event: "content-delta", data: block.deltas.json(text) });
    else {
      const field = event.type === "reasoning-delta" ? "thinking" : "text";
      const delta = { message: { content: { [field]: text } } };
      this.send("content-delta", { index: block.block, delta, ...logprobsOf(logprobs) });
    }
  }

  protected encodePartEnd({ index }: PartEndEvent): void {
    const block = this.blocks.get(index);
    const place = this.calls.get(index);
    if (block?.block !== undefined) this.send("content-end", { index: block.block });
    else if (place !== undefined) this.send("tool-call-end", { index: place });
  }

  /** Citations have events of their own. The dialect has no place for other whole parts. */
  protected encodePart({ part }: PartEvent): void {
    if (part.type !== "source") return;
    const [citations] = encodeCitations([part], this.blocks, true);
    const index = this.citations++;
    this.send("citation-start", { index, delta: { message: { citations: citations ?? {} } } });
    this.send("citation-end", { index });
  }

  protected encodeEnd(response: ChatResponse): void {
    const { finishReason, rawFinishReason, usage } = response;
    const finish_reason = finishWord(finishReason, rawFinishReason);
    this.send("message-end", { delta: { finish_reason, usage: markedUsage(encodeUsage(usage), response) } });
    this.write({ data: "[DONE]" });
  }

  protected encodeFailure(error: AiLibError): void {
    this.write({ event: "error", data: streamJson(errorBody(error)) });
  }

  private startBlock(index: number, type: "text" | "thinking", kind: Cited["kind"]): void {
    const block = this.blockCount++;
    const deltas = new TextTemplate((text) => ({
      type: "content-delta",
      index: block,
      delta: { message: { content: { [type]: text } } },
    }));
    this.blocks.set(index, { kind, block, deltas, text: "" });
    this.send("content-start", { index: block, delta: { message: { content: { type, [type]: "" } } } });
  }

  private send(type: string, fields: JsonObject): void {
    this.write({ event: type, data: streamJson({ type, ...fields }) });
  }
}

/** The log probabilities of a delta. A single token's is not a list. */
function logprobsOf(logprobs: readonly TokenLogprob[]): JsonObject {
  const [first, ...others] = logprobs.map(encodeLogprob);
  if (first === undefined) return {};
  return { logprobs: others.length === 0 ? first : [first, ...others] };
}
