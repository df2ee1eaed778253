import { type JsonObject, type MutableJson, mergeDeep } from "../../../core/values/json.js";
import { type ContentPart, type Message, partsOf, type SystemMessage } from "../../../core/values/message.js";
import { citationsByText } from "../../shared/claude/citations.js";
import { type BlockKind, callsLast, refuseBlankEnd, resultsFirst } from "../../shared/claude/turns.js";
import type { AnthropicContext } from "./context.js";
import { encodeAssistantPart, encodeCitation, encodeUserPart, isBlank } from "./parts.js";

/** A turn under construction. */
interface Turn {
  readonly role: "user" | "assistant" | "system";
  content: string | MutableJson[];
  fields: JsonObject;
}

/** The top-level system prompt and the turns of a request. */
export interface EncodedMessages {
  readonly system: string | readonly JsonObject[] | undefined;
  readonly messages: readonly JsonObject[];
}

/**
 * Messages as turns. System messages at the head become the instructions above the conversation. Adjacent turns of one
 * role become one, since the API joins them itself and some other endpoints demand it. Tool results come first in a
 * user's turn and calls last in an assistant's, but never across thinking.
 */
export function encodeMessages(messages: readonly Message[], context: AnthropicContext): EncodedMessages {
  const turns: Turn[] = [];
  const system: { readonly message: SystemMessage; readonly at: string }[] = [];
  const next = nextRoles(messages);
  messages.forEach((message, i) => {
    const at = `messages.${i}`;
    switch (message.role) {
      case "system":
        if (turns.length > 0 && staysInPlace(next[i], turns, context))
          addTurn(turns, encodeTurn("system", message, at, context));
        else {
          if (turns.length > 0) context.changed(at);
          system.push({ message, at });
        }
        break;
      case "user":
        if (message.name !== undefined) context.unsupported(`${at}.name`);
        addTurn(turns, encodeTurn("user", message, at, context));
        break;
      case "tool":
        addTurn(turns, encodeTurn("user", message, at, context));
        break;
      case "assistant":
        if (message.incomplete === true) context.notReplayed(at, { key: "messages.incomplete" });
        else addTurn(turns, encodeTurn("assistant", message, at, context));
        break;
      default: {
        const never: never = message;
        throw new TypeError(`Unknown message ${JSON.stringify(never)}`);
      }
    }
  });
  for (const turn of turns) arrange(turn);
  refuseBlankEnd(messages, context);
  refusePrefill(turns, messages.length - 1, context);
  trimPrefill(turns, messages.length - 1, context);
  return {
    system: encodeSystem(system, context),
    messages: turns.map(({ role, content, fields }) => mergeDeep({ role, content }, fields)),
  };
}

/** For each message the role of the next one that is not a system message; undefined if none follows. */
function nextRoles(messages: readonly Message[]): (Message["role"] | undefined)[] {
  const next: (Message["role"] | undefined)[] = new Array(messages.length);
  let role: Message["role"] | undefined;
  for (let i = messages.length - 1; i >= 0; i--) {
    next[i] = role;
    const own = messages[i]?.role;
    if (own !== "system") role = own;
  }
  return next;
}

/** A system turn may directly follow a user's, with the model's answer next. */
function staysInPlace(
  next: Message["role"] | undefined,
  turns: readonly Turn[],
  context: AnthropicContext,
): boolean {
  const before = turns.at(-1)?.role;
  if (!context.facts.systemTurns || (before !== "user" && before !== "system")) return false;
  return next === undefined || next === "assistant";
}

/** A message as a turn; undefined if the turn would be empty. */
function encodeTurn(
  role: Turn["role"],
  message: Message,
  at: string,
  context: AnthropicContext,
): Turn | undefined {
  const fields = context.extended({}, message.extensions);
  if (typeof message.content === "string" && message.cache === undefined) {
    if (message.content.trim() !== "") return { role, content: message.content, fields };
    warnBlank(message.content, at, context);
    return undefined;
  }
  const blocks = encodeParts(role, message, partsOf(message), at, context);
  if (message.cache !== undefined) markLast(blocks, message, at, context);
  if (blocks.length > 0) return { role, content: blocks, fields };
  if (Object.keys(fields).length > 0) context.unsupported(`${at}.extensions`);
  return undefined;
}

function encodeParts(
  role: Turn["role"],
  message: Message,
  parts: readonly ContentPart[],
  at: string,
  context: AnthropicContext,
): MutableJson[] {
  const citations =
    role !== "assistant"
      ? undefined
      : citationsByText(parts, (source, j, cited) =>
          encodeCitation(source, `${at}.content.${j}`, cited, context),
        );
  const blocks: MutableJson[] = [];
  parts.forEach((part, j) => {
    const where = typeof message.content === "string" ? at : `${at}.content.${j}`;
    const block =
      citations === undefined
        ? encodeUserPart(part, where, context)
        : encodeAssistantPart(part, where, context, citations.get(j));
    if (block === undefined) return;
    if (isBlank(block)) warnBlank(String(block["text"]), where, context);
    else blocks.push(block);
  });
  return blocks;
}

/** Warns about text of only white space, which the API refuses. Leaving out an empty text loses nothing. */
function warnBlank(text: string, at: string, context: AnthropicContext): void {
  if (text !== "") context.unsupported(at, { key: "messages.content.text.blank" });
}

function markLast(
  blocks: readonly MutableJson[],
  message: Message,
  at: string,
  context: AnthropicContext,
): void {
  const last = blocks.findLast(({ type }) => type !== "thinking" && type !== "redacted_thinking");
  if (last?.["cache_control"] !== undefined) context.dropSecondMark(at);
  else if (last !== undefined && message.cache !== undefined) context.mark(last, message.cache, at);
  else context.unsupported(`${at}.cache`, "nothing in the message accepts a mark");
}

function addTurn(turns: Turn[], turn: Turn | undefined): void {
  if (turn === undefined) return;
  const before = turns.at(-1);
  if (before === undefined || before.role !== turn.role) {
    turns.push(turn);
    return;
  }
  const blocks = blocksOf(before);
  for (const block of blocksOf(turn)) blocks.push(block);
  before.content = blocks;
  before.fields = mergeDeep(before.fields, turn.fields);
}

function blocksOf({ content }: Turn): MutableJson[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

function arrange(turn: Turn): void {
  if (typeof turn.content === "string") return;
  const order = turn.role === "user" ? resultsFirst : callsLast;
  turn.content = [...order(turn.content, kindOf)];
}

function kindOf({ type }: MutableJson): BlockKind {
  if (type === "tool_use") return "call";
  if (type === "tool_result") return "result";
  return type === "text" ? "text" : "other";
}

/**
 * "This model does not support assistant message prefill. The conversation must end with a user message." A turn that
 * paused among tools that Anthropic runs is not a prefill.
 */
function refusePrefill(turns: readonly Turn[], last: number, context: AnthropicContext): void {
  const turn = turns.at(-1);
  if (turn?.role !== "assistant" || context.facts.prefill) return;
  const blocks = blocksOf(turn);
  const isPaused = blocks.some(
    ({ type }) => typeof type === "string" && /^(server|mcp)_tool_use$/.test(type),
  );
  if (!isPaused && blocks.at(-1)?.["type"] === "text")
    context.refuse(`messages.${last}`, { key: "messages.prefill" });
}

/** "final assistant content cannot end with trailing whitespace" is a 400. */
function trimPrefill(turns: readonly Turn[], last: number, context: AnthropicContext): void {
  const turn = turns.at(-1);
  if (turn?.role !== "assistant") return;
  const block = typeof turn.content === "string" ? undefined : turn.content.at(-1);
  const text = typeof turn.content === "string" ? turn.content : block?.["text"];
  if (typeof text !== "string" || (block !== undefined && block["type"] !== "text")) return;
  const trimmed = text.trimEnd();
  if (trimmed === text) return;
  context.changed(`messages.${last}.content`, { key: "messages.content.text.prefill" });
  if (block === undefined) turn.content = trimmed;
  else block["text"] = trimmed;
}

function encodeSystem(
  messages: readonly { readonly message: SystemMessage; readonly at: string }[],
  context: AnthropicContext,
): string | readonly JsonObject[] | undefined {
  if (messages.length === 0) return undefined;
  context.marks.area = "system";
  const kept = messages.flatMap(({ message, at }) => {
    const turn = encodeTurn("system", message, at, context);
    if (turn === undefined) return [];
    if (Object.keys(turn.fields).length > 0) context.unsupported(`${at}.extensions`);
    return [turn];
  });
  context.marks.area = "messages";
  const [only] = kept;
  if (only === undefined) return undefined;
  return kept.length === 1 && typeof only.content === "string" ? only.content : kept.flatMap(blocksOf);
}
