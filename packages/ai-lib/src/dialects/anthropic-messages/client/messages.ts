import { type JsonObject, type MutableJson, mergeDeep } from "../../../core/values/json.js";
import { type ContentPart, type Message, partsOf, type SystemMessage } from "../../../core/values/message.js";
import { type BlockKind, callsLast, resultsFirst } from "../../shared/common/turn-order.js";
import { markBlock } from "../shared/cache.js";
import type { EncodeContext } from "./context.js";
import { assistantBlock, citationsByText, isBlank, userBlock } from "./parts.js";

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
 * Messages as turns. System messages at the head go above the conversation; adjacent turns of one role become one,
 * since the API joins them itself and some of its speakers demand it; tool results stand first in a user's turn,
 * and calls last in an assistant's, but never across thinking.
 */
export function encodeMessages(messages: readonly Message[], context: EncodeContext): EncodedMessages {
  const turns: Turn[] = [];
  const system: SystemMessage[] = [];
  const systemAt: string[] = [];
  messages.forEach((message, i) => {
    const at = `messages.${i}`;
    switch (message.role) {
      case "system":
        if (turns.length > 0 && staysInPlace(messages, i, turns, context))
          addTurn(turns, systemTurn(message, at, context));
        else {
          if (turns.length > 0)
            context.losses.changed(at, "this model takes system messages above the conversation only");
          system.push(message);
          systemAt.push(at);
        }
        break;
      case "user":
        if (message.name !== undefined)
          context.losses.unsupported(`${at}.name`, "Anthropic's users have no names");
        addTurn(turns, turnOf("user", message, at, context));
        break;
      case "tool":
        addTurn(turns, turnOf("user", message, at, context));
        break;
      case "assistant":
        if (message.incomplete === true) context.losses.notReplayed(at, "the turn failed midway");
        else addTurn(turns, turnOf("assistant", message, at, context));
        break;
      default: {
        const never: never = message;
        throw new TypeError(`Unknown message ${JSON.stringify(never)}`);
      }
    }
  });
  for (const turn of turns) arrange(turn);
  trimPrefill(turns, messages.length - 1, context);
  return {
    system: systemPrompt(system, systemAt, context),
    messages: turns.map(({ role, content, fields }) => mergeDeep({ role, content }, fields)),
  };
}

/** A system turn may stand right after a user's, with the model's answer next. */
function staysInPlace(
  messages: readonly Message[],
  i: number,
  turns: readonly Turn[],
  context: EncodeContext,
): boolean {
  const before = turns.at(-1)?.role;
  const next = messages.slice(i + 1).find((message) => message.role !== "system");
  return (
    context.facts.systemTurns &&
    (before === "user" || before === "system") &&
    (next === undefined || next.role === "assistant")
  );
}

function systemTurn(message: SystemMessage, at: string, context: EncodeContext): Turn | undefined {
  const parts = partsOf(message);
  return build("system", message, parts, at, context, (part, where) => userBlock(part, where, context));
}

function turnOf(
  role: "user" | "assistant",
  message: Message,
  at: string,
  context: EncodeContext,
): Turn | undefined {
  const parts = partsOf(message);
  if (role === "user")
    return build(role, message, parts, at, context, (part, where) => userBlock(part, where, context));
  const citations = citationsByText(parts, at, context);
  return build(role, message, parts, at, context, (part, where, j) =>
    assistantBlock(part, where, context, citations.get(j) ?? []),
  );
}

function build(
  role: Turn["role"],
  message: Message,
  parts: readonly ContentPart[],
  at: string,
  context: EncodeContext,
  encode: (part: ContentPart, where: string, j: number) => MutableJson | undefined,
): Turn | undefined {
  let fields: JsonObject = {};
  for (const more of context.extensions(message.extensions)) fields = mergeDeep(fields, more);
  if (typeof message.content === "string" && message.cache === undefined) {
    if (message.content.trim() !== "") return { role, content: message.content, fields };
    blank(role, message.content, at, context);
    return undefined;
  }
  const blocks: MutableJson[] = [];
  parts.forEach((part, j) => {
    const where = typeof message.content === "string" ? at : `${at}.content.${j}`;
    const block = encode(part, where, j);
    if (block === undefined) return;
    if (isBlank(block)) blank(role, String(block["text"]), where, context);
    else blocks.push(block);
  });
  if (message.cache !== undefined) markLast(blocks, message, at, context);
  if (blocks.length > 0) return { role, content: blocks, fields };
  if (Object.keys(fields).length > 0)
    context.losses.unsupported(`${at}.extensions`, "nothing else is left of the turn");
  return undefined;
}

/** The API refuses text of white space alone. A model's own may hold it between other parts: no loss. */
function blank(role: Turn["role"], text: string, at: string, context: EncodeContext): void {
  if (role !== "assistant" && text !== "")
    context.losses.unsupported(at, "text of white space alone is refused");
}

function markLast(
  blocks: readonly MutableJson[],
  message: Message,
  at: string,
  context: EncodeContext,
): void {
  const last = blocks.findLast(({ type }) => type !== "thinking" && type !== "redacted_thinking");
  if (last?.["cache_control"] !== undefined)
    context.losses.changed(`${at}.cache`, "its last part has a mark of its own, which stays");
  else if (last !== undefined && message.cache !== undefined) markBlock(last, message.cache, at, context);
  else context.losses.unsupported(`${at}.cache`, "nothing in the message takes a cache mark");
}

function addTurn(turns: Turn[], turn: Turn | undefined): void {
  if (turn === undefined) return;
  const before = turns.at(-1);
  if (before === undefined || before.role !== turn.role) {
    turns.push(turn);
    return;
  }
  before.content = [...blocksOf(before), ...blocksOf(turn)];
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

/** "final assistant content cannot end with trailing whitespace" is a 400. */
function trimPrefill(turns: readonly Turn[], last: number, context: EncodeContext): void {
  const turn = turns.at(-1);
  if (turn?.role !== "assistant") return;
  const block = typeof turn.content === "string" ? undefined : turn.content.at(-1);
  const text = typeof turn.content === "string" ? turn.content : block?.["text"];
  if (typeof text !== "string" || (block !== undefined && block["type"] !== "text")) return;
  const trimmed = text.trimEnd();
  if (trimmed === text) return;
  context.losses.changed(
    `messages.${last}.content`,
    "white space at the end of a prefill is refused; it is cut",
  );
  if (block === undefined) turn.content = trimmed;
  else block["text"] = trimmed;
}

function systemPrompt(
  messages: readonly SystemMessage[],
  at: readonly string[],
  context: EncodeContext,
): string | readonly JsonObject[] | undefined {
  const [first] = messages;
  if (first === undefined) return undefined;
  context.marks.area = "system";
  const kept = messages.flatMap((message, i) => {
    const turn = systemTurn(message, at[i] ?? "", context);
    if (turn === undefined) return [];
    if (Object.keys(turn.fields).length > 0)
      context.losses.unsupported(`${at[i]}.extensions`, "the system prompt has no fields of its own");
    return [turn];
  });
  context.marks.area = "messages";
  if (kept.length === 0) return undefined;
  const [only] = kept;
  if (kept.length === 1 && typeof only?.content === "string") return only.content;
  return kept.flatMap(blocksOf);
}
