import { entryOf } from "../core/values/json.js";
import { type ContentPart, type Message, partsOf } from "../core/values/message.js";
import { responseFields } from "./fields.js";

/** A part in the shape of the conventions' message schemas; bytes are left out. */
type TracePart = Readonly<Record<string, unknown>>;

/**
 * Instructions and history as the conventions' JSON:
 * https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-input-messages.json
 */
export function inputContent(messages: readonly Message[], redact: (text: string) => string) {
  const instructions: TracePart[] = [];
  const history: { role: string; parts: TracePart[] }[] = [];
  for (const message of messages) {
    const parts = partsOf(message).map((part) => tracePart(part, redact));
    if (message.role === "system") instructions.push(...parts);
    else history.push({ role: message.role, parts });
  }
  return {
    ...(instructions.length === 0 ? {} : { "gen_ai.system_instructions": JSON.stringify(instructions) }),
    "gen_ai.input.messages": JSON.stringify(history),
  };
}

/** The answer as the conventions' JSON. */
export function outputContent(response: object, redact: (text: string) => string) {
  const { content, finishReason } = responseFields(response);
  if (content === undefined) return {};
  const parts = content.map((part) => tracePart(part, redact));
  const finish = entryOf(FINISH_REASONS, finishReason ?? "") ?? "error";
  return {
    "gen_ai.output.messages": JSON.stringify([{ role: "assistant", parts, finish_reason: finish }]),
  };
}

const FINISH_REASONS: Readonly<Record<string, string>> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool_call",
  "content-filter": "content_filter",
  // The conventions have no word for it. The answer is incomplete.
  paused: "length",
  other: "error",
};

function tracePart(part: ContentPart, redact: (text: string) => string): TracePart {
  switch (part.type) {
    case "text":
    case "refusal":
      return { type: "text", content: redact(part.text) };
    case "reasoning":
      return { type: "reasoning", content: redact(part.text) };
    case "tool-call":
      return {
        type: "tool_call",
        id: part.id,
        name: part.name,
        arguments: redact(part.input ?? part.argumentsText ?? JSON.stringify(part.arguments ?? {})),
      };
    case "tool-result":
      return {
        type: "tool_call_response",
        id: part.id,
        response:
          typeof part.content === "string"
            ? redact(part.content)
            : part.content.map((piece) => tracePart(piece, redact)),
      };
    case "image":
    case "audio":
    case "file":
      return { type: part.type, mime_type: part.mediaType };
    case "compaction":
      return { type: "compaction", content: redact(part.text ?? "") };
    case "source":
      return { type: "source", title: part.title === undefined ? undefined : redact(part.title) };
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}
