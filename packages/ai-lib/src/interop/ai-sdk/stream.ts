import type { ChatStream } from "../../core/contract/stream.js";
import type { Warning } from "../../core/values/answer.js";
import type { StreamEvent } from "../../core/values/chat-event.js";
import type { ChatResponse } from "../../core/values/chat-response.js";
import type { ContentPart } from "../../core/values/message.js";
import {
  answerMetadata,
  partMetadata,
  specContent,
  specFinishReason,
  specUsage,
  specWarning,
  type ToolNames,
} from "./answer.js";
import { ownMetadata } from "./own-fields.js";
import type { SpecStreamPart, SpecWarning } from "./spec.js";

/** A part of the answer that is open. */
type OpenPart =
  | {
      readonly type: "text" | "reasoning";
      readonly id: string;
      /** The facts of its end about a refusal or withheld thinking. */
      readonly own: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: "call";
      readonly id: string;
      readonly name: string;
      readonly executedBy: "provider" | undefined;
      /** The arguments so far. */
      text: string;
    }
  | { readonly type: "media"; readonly id: string };

/** The events of one answer as parts of a stream. */
export class StreamWriter {
  private readonly open = new Map<number, OpenPart>();
  private readonly late: Warning[] = [];
  private begun = false;

  constructor(
    private readonly names: ToolNames,
    private readonly warnings: SpecWarning[],
    private readonly now: number,
  ) {}

  /** The parts that an event becomes are added to `parts`. */
  write(event: StreamEvent, parts: SpecStreamPart[]): void {
    switch (event.type) {
      case "start": {
        const { id, model } = event;
        this.begun = true;
        parts.push({ type: "stream-start", warnings: this.warnings });
        parts.push({
          type: "response-metadata",
          timestamp: new Date(this.now),
          ...(id !== undefined && { id }),
          ...(model !== undefined && { modelId: model }),
        });
        return;
      }
      case "part-start":
        this.begin(event, parts);
        return;
      case "text-delta":
      case "refusal-delta":
        parts.push({ type: "text-delta", id: `${event.index}`, delta: event.text });
        return;
      case "reasoning-delta":
        parts.push({ type: "reasoning-delta", id: `${event.index}`, delta: event.text });
        return;
      case "tool-call-delta": {
        const open = this.open.get(event.index);
        if (open?.type !== "call") return;
        open.text += event.text;
        parts.push({ type: "tool-input-delta", id: open.id, delta: event.text });
        return;
      }
      case "part-end":
        this.end(event, parts);
        return;
      case "part":
        parts.push(...wholePart(event.part, `${event.index}`, this.names, []));
        return;
      case "warning":
        if (this.begun) this.late.push(event.warning);
        else this.warnings.push(specWarning(event.warning));
        return;
      case "finish":
        this.finish(event.response, parts);
        return;
      case "media-delta":
      case "usage":
      case "ping":
        return;
      case "restart":
        // `aiSdk` refuses the option that leads to it.
        return;
      default: {
        const never: never = event;
        throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
      }
    }
  }

  private begin(event: StreamEvent & { readonly type: "part-start" }, parts: SpecStreamPart[]): void {
    const { part, index } = event;
    const id = `${index}`;
    switch (part.type) {
      case "text":
      case "refusal": {
        const refusal = part.type === "refusal" ? true : undefined;
        this.open.set(index, {
          type: "text",
          id,
          own: { refusal, phase: part.type === "text" ? part.phase : undefined },
        });
        parts.push({ type: "text-start", id });
        return;
      }
      case "reasoning":
        this.open.set(index, { type: "reasoning", id, own: { redacted: part.redacted } });
        parts.push({ type: "reasoning-start", id });
        return;
      case "tool-call": {
        const { id: call, name, executedBy } = part;
        this.open.set(index, { type: "call", id: call, name, executedBy, text: "" });
        parts.push({
          type: "tool-input-start",
          id: call,
          ...this.names.of(name, executedBy),
          ...(executedBy !== undefined && { providerExecuted: true }),
        });
        return;
      }
      case "audio":
      case "image":
        this.open.set(index, { type: "media", id });
        return;
      default: {
        const never: never = part;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  private end({ index, origin }: StreamEvent & { readonly type: "part-end" }, parts: SpecStreamPart[]): void {
    const open = this.open.get(index);
    switch (open?.type) {
      case "text":
      case "reasoning":
        parts.push({ type: `${open.type}-end`, id: open.id, ...ownMetadata({ ...open.own, origin }) });
        this.open.delete(index);
        return;
      case "call":
        parts.push({ type: "tool-input-end", id: open.id });
        parts.push({
          type: "tool-call",
          toolCallId: open.id,
          ...this.names.of(open.name, open.executedBy),
          input: open.text === "" ? "{}" : open.text,
          ...(open.executedBy !== undefined && { providerExecuted: true }),
          ...ownMetadata({ origin }),
        });
        this.open.delete(index);
        return;
      case "media":
      case undefined:
        return;
      default: {
        const never: never = open;
        throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
      }
    }
  }

  private finish(response: ChatResponse, parts: SpecStreamPart[]): void {
    // Media that arrived in pieces is complete only in the response.
    for (const [index, { type }] of this.open) {
      const part = response.content[index];
      if (part === undefined || type !== "media") continue;
      parts.push(...wholePart(part, `${index}`, this.names, response.content));
    }
    this.open.clear();
    parts.push({
      type: "finish",
      usage: specUsage(response.usage),
      finishReason: specFinishReason(response),
      providerMetadata: answerMetadata(response, this.late),
    });
  }
}

/** A part that arrived complete. */
function wholePart(
  part: ContentPart,
  id: string,
  names: ToolNames,
  content: readonly ContentPart[],
): SpecStreamPart[] {
  const written = specContent(part, id, names, content);
  if (written.type !== "text" && written.type !== "reasoning") return [written as SpecStreamPart];
  const { type, text } = written;
  return [
    { type: `${type}-start`, id },
    { type: `${type}-delta`, id, delta: text },
    { type: `${type}-end`, id, ...partMetadata(part) },
  ];
}

/** The parts of a stream, and how it is read. */
export interface StreamSource {
  readonly stream: ChatStream;
  readonly writer: StreamWriter;
  /** An error as the AI SDK knows it. */
  thrown(error: unknown): unknown;
  /** A part in the words of a version. */
  convert(part: SpecStreamPart): unknown;
}

/**
 * Opens a stream: it is begun once content has come, so that an error before it rejects, and that warnings are known
 * where the AI SDK expects them. The source is read no faster than the stream, and ends with it.
 */
export async function openStream<Part>({
  stream,
  writer,
  thrown,
  convert,
}: StreamSource): Promise<ReadableStream<Part>> {
  const events = stream[Symbol.asyncIterator]();
  const head: SpecStreamPart[] = [];
  let start: StreamEvent | undefined;
  let ended = false;
  try {
    for (let waiting = true; waiting; ) {
      const step = await events.next();
      if (step.done === true) break;
      const event: StreamEvent = step.value;
      if (event.type === "start") start = event;
      else if (event.type === "warning" || event.type === "usage") writer.write(event, head);
      else {
        if (start !== undefined) writer.write(start, head);
        writer.write(event, head);
        ended = event.type === "finish";
        waiting = false;
      }
    }
  } catch (error) {
    throw thrown(error);
  }
  const parts: SpecStreamPart[] = [];
  return new ReadableStream<Part>({
    start(controller) {
      for (const part of head) controller.enqueue(convert(part) as Part);
      if (ended) controller.close();
    },
    async pull(controller) {
      try {
        // An event may become no part; a pull that adds none is not repeated.
        while (parts.length === 0) {
          const step = await events.next();
          if (step.done === true) {
            controller.close();
            return;
          }
          writer.write(step.value, parts);
        }
        for (const part of parts) controller.enqueue(convert(part) as Part);
        parts.length = 0;
      } catch (error) {
        controller.enqueue({ type: "error", error: thrown(error) } as Part);
        controller.close();
      }
    },
    async cancel() {
      await events.return?.();
    },
  });
}
