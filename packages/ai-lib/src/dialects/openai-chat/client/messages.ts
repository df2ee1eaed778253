import { type DialectTarget, type EncodeWarnings, extensionsFor } from "../../../core/contract/dialect.js";
import type { ChatRequest } from "../../../core/values/chat-request.js";
import { type JsonObject, type MutableJson, mergeDeep } from "../../../core/values/json.js";
import type {
  AssistantMessage,
  ContentPart,
  Extensions,
  SystemMessage,
  TextPart,
  ToolMessage,
  ToolResultPart,
  UserMessage,
} from "../../../core/values/message.js";
import type { OpenAiChatQuirks } from "../shared/quirks.js";
import { AssistantWriter } from "./assistant.js";
import { cacheControl } from "./cache.js";
import { idsFor } from "./ids.js";
import { encodePart } from "./parts.js";

/** What writing messages needs to know of the call. */
export interface MessageContext {
  readonly target: DialectTarget;
  readonly quirks: OpenAiChatQuirks;
  readonly losses: EncodeWarnings;
  /** Re-shapes tool call ids, the same way on call and result. */
  readonly ids: { of(id: string): string };
}

/** Writes the conversation. Turns that did not end are skipped; each tool result is a message of its own. */
export function encodeMessages(
  request: ChatRequest,
  target: DialectTarget,
  quirks: OpenAiChatQuirks,
  losses: EncodeWarnings,
): MutableJson[] {
  const context: MessageContext = { target, quirks, losses, ids: idsFor(request.messages, quirks) };
  const written: MutableJson[] = [];
  // Pictures in tool results go into a user message after the last result of the turn.
  let media: JsonObject[] = [];
  const flush = (): void => {
    if (media.length === 0) return;
    written.push({ role: "user", content: media });
    media = [];
  };
  request.messages.forEach((message, i) => {
    const at = `messages.${i}`;
    if (message.role !== "tool") flush();
    switch (message.role) {
      case "system":
        written.push(systemMessage(message, at, context));
        break;
      case "user":
        written.push(userMessage(message, at, context));
        break;
      case "assistant": {
        const turn = assistantMessage(message, at, context);
        if (turn !== undefined) written.push(turn);
        break;
      }
      case "tool":
        written.push(...toolMessages(message, at, context, media));
        break;
      default: {
        const never: never = message;
        throw new TypeError(`Unknown message ${JSON.stringify(never)}`);
      }
    }
  });
  flush();
  return written;
}

function systemMessage(message: SystemMessage, at: string, context: MessageContext): MutableJson {
  const content = textContent(message.content, at, context);
  const role = context.quirks.systemRole ?? "system";
  return extended({ role, content: marked(content, message, at, context) }, message.extensions, context);
}

function userMessage(message: UserMessage, at: string, context: MessageContext): MutableJson {
  const { content } = message;
  const written =
    typeof content === "string" || content.every((part) => part.type === "text")
      ? textContent(content as string | readonly TextPart[], at, context)
      : content.map((part, j) => encodePart(part, `${at}.content.${j}`, context));
  return extended(
    { role: "user", content: marked(written, message, at, context), name: message.name },
    message.extensions,
    context,
  );
}

function assistantMessage(
  message: AssistantMessage,
  at: string,
  context: MessageContext,
): MutableJson | undefined {
  if (message.incomplete === true) return undefined;
  const writer = new AssistantWriter(context);
  const parts: readonly ContentPart[] =
    typeof message.content === "string" ? [{ type: "text", text: message.content }] : message.content;
  parts.forEach((part, j) => {
    writer.add(part, `${at}.content.${j}`);
  });
  const turn = writer.message(at);
  if (turn === undefined) return undefined;
  const content = turn["content"];
  if (message.cache !== undefined && (typeof content === "string" || Array.isArray(content)))
    turn["content"] = marked(content as string | JsonObject[], message, at, context);
  else Object.assign(turn, cacheControl(message.cache, at, context.quirks, context.losses));
  return extended(turn, message.extensions, context);
}

function toolMessages(
  message: ToolMessage,
  at: string,
  context: MessageContext,
  media: JsonObject[],
): MutableJson[] {
  return message.content.map((part, j) => {
    const where = `${at}.content.${j}`;
    const content = resultContent(part, where, context, media);
    if (part.isError === true)
      context.losses.warnings.push({
        code: "other",
        field: `${where}.isError`,
        message: "The dialect has no mark for a tool that failed; the model sees it from the content alone",
      });
    const result: MutableJson = {
      role: "tool",
      tool_call_id: context.ids.of(part.id),
      content: marked(content, part, where, context),
    };
    const last = j === message.content.length - 1;
    if (last && message.cache !== undefined) {
      if (part.cache === undefined) result["content"] = marked(content, message, at, context);
      else context.losses.changed(`${at}.cache`, "its last result has a mark of its own, which stays");
    }
    const turn = extended(result, part.extensions, context);
    return last ? extended(turn, message.extensions, context) : turn;
  });
}

/** What a tool found; media that the endpoint takes in user messages alone are moved to `media`. */
function resultContent(
  part: ToolResultPart,
  at: string,
  context: MessageContext,
  media: JsonObject[],
): string | JsonObject[] {
  if (typeof part.content === "string") return part.content;
  const texts: TextPart[] = [];
  const places: number[] = [];
  part.content.forEach((piece, k) => {
    if (piece.type !== "text") return;
    texts.push(piece);
    places.push(k);
  });
  if (texts.length === part.content.length) return textContent(texts, at, context);
  if (context.quirks.toolResultMedia === true)
    return part.content.map((piece, k) => encodePart(piece, `${at}.content.${k}`, context));
  media.push({ type: "text", text: mediaNote(part.id) });
  part.content.forEach((piece, k) => {
    if (piece.type === "text") return;
    context.losses.changed(
      `${at}.content.${k}`,
      "a tool result holds text alone; the medium follows in a user message",
    );
    media.push(encodePart(piece, `${at}.content.${k}`, context));
  });
  return textContent(texts, at, context, places);
}

function mediaNote(id: string): string {
  return `From the result of the tool call ${id}:`;
}

/**
 * Text as a string where one part is all there is, else as parts; joined where the endpoint takes strings alone.
 * @param places where the parts stand in their message, if others stand between them.
 */
function textContent(
  content: string | readonly TextPart[],
  at: string,
  context: MessageContext,
  places?: readonly number[],
): string | JsonObject[] {
  if (typeof content === "string") return content;
  const plain = content.every((part) => part.cache === undefined && part.extensions === undefined);
  if (context.quirks.textOnly === true || (plain && content.length <= 1))
    return content.map((part) => part.text).join("\n");
  return content.map((part, j) => encodePart(part, `${at}.content.${places?.[j] ?? j}`, context));
}

/** Content with a message's own cache mark on its last part. */
function marked(
  content: string | JsonObject[],
  message: { readonly cache?: UserMessage["cache"] },
  at: string,
  context: MessageContext,
): string | JsonObject[] {
  const control = cacheControl(message.cache, at, context.quirks, context.losses);
  if (control["cache_control"] === undefined) return content;
  if (typeof content === "string") return [{ type: "text", text: content, ...control }];
  return content.map((part, j) => (j === content.length - 1 ? { ...part, ...control } : part));
}

function extended(
  message: MutableJson,
  extensions: Extensions | undefined,
  { target }: MessageContext,
): MutableJson {
  let merged = message;
  for (const extension of extensionsFor(extensions, "openai-chat", target.provider))
    merged = mergeDeep(merged, extension);
  return merged;
}
