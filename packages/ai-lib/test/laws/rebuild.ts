import type { ChatEvent } from "../../src/core/values/chat-event.js";
import type { ContentPart } from "../../src/core/values/message.js";

/**
 * The content of a stream, put together from its deltas alone, as a user would who prints them: text by text, and
 * nothing of what the library's own fold does.
 */
export function rebuild(events: readonly ChatEvent[]): unknown[] {
  const parts: { [key: string]: any }[] = [];
  for (const event of events) {
    if (event.type === "part-start") {
      parts[event.index] = { ...event.part, said: "", bytes: [] };
    } else if (event.type === "part") {
      parts[event.index] = said(event.part);
    } else if ("index" in event && event.type !== "part-end") {
      const part = parts[event.index];
      if (part === undefined) throw new Error(`part ${event.index} has not begun`);
      if (event.type === "media-delta") {
        part["said"] += event.transcript ?? "";
        if (event.data !== undefined) part["bytes"].push(Buffer.from(event.data, "base64"));
      } else {
        part["said"] += event.text;
        if (event.logprobs !== undefined) part["logprobs"] = [...(part["logprobs"] ?? []), ...event.logprobs];
      }
    }
  }
  return parts
    .filter(() => true)
    .map(({ bytes, ...part }) => (bytes === undefined ? part : { ...part, data: Buffer.concat(bytes) }))
    .map(comparable);
}

/** A part of a response in the words of {@link rebuild}. */
export function told(part: ContentPart): unknown {
  return comparable(said(part));
}

function said(part: ContentPart): { [key: string]: any } {
  const { origin: _, ...rest } = part;
  const text =
    part.type === "tool-call"
      ? (part.input ?? part.argumentsText ?? JSON.stringify(part.arguments))
      : part.type === "audio"
        ? (part.transcript ?? "")
        : "text" in part
          ? part.text
          : "";
  const data = "data" in part && part.data !== undefined ? Buffer.from(part.data, "base64") : undefined;
  return { ...rest, said: text, ...(data === undefined ? {} : { data }) };
}

/** What both sides know of a part: arguments as values, since a provider may space them as it likes. */
function comparable(part: { [key: string]: any }): unknown {
  const {
    text: _text,
    arguments: _value,
    argumentsText: _raw,
    input: _input,
    inputEncoding: _encoding,
    transcript: _transcript,
    said,
    data,
    ...rest
  } = part;
  const value = rest["type"] === "tool-call" ? (parsed(said) ?? said) : said;
  const bytes = data instanceof Buffer && data.length > 0 ? { data: data.toString("base64") } : {};
  return { ...rest, said: value, ...bytes };
}

function parsed(text: string): unknown {
  try {
    return text.trim() === "" || text.trim() === "null" ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}
