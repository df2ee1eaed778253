import type { ChatResponse } from "../../core/values/chat-response.js";
import type { ContentPart, ToolResultPart } from "../../core/values/message.js";
import { OWN } from "./read-items.js";
import type { AgentOutputContent, AgentOutputItem } from "./spec.js";

/** The items of an answer, in order. Parts of text that follow each other are one message. */
export function writeItems({ content, finishReason }: ChatResponse): AgentOutputItem[] {
  const items: AgentOutputItem[] = [];
  const status = finishReason === "length" ? "incomplete" : "completed";
  content.forEach((part) => {
    const text = messageContent(part);
    if (text !== undefined) {
      const last = items.at(-1);
      const phase = phaseOf(part);
      if (last?.type === "message" && last.phase === phase) last.content.push(text);
      else
        items.push({
          type: "message",
          role: "assistant",
          status,
          ...(phase !== undefined && { phase }),
          content: [text],
        });
      return;
    }
    const item = otherItem(part, content);
    if (item !== undefined) items.push(item);
  });
  return items;
}

function phaseOf(part: ContentPart): "commentary" | "final_answer" | undefined {
  if (part.type !== "text" || part.phase === undefined) return undefined;
  return part.phase === "final-answer" ? "final_answer" : part.phase;
}

/** Opaque state, which the SDK returns with the item. */
function data(fields: Readonly<Record<string, unknown>>): { providerData?: Record<string, unknown> } {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  return set.length === 0 ? {} : { providerData: { [OWN]: Object.fromEntries(set) } };
}

function messageContent(part: ContentPart): AgentOutputContent | undefined {
  const { origin } = part;
  switch (part.type) {
    case "text":
      return { type: "output_text", text: part.text, ...data({ origin }) };
    case "refusal":
      return { type: "refusal", refusal: part.text, ...data({ origin }) };
    case "image":
      return {
        type: "image",
        image: part.data ?? part.url ?? "",
        ...data({ origin, mediaType: part.mediaType }),
      };
    case "audio":
      return {
        type: "audio",
        audio: part.data ?? "",
        ...(part.mediaType !== undefined && { format: part.mediaType.replace("audio/", "") }),
        ...(part.transcript !== undefined && { transcript: part.transcript }),
        ...data({ origin }),
      };
    case "file":
    case "reasoning":
    case "compaction":
    case "tool-call":
    case "tool-result":
    case "source":
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

function otherItem(part: ContentPart, content: readonly ContentPart[]): AgentOutputItem | undefined {
  switch (part.type) {
    case "reasoning":
      return {
        type: "reasoning",
        content: part.text === "" ? [] : [{ type: "input_text", text: part.text }],
        ...data({ origin: part.origin, redacted: part.redacted }),
      };
    case "tool-call": {
      const text = part.argumentsText ?? JSON.stringify(part.arguments ?? {});
      if (part.executedBy === undefined)
        return {
          type: "function_call",
          callId: part.id,
          name: part.name,
          status: "completed",
          arguments: text,
          ...data({ origin: part.origin }),
        };
      const result = content.find(
        (each): each is ToolResultPart => each.type === "tool-result" && each.id === part.id,
      );
      const output = typeof result?.content === "string" ? result.content : JSON.stringify(result?.content);
      return {
        type: "hosted_tool_call",
        id: part.id,
        name: part.name,
        arguments: text,
        status: result?.isError === true ? "failed" : "completed",
        ...(result !== undefined && { output }),
        ...data({ parts: result === undefined ? [part] : [part, result] }),
      };
    }
    // The result of a tool that the provider ran is part of its call. Sources and files have no items.
    case "tool-result":
    case "compaction":
    case "source":
    case "file":
    case "text":
    case "refusal":
    case "image":
    case "audio":
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}
