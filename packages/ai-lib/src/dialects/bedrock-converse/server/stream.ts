import type { AiLibError } from "../../../core/errors/error.js";
import type {
  DeltaEvent,
  MediaDeltaEvent,
  PartEndEvent,
  PartEvent,
  PartHead,
  PartStartEvent,
} from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import { asArray, asObject, type JsonObject } from "../../../core/values/json.js";
import type { SourcePart } from "../../../core/values/message.js";
import { AnswerWriter, type PartRoute } from "../../shared/common/answer-writer.js";
import { finishOfRefusal } from "../../shared/common/served-finish.js";
import { stopReasonOf } from "../shared/finish.js";
import { formatOf } from "../shared/media.js";
import { errorFrame } from "./errors.js";
import { answerBlock, answerCitation, ownState } from "./parts.js";
import { encodeMetadata } from "./reply.js";

/** A part that has begun and not ended. */
interface OpenBlock {
  readonly head: PartHead;
  readonly block: number;
  /** A delta was written: without one, a block of text or reasoning does not exist. */
  fed: boolean;
}

/**
 * Writes an answer as the events of ConverseStream:
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html.
 */
export class BedrockStreamEncoder extends AnswerWriter {
  protected override readonly sequential = true;
  private count = 0;
  private readonly blocks = new Map<number, OpenBlock>();
  /** A text's block stays open until the next part, since its citations may follow. */
  private unclosed: { readonly part: number; readonly block: number } | undefined;

  protected routeOf(head: PartHead): PartRoute {
    switch (head.type) {
      case "text":
      case "refusal":
      case "reasoning":
      case "tool-call":
        return "pieces";
      case "image":
        return formatOf(head.mediaType) === undefined ? "omit" : "pieces";
      // A stream has no sound.
      case "audio":
        return "omit";
      default: {
        const never: never = head;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  protected encodeHead(): void {
    this.send("messageStart", { role: "assistant" });
  }

  protected encodePartStart({ index, part }: PartStartEvent): void {
    this.closeText();
    const block = this.count++;
    this.blocks.set(index, { head: part, block, fed: false });
    if (part.type === "tool-call") {
      const { id, name, executedBy } = part;
      const served = executedBy === undefined ? {} : { type: "server_tool_use" };
      this.start(block, { toolUse: { toolUseId: id, name, ...served } });
    } else if (part.type === "image")
      this.start(block, { image: { format: formatOf(part.mediaType)?.format } });
  }

  protected encodeDelta({ type, index, text }: DeltaEvent): void {
    switch (type) {
      case "text-delta":
      case "refusal-delta":
        this.delta(index, { text });
        break;
      case "reasoning-delta":
        this.delta(index, { reasoningContent: { text } });
        break;
      case "tool-call-delta":
        this.delta(index, { toolUse: { input: text } });
        break;
      default: {
        const never: never = type;
        throw new TypeError(`Unknown event ${String(never)}`);
      }
    }
  }

  protected override encodeMediaDelta({ index, data }: MediaDeltaEvent): void {
    if (data !== undefined) this.delta(index, { image: { source: { bytes: data } } });
  }

  protected encodePartEnd({ index, origin }: PartEndEvent, head: PartHead): void {
    const part = this.blocks.get(index);
    if (part === undefined) return;
    if (head.type === "text" || head.type === "refusal") {
      if (!part.fed) this.delta(index, { text: "" });
      this.blocks.delete(index);
      this.unclosed = { part: index, block: part.block };
      return;
    }
    if (head.type === "reasoning" && head.redacted === true) {
      const state = origin === undefined ? {} : { origin };
      const block = answerBlock({ type: "reasoning", text: "", redacted: true, ...state });
      const reasoning = asObject(block?.["reasoningContent"]);
      if (reasoning !== undefined) this.delta(index, { reasoningContent: reasoning });
    } else if (head.type === "reasoning") {
      const signature = ownState(origin)?.["signature"];
      if (!part.fed) this.delta(index, { reasoningContent: { text: "" } });
      if (typeof signature === "string") this.delta(index, { reasoningContent: { signature } });
    }
    this.blocks.delete(index);
    this.send("contentBlockStop", { contentBlockIndex: part.block });
  }

  protected encodePart({ part }: PartEvent): void {
    if (part.type === "source") {
      this.citation(part);
      return;
    }
    this.closeText();
    const block = answerBlock(part);
    const result = asObject(block?.["toolResult"]);
    const image = asObject(block?.["image"]);
    if (result !== undefined) {
      const { content, ...start } = result;
      this.wholeBlock({ toolResult: [...asArray(content)] as JsonObject[] }, { toolResult: start });
    } else if (image !== undefined) {
      const { source, format } = image;
      this.wholeBlock({ image: { source } }, { image: { format } });
    }
  }

  protected encodeEnd(response: ChatResponse): void {
    this.closeText();
    const { additionalModelResponseFields: additional, ...more } =
      response.extensions?.["bedrock-converse"] ?? {};
    this.send("messageStop", {
      stopReason: stopReasonOf(finishOfRefusal(response), response.rawFinishReason),
      ...(additional === undefined ? {} : { additionalModelResponseFields: additional }),
    });
    this.send("metadata", { ...encodeMetadata(response), ...more });
  }

  protected encodeFailure(error: AiLibError): void {
    this.write(errorFrame(error));
  }

  /** A citation goes into the block of its text, or into a block of its own if that block is closed. */
  private citation(part: SourcePart): void {
    const { cites } = part;
    const delta = { citation: answerCitation(part) };
    const live = this.blocks.get(cites?.index ?? -1);
    if (live?.head.type === "text") this.send("contentBlockDelta", { contentBlockIndex: live.block, delta });
    else if (this.unclosed !== undefined && (cites === undefined || cites.index === this.unclosed.part))
      this.send("contentBlockDelta", { contentBlockIndex: this.unclosed.block, delta });
    else this.wholeBlock(delta);
  }

  private delta(index: number, delta: JsonObject): void {
    const part = this.blocks.get(index);
    if (part === undefined) return;
    part.fed = true;
    this.send("contentBlockDelta", { contentBlockIndex: part.block, delta });
  }

  private start(contentBlockIndex: number, start: JsonObject): void {
    this.send("contentBlockStart", { contentBlockIndex, start });
  }

  /** A block of one delta. */
  private wholeBlock(delta: JsonObject, start?: JsonObject): void {
    const contentBlockIndex = this.count++;
    if (start !== undefined) this.start(contentBlockIndex, start);
    this.send("contentBlockDelta", { contentBlockIndex, delta });
    this.send("contentBlockStop", { contentBlockIndex });
  }

  private closeText(): void {
    if (this.unclosed === undefined) return;
    this.send("contentBlockStop", { contentBlockIndex: this.unclosed.block });
    this.unclosed = undefined;
  }

  private send(event: string, fields: JsonObject): void {
    this.write({ event, data: JSON.stringify(fields) });
  }
}
