import type { AiLibError } from "../../../core/errors/error.js";
import type { DeltaEvent, PartEvent, PartHead } from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import type { JsonObject } from "../../../core/values/json.js";
import { AnswerWriter, type PartRoute } from "../../shared/common/answer-writer.js";
import { encodeTokenLogprobs } from "../../shared/common/logprobs.js";
import { TextTemplate } from "../../shared/common/text-template.js";
import { errorBody } from "./errors.js";
import { encodeCall, lastLine } from "./reply.js";

/** Writes an answer as lines: https://docs.ollama.com/api/chat. */
export class OllamaStreamEncoder extends AnswerWriter {
  private calls = 0;
  private readonly text = new TextTemplate((content) => this.lineOf({ content }));
  private readonly thought = new TextTemplate((thinking) => this.lineOf({ content: "", thinking }));
  private readonly createdAt = new Date(this.facts.created).toISOString();

  protected routeOf(head: PartHead): PartRoute {
    switch (head.type) {
      case "text":
      case "refusal":
      case "reasoning":
        return "pieces";
      case "tool-call":
        return head.executedBy === undefined ? "whole" : "omit";
      case "image":
        return "whole";
      case "audio":
        return "omit";
      default: {
        const never: never = head;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  /** Every line has the model, so that the stream needs no head. Parts have no start and no end. */
  protected encodeHead(): void {}
  protected encodePartStart(): void {}
  protected encodePartEnd(): void {}

  protected encodeDelta({ type, text, logprobs }: DeltaEvent): void {
    if (type === "reasoning-delta") this.write({ data: this.thought.json(text) });
    else if (logprobs === undefined) this.write({ data: this.text.json(text) });
    else this.line({ content: text }, encodeTokenLogprobs(logprobs));
  }

  protected encodePart({ part }: PartEvent): void {
    if (part.type === "tool-call") this.line({ content: "", tool_calls: [encodeCall(part, this.calls++)] });
    else if (part.type === "image" && part.data !== undefined)
      this.line({ content: "", images: [part.data] });
  }

  protected encodeEnd(response: ChatResponse): void {
    this.send(lastLine(response, this.names, this.facts.created, { role: "assistant", content: "" }));
  }

  protected encodeFailure(error: AiLibError): void {
    this.send(errorBody(error));
  }

  private line(message: JsonObject, logprobs?: JsonObject[]): void {
    this.send({ ...this.lineOf(message), ...(logprobs !== undefined && { logprobs }) });
  }

  private lineOf(message: JsonObject): JsonObject {
    return {
      model: this.names.model,
      created_at: this.createdAt,
      message: { role: "assistant", ...message },
      done: false,
    };
  }

  private send(line: JsonObject): void {
    this.write({ data: JSON.stringify(line) });
  }
}
