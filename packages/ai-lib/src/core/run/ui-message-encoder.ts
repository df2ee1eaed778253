import type { OutgoingEvent } from "../contract/stream.js";
import type { PartHead, StreamEvent } from "../values/chat-event.js";
import type { FinishReason } from "../values/chat-response.js";
import { isObject, type JsonObject, tryParse } from "../values/json.js";
import type { ContentPart, Origin, ToolCallPart, ToolResultPart } from "../values/message.js";
import type { ToolEvent } from "../values/tool-run-event.js";
import type { EventEncoder } from "./event-encoder.js";

/** A part that is being written: where its deltas go. */
interface OpenPart {
  readonly head: PartHead;
  /** The id of a text or reasoning part in the message, or the id of a call. */
  readonly id: string;
  /** The arguments of a call so far. */
  text: string;
}

/** One chunk of the stream, such as `{ type: "text-delta", id, delta }`. */
type Chunk = JsonObject & { readonly type: string };

/** The key of opaque state in the metadata of parts. */
export const UI_STATE_KEY = "ai-lib";

/**
 * Writes the events of an answer or of a run of tools as the AI SDK's UI message stream, which `useChat` reads: one
 * message whose steps are the rounds. Opaque state of parts travels in their metadata and comes back with the history.
 *
 * The protocol: https://ai-sdk.dev/docs/ai-sdk-ui/stream-protocol
 */
export class UiMessageEncoder implements EventEncoder {
  private readonly open = new Map<number, OpenPart>();
  /** Calls that the page has received. */
  private readonly calls = new Set<string>();
  private readonly denied = new Set<string>();
  /** Parts whose bytes arrived in pieces; they are written complete at the end of their answer. */
  private readonly media = new Set<number>();
  private begun = false;
  private failed = false;
  private steps = 0;
  /** A step is open: its answer, and the results of its calls. */
  private inStep = false;
  private finishReason: FinishReason | undefined;

  constructor(private readonly messageId: string | undefined) {}

  encode(event: OutgoingEvent): string {
    const chunks: Chunk[] = [];
    if (!this.begun) {
      this.begun = true;
      chunks.push({ type: "start", ...(this.messageId !== undefined && { messageId: this.messageId }) });
    }
    if (event.type === "error") this.fail(event.error, chunks);
    else if (!this.tool(event as ToolEvent, chunks)) this.model(event as StreamEvent, chunks);
    return written(chunks);
  }

  end(): string {
    const chunks: Chunk[] = [];
    this.endStep(chunks);
    if (!this.failed)
      chunks.push({
        type: "finish",
        ...(this.finishReason !== undefined && {
          finishReason: this.finishReason === "paused" ? "other" : this.finishReason,
        }),
      });
    return `${written(chunks)}data: [DONE]\n\n`;
  }

  private fail(error: { readonly code: string; readonly message: string }, chunks: Chunk[]): void {
    this.failed = true;
    chunks.push(
      error.code === "CANCELLED"
        ? { type: "abort", reason: error.message }
        : { type: "error", errorText: error.message },
    );
  }

  /** @returns false for an event that is the model's */
  private tool(event: ToolEvent, chunks: Chunk[]): boolean {
    switch (event.type) {
      case "tool-start":
      case "approval-request":
        // Another process wrote the call if the run continues from a state.
        if (!this.calls.has(event.id)) this.call({ ...event, type: "tool-call" }, chunks);
        if (event.type === "approval-request")
          chunks.push({ type: "tool-approval-request", approvalId: event.id, toolCallId: event.id });
        return true;
      case "approval":
        if (!event.approved) this.denied.add(event.id);
        chunks.push({
          type: "tool-approval-response",
          approvalId: event.id,
          approved: event.approved,
          ...(event.reason !== undefined && { reason: event.reason }),
        });
        return true;
      case "tool-progress":
        chunks.push({
          type: "tool-output-available",
          toolCallId: event.id,
          output: event.progress as JsonObject,
          preliminary: true,
        });
        return true;
      case "tool-end":
        this.result(event.result, chunks);
        return true;
      case "round-start":
      case "round-end":
      case "run-end":
        return true;
      default:
        return false;
    }
  }

  private model(event: StreamEvent, chunks: Chunk[]): void {
    switch (event.type) {
      case "start":
        this.endStep(chunks);
        this.startStep(chunks);
        return;
      case "part-start":
        this.startPart(event.index, event.part, chunks);
        return;
      case "text-delta":
      case "refusal-delta":
      case "reasoning-delta":
      case "tool-call-delta":
        this.delta(event.index, event.text, chunks);
        return;
      case "media-delta":
        return;
      case "part-end":
        this.endPart(event.index, event, chunks);
        return;
      case "part":
        this.wholePart(event.index, event.part, chunks);
        return;
      case "restart":
        this.open.clear();
        this.media.clear();
        chunks.push({ type: "reset-step" });
        return;
      case "finish": {
        const { content, finishReason } = event.response;
        this.finishReason = finishReason;
        for (const index of this.open.keys()) this.endPart(index, endingOf(content[index]), chunks);
        for (const index of this.media) {
          const part = content[index];
          if (part !== undefined) this.wholePart(index, part, chunks);
        }
        this.media.clear();
        return;
      }
      case "usage":
      case "warning":
      case "ping":
        return;
      default: {
        const never: never = event;
        throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
      }
    }
  }

  private startStep(chunks: Chunk[]): void {
    this.steps++;
    this.inStep = true;
    this.open.clear();
    this.media.clear();
    chunks.push({ type: "start-step" });
  }

  private endStep(chunks: Chunk[]): void {
    if (!this.inStep) return;
    this.inStep = false;
    chunks.push({ type: "finish-step" });
  }

  private startPart(index: number, head: PartHead, chunks: Chunk[]): void {
    const id = head.type === "tool-call" ? head.id : `${this.steps}-${index}`;
    switch (head.type) {
      case "text":
      case "refusal":
        chunks.push({ type: "text-start", id });
        break;
      case "reasoning":
        chunks.push({ type: "reasoning-start", id });
        break;
      case "tool-call":
        this.calls.add(id);
        chunks.push({ type: "tool-input-start", toolCallId: id, toolName: head.name, ...byProvider(head) });
        break;
      case "audio":
      case "image":
        this.media.add(index);
        return;
      default: {
        const never: never = head;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
    this.open.set(index, { head, id, text: "" });
  }

  private delta(index: number, text: string, chunks: Chunk[]): void {
    const part = this.open.get(index);
    if (part === undefined || text === "") return;
    if (part.head.type === "tool-call") {
      part.text += text;
      chunks.push({ type: "tool-input-delta", toolCallId: part.id, inputTextDelta: text });
    } else chunks.push({ type: `${kindOf(part.head)}-delta`, id: part.id, delta: text });
  }

  private endPart(index: number, { origin, cut }: PartEnding, chunks: Chunk[]): void {
    const part = this.open.get(index);
    if (part === undefined) return;
    this.open.delete(index);
    const { head, id, text } = part;
    if (head.type !== "tool-call") {
      chunks.push({ type: `${kindOf(head)}-end`, id, ...stateOf(origin) });
      return;
    }
    const parsed = text.trim() === "" ? {} : tryParse(text);
    const input =
      head.inputEncoding === "text"
        ? cut === true
          ? { argumentsText: text }
          : { input: text }
        : isObject(parsed)
          ? { arguments: parsed }
          : { argumentsText: text };
    this.call({ ...head, ...input, ...(origin !== undefined && { origin }) }, chunks);
  }

  private wholePart(index: number, part: ContentPart, chunks: Chunk[]): void {
    switch (part.type) {
      case "text":
      case "refusal":
      case "reasoning":
        this.startPart(index, { type: part.type }, chunks);
        this.delta(index, part.text, chunks);
        this.endPart(index, part, chunks);
        return;
      case "tool-call":
        this.call(part, chunks);
        return;
      case "tool-result":
        this.result(part, chunks);
        return;
      case "compaction":
        // A page stores the state of reasoning, and sends it back.
        this.startPart(index, { type: "reasoning" }, chunks);
        this.endPart(index, part, chunks);
        return;
      case "source":
        if (part.url !== undefined)
          chunks.push({
            type: "source-url",
            sourceId: `${this.steps}-${index}`,
            url: part.url,
            ...(part.title !== undefined && { title: part.title }),
          });
        return;
      case "image":
      case "audio":
      case "file": {
        const mediaType = part.mediaType ?? "application/octet-stream";
        const url =
          part.url ?? (part.data === undefined ? undefined : `data:${mediaType};base64,${part.data}`);
        if (url !== undefined) chunks.push({ type: "file", url, mediaType, ...stateOf(part.origin) });
        return;
      }
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  private call(part: ToolCallPart, chunks: Chunk[]): void {
    this.calls.add(part.id);
    const common = { toolCallId: part.id, toolName: part.name, ...byProvider(part), ...stateOf(part.origin) };
    if (part.arguments !== undefined || part.argumentsText === undefined)
      chunks.push({ type: "tool-input-available", ...common, input: part.input ?? part.arguments ?? {} });
    else
      chunks.push({
        type: "tool-input-error",
        ...common,
        input: part.argumentsText,
        errorText: "The arguments are no JSON object",
      });
  }

  private result(part: ToolResultPart, chunks: Chunk[]): void {
    const toolCallId = part.id;
    const provider = byProvider(part);
    if (this.denied.delete(toolCallId)) chunks.push({ type: "tool-output-denied", toolCallId });
    else if (part.isError === true)
      chunks.push({ type: "tool-output-error", toolCallId, errorText: textOfResult(part), ...provider });
    else chunks.push({ type: "tool-output-available", toolCallId, output: outputOf(part), ...provider });
  }
}

/** How a part ends: its state, and whether its text is not whole. */
interface PartEnding {
  readonly origin?: Origin | undefined;
  readonly cut?: true;
}

/** The ending of a part that the response has and the stream did not end. */
function endingOf(part: ContentPart | undefined): PartEnding {
  if (part?.type !== "tool-call" || part.argumentsText === undefined) return { origin: part?.origin };
  return { origin: part.origin, cut: true };
}

function written(chunks: readonly Chunk[]): string {
  let text = "";
  for (const chunk of chunks) text += `data: ${JSON.stringify(chunk)}\n\n`;
  return text;
}

/** A page shows a refusal as a text. */
function kindOf(head: PartHead): "text" | "reasoning" {
  return head.type === "reasoning" ? "reasoning" : "text";
}

function byProvider(part: { readonly executedBy?: "provider" }): { readonly providerExecuted?: true } {
  return part.executedBy === "provider" ? { providerExecuted: true } : {};
}

function stateOf(origin: Origin | undefined): JsonObject {
  if (origin === undefined) return {};
  return { providerMetadata: { [UI_STATE_KEY]: { origin: origin as unknown as JsonObject } } };
}

/** The result of a tool: JSON text becomes JSON again. */
function outputOf({ content }: ToolResultPart): JsonObject[string] {
  if (typeof content !== "string") return content as unknown as JsonObject[string];
  const json = tryParse(content);
  return typeof json === "object" && json !== null ? (json as JsonObject) : content;
}

function textOfResult({ content }: ToolResultPart): string {
  return typeof content === "string" ? content : JSON.stringify(content);
}
