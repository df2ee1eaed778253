import type { JsonObject } from "../../../core/values/json.js";
import { type Message, partsOf, type SystemMessage, type TextPart } from "../../../core/values/message.js";
import { AssistantTurn } from "./assistant.js";
import type { OpenAIResponsesContext } from "./context.js";
import { encodeParts } from "./parts.js";
import { encodeResult } from "./results.js";

/** The conversation as `instructions` and the items of `input`. */
export function encodeMessages(
  messages: readonly Message[],
  context: OpenAIResponsesContext,
): { readonly instructions: string | undefined; readonly input: JsonObject[] } {
  const [first] = messages;
  const instructions = first?.role === "system" ? plainInstructions(first, context) : undefined;
  const input = messages.flatMap((message, i) =>
    i === 0 && instructions !== undefined ? [] : encodeMessage(message, `messages.${i}`, context),
  );
  return { instructions, input };
}

/** The first system message if it is only text: vendor fields and cache marks need an item. */
function plainInstructions(
  { content, cache, extensions }: SystemMessage,
  { quirks }: OpenAIResponsesContext,
): string | undefined {
  if (quirks.noInstructions === true || cache !== undefined || extensions !== undefined) return undefined;
  return typeof content === "string" ? content : undefined;
}

function encodeMessage(message: Message, at: string, context: OpenAIResponsesContext): readonly JsonObject[] {
  switch (message.role) {
    case "system":
      return [encodeTurn(message, context.quirks.systemRole ?? "system", at, context)];
    case "user":
      if (message.name !== undefined) context.unsupported(`${at}.name`);
      return [encodeTurn(message, "user", at, context)];
    case "assistant":
      if (message.incomplete === true) {
        context.notReplayed(at, { key: "messages.incomplete" });
        return [];
      }
      return typeof message.content === "string" && message.cache === undefined
        ? [context.extended({ role: "assistant", content: message.content }, message.extensions)]
        : new AssistantTurn(message, at, context).items;
    case "tool": {
      const marks = context.quirks.cacheBreakpoints === true;
      if (message.cache !== undefined && !marks) context.dropMark(at);
      return message.content.map((part, i) => {
        const marked = marks && i === message.content.length - 1 && part.cache === undefined;
        const result = marked ? { ...part, cache: message.cache } : part;
        const item = encodeResult(result, `${at}.content.${i}`, context);
        return context.extended(context.extended(item, message.extensions), part.extensions);
      });
    }
    default: {
      const never: never = message;
      throw new TypeError(`Unknown role ${JSON.stringify(never)}`);
    }
  }
}

function encodeTurn(
  message: Exclude<Message, { role: "assistant" | "tool" }>,
  role: string,
  at: string,
  context: OpenAIResponsesContext,
): JsonObject {
  const { content, cache, extensions } = message;
  const plain = typeof content === "string" && cache === undefined;
  const parts = partsOf(message) as readonly TextPart[];
  return context.extended(
    { role, content: plain ? content : encodeParts(parts, `${at}.content`, context, cache) },
    extensions,
  );
}
