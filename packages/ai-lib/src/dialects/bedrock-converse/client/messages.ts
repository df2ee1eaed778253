import type { JsonObject } from "../../../core/values/json.js";
import { type ContentPart, type Message, partsOf } from "../../../core/values/message.js";
import { type BlockKind, callsLast, resultsFirst } from "../../shared/common/turn-order.js";
import type { EncodeContext, Placed } from "./context.js";
import { assistantBlock, citationsByText, isBlank, userBlock } from "./parts.js";

interface Turn {
  readonly role: "user" | "assistant";
  content: Placed[];
}

/** The system prompt and the turns of a request. Blocks and cache points are put together by {@link flatten}. */
export interface EncodedMessages {
  readonly system: readonly Placed[];
  readonly turns: readonly Turn[];
}

/**
 * Messages as turns, which must alternate: adjacent messages of one role become one. Results of tools stand first in
 * a user's turn, and calls last in an assistant's.
 */
export function encodeMessages(messages: readonly Message[], context: EncodeContext): EncodedMessages {
  const turns: Turn[] = [];
  const system: Placed[] = [];
  messages.forEach((message, i) => {
    const at = `messages.${i}`;
    if (context.extensions(message.extensions).length > 0)
      context.losses.unsupported(`${at}.extensions`, "a message has no fields of its own");
    switch (message.role) {
      case "system":
        if (turns.length > 0) context.losses.changed(at, "system messages stand above the conversation only");
        context.marks.area = "system";
        system.push(...blocksOf(message, at, context, (part, where) => userBlock(part, where, context)));
        context.marks.area = "messages";
        break;
      case "user":
        if (message.name !== undefined)
          context.losses.unsupported(`${at}.name`, "Bedrock's users have no names");
        addTurn(turns, "user", userBlocks(message, at, context));
        break;
      case "tool":
        addTurn(turns, "user", userBlocks(message, at, context));
        break;
      case "assistant":
        if (message.incomplete === true) context.losses.notReplayed(at, "the turn failed midway");
        else addTurn(turns, "assistant", assistantBlocks(message, at, context));
        break;
      default: {
        const never: never = message;
        throw new TypeError(`Unknown message ${JSON.stringify(never)}`);
      }
    }
  });
  for (const turn of turns)
    turn.content = [...(turn.role === "user" ? resultsFirst : callsLast)(turn.content, kindOf)];
  trimPrefill(turns, messages.length - 1, context);
  return { system, turns };
}

function userBlocks(message: Message, at: string, context: EncodeContext): Placed[] {
  return blocksOf(message, at, context, (part, where) => userBlock(part, where, context));
}

function assistantBlocks(message: Message, at: string, context: EncodeContext): Placed[] {
  const citations = citationsByText(partsOf(message), at, context);
  return blocksOf(message, at, context, (part, where, j) =>
    assistantBlock(part, where, context, citations.get(j) ?? []),
  );
}

function blocksOf(
  message: Message,
  at: string,
  context: EncodeContext,
  encode: (part: ContentPart, where: string, j: number) => Placed | undefined,
): Placed[] {
  const placed: Placed[] = [];
  partsOf(message).forEach((part, j) => {
    const where = typeof message.content === "string" ? at : `${at}.content.${j}`;
    const block = encode(part, where, j);
    if (block === undefined) return;
    if (!isBlank(block.block)) placed.push(block);
    // "The text field in the ContentBlock object is blank" is a 400. A model's own blanks are no loss.
    else if (message.role !== "assistant" && block.block["text"] !== "")
      context.losses.unsupported(where, "text of white space alone is refused");
  });
  const last = placed.at(-1);
  if (message.cache !== undefined) {
    if (last === undefined)
      context.losses.unsupported(`${at}.cache`, "nothing in the message takes a cache mark");
    else if (last.point === undefined) context.mark(last, message.cache, at);
    else context.losses.changed(`${at}.cache`, "its last part has a mark of its own, which stays");
  }
  return placed;
}

function addTurn(turns: Turn[], role: Turn["role"], content: Placed[]): void {
  if (content.length === 0) return;
  const before = turns.at(-1);
  if (before?.role === role) before.content.push(...content);
  else turns.push({ role, content });
}

function kindOf({ block }: Placed): BlockKind {
  if ("toolUse" in block) return "call";
  if ("toolResult" in block) return "result";
  return "text" in block || "citationsContent" in block ? "text" : "other";
}

/** Claude refuses white space at the end of a prefill. */
function trimPrefill(turns: readonly Turn[], last: number, context: EncodeContext): void {
  const turn = turns.at(-1);
  const placed = turn?.content.at(-1);
  const text = placed?.block["text"];
  if (turn?.role !== "assistant" || placed === undefined || typeof text !== "string") return;
  const trimmed = text.trimEnd();
  if (trimmed === text) return;
  context.losses.changed(
    `messages.${last}.content`,
    "white space at the end of a prefill is refused; it is cut",
  );
  turn.content[turn.content.length - 1] = { ...placed, block: { text: trimmed } };
}

/** Blocks with their cache points behind them. */
export function flatten(placed: readonly Placed[]): readonly JsonObject[] {
  return placed.flatMap(({ block, point }) => (point === undefined ? [block] : [block, point]));
}
