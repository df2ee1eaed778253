import type { JsonObject } from "../../../core/values/json.js";
import { type Message, partsOf, type SystemMessage, type TextPart } from "../../../core/values/message.js";
import { dropMark, encodeContent } from "../shared/content.js";
import { AssistantItems } from "./assistant.js";
import type { RequestScope } from "./context.js";
import { encodeResult } from "./results.js";

/** The conversation as the body holds it. */
export interface Input {
  readonly instructions: string | undefined;
  readonly input: readonly JsonObject[];
}

/** The conversation as `instructions` and `input` items. Turns that broke off are skipped. */
export function encodeInput(messages: readonly Message[], scope: RequestScope): Input {
  const input: JsonObject[] = [];
  const [first] = messages;
  const instructions = first?.role === "system" ? plainInstructions(first, scope) : undefined;
  messages.forEach((message, i) => {
    if (i === 0 && instructions !== undefined) return;
    encodeMessage(message, `messages.${i}`, scope, input);
  });
  return { instructions, input };
}

/** The first system message where it is nothing but text: vendor fields and cache marks need an item. */
function plainInstructions(message: SystemMessage, scope: RequestScope): string | undefined {
  const { content } = message;
  if (scope.quirks.noInstructions === true || message.cache !== undefined || message.extensions !== undefined)
    return undefined;
  return typeof content === "string" ? content : undefined;
}

function encodeMessage(message: Message, at: string, scope: RequestScope, input: JsonObject[]): void {
  switch (message.role) {
    case "system":
      input.push(encodeTurn(message, scope.quirks.systemRole ?? "system", at, scope));
      break;
    case "user":
      if (message.name !== undefined) scope.losses.unsupported(`${at}.name`, "users have no names here");
      input.push(encodeTurn(message, "user", at, scope));
      break;
    case "assistant":
      if (message.incomplete === true) {
        scope.losses.notReplayed(at, "the turn broke off");
        break;
      }
      if (typeof message.content === "string" && message.cache === undefined)
        input.push(scope.extended({ role: "assistant", content: message.content }, message.extensions));
      else input.push(...new AssistantItems(message, at, scope).items);
      break;
    case "tool": {
      const taken = scope.quirks.cacheBreakpoints === true;
      if (message.cache !== undefined && !taken) dropMark(`${at}.cache`, scope);
      message.content.forEach((part, i) => {
        const field = `${at}.content.${i}`;
        const marked =
          taken && i === message.content.length - 1 && part.cache === undefined
            ? { ...part, cache: message.cache }
            : part;
        const item = scope.extended(encodeResult(marked, field, scope), message.extensions);
        input.push(scope.extended(item, part.extensions));
      });
      break;
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
  scope: RequestScope,
): JsonObject {
  const { content } = message;
  const plain = typeof content === "string" && message.cache === undefined;
  const parts = partsOf(message) as readonly TextPart[];
  return scope.extended(
    { role, content: plain ? content : encodeContent(parts, `${at}.content`, scope, message.cache) },
    message.extensions,
  );
}
