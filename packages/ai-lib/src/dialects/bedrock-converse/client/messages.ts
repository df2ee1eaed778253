import type { JsonObject } from "../../../core/values/json.js";
import { type Message, partsOf } from "../../../core/values/message.js";
import { citationsByText } from "../../shared/claude/citations.js";
import { claudeFacts } from "../../shared/claude/model.js";
import { type BlockKind, callsLast, refuseBlankEnd, resultsFirst } from "../../shared/claude/turns.js";
import type { BedrockContext, PlacedBlock } from "./context.js";
import { encodeAssistantPart, encodeCitation, encodeUserPart, isBlank } from "./parts.js";

interface Turn {
  readonly role: "user" | "assistant";
  content: PlacedBlock[];
}

/** The system prompt and the turns of a request. {@link flatten} joins their blocks with the cache points. */
export interface EncodedMessages {
  readonly system: readonly PlacedBlock[];
  readonly turns: readonly Turn[];
}

/**
 * Messages as turns, which must alternate: adjacent messages of one role become one. Results of tools come first in a
 * user's turn, and calls last in an assistant's.
 */
export function encodeMessages(messages: readonly Message[], context: BedrockContext): EncodedMessages {
  const turns: Turn[] = [];
  const system: PlacedBlock[] = [];
  messages.forEach((message, i) => {
    const at = `messages.${i}`;
    if (context.extensionsFor(message.extensions).length > 0) context.unsupported(`${at}.extensions`);
    switch (message.role) {
      case "system":
        if (turns.length > 0) context.changed(at);
        context.marks.area = "system";
        system.push(...encodeParts(message, at, context));
        context.marks.area = "messages";
        break;
      case "user":
        if (message.name !== undefined) context.unsupported(`${at}.name`);
        addTurn(turns, "user", encodeParts(message, at, context));
        break;
      case "tool":
        addTurn(turns, "user", encodeParts(message, at, context));
        break;
      case "assistant":
        if (message.incomplete === true) context.notReplayed(at, { key: "messages.incomplete" });
        else addTurn(turns, "assistant", encodeParts(message, at, context));
        break;
      default: {
        const never: never = message;
        throw new TypeError(`Unknown message ${JSON.stringify(never)}`);
      }
    }
  });
  for (const turn of turns)
    turn.content = [...(turn.role === "user" ? resultsFirst : callsLast)(turn.content, kindOf)];
  refuseBlankEnd(messages, context);
  refusePrefill(turns, messages.length - 1, context);
  trimPrefill(turns, messages.length - 1, context);
  return { system, turns };
}

function encodeParts(message: Message, at: string, context: BedrockContext): PlacedBlock[] {
  const parts = partsOf(message);
  const citations =
    message.role !== "assistant"
      ? undefined
      : citationsByText(parts, (source, j, cited) =>
          encodeCitation(source, `${at}.content.${j}`, cited, context),
        );
  const placed: PlacedBlock[] = [];
  parts.forEach((part, j) => {
    const where = typeof message.content === "string" ? at : `${at}.content.${j}`;
    const block =
      citations === undefined
        ? encodeUserPart(part, where, context)
        : encodeAssistantPart(part, where, context, citations.get(j));
    if (block === undefined) return;
    if (!isBlank(block.block)) placed.push(block);
    // "The text field in the ContentBlock object is blank" is a 400. An empty text loses nothing.
    else if (block.block["text"] !== "") context.unsupported(where, { key: "messages.content.text.blank" });
  });
  if (message.cache !== undefined) {
    const last = placed.at(-1);
    if (last === undefined) context.unsupported(`${at}.cache`, "nothing in the message accepts a mark");
    else if (last.point === undefined) context.mark(last, message.cache, at);
    else context.dropSecondMark(at);
  }
  return placed;
}

function addTurn(turns: Turn[], role: Turn["role"], content: PlacedBlock[]): void {
  if (content.length === 0) return;
  const before = turns.at(-1);
  if (before?.role === role) before.content.push(...content);
  else turns.push({ role, content });
}

function kindOf({ block }: PlacedBlock): BlockKind {
  if ("toolUse" in block) return "call";
  if ("toolResult" in block) return "result";
  return "text" in block || "citationsContent" in block ? "text" : "other";
}

/** "This model does not support assistant message prefill. The conversation must end with a user message." */
function refusePrefill(turns: readonly Turn[], last: number, context: BedrockContext): void {
  const turn = turns.at(-1);
  if (turn?.role !== "assistant" || context.kind !== "claude" || claudeFacts(context.model).prefill) return;
  const block = turn.content.at(-1)?.block ?? {};
  if ("text" in block || "citationsContent" in block)
    context.refuse(`messages.${last}`, { key: "messages.prefill" });
}

/** Claude refuses white space at the end of a prefill. */
function trimPrefill(turns: readonly Turn[], last: number, context: BedrockContext): void {
  const turn = turns.at(-1);
  const placed = turn?.content.at(-1);
  const text = placed?.block["text"];
  if (turn?.role !== "assistant" || placed === undefined || typeof text !== "string") return;
  const trimmed = text.trimEnd();
  if (trimmed === text) return;
  context.changed(`messages.${last}.content`, { key: "messages.content.text.prefill" });
  turn.content[turn.content.length - 1] = { ...placed, block: { text: trimmed } };
}

/** Blocks, each followed by its cache point. */
export function flatten(placed: readonly PlacedBlock[]): readonly JsonObject[] {
  return placed.flatMap(({ block, point }) => (point === undefined ? [block] : [block, point]));
}
