import { isBlank } from "../../../core/kinds/chat/repair-history.js";
import type { Message } from "../../../core/values/message.js";
import type { EncodeContext } from "../common/encode-context.js";

/**
 * Refuses a conversation whose last turn of the user is blank: Claude's APIs refuse white space, and without that turn
 * the model would continue its own answer.
 */
export function refuseBlankEnd(messages: readonly Message[], context: EncodeContext): void {
  const last = messages.findLastIndex((message) => message.role !== "system" && !isBlank(message));
  const blank = messages.findLastIndex((message) => message.role === "user" && isBlank(message));
  if (blank < 0 || blank < last || messages[last]?.role === "tool" || messages[last]?.role === "user") return;
  context.refuse(`messages.${blank}`, {
    reason: "it is blank, and the vendor refuses text of only white space",
  });
}

/** The kind of a block, as far as it decides the block's place in a turn. */
export type BlockKind = "call" | "result" | "text" | "other";

/** A user turn with the results of tools first: Claude's APIs require them directly after the calls. */
export function resultsFirst<Block>(
  blocks: readonly Block[],
  kindOf: (block: Block) => BlockKind,
): readonly Block[] {
  const results = blocks.filter((block) => kindOf(block) === "result");
  if (results.length === 0) return blocks;
  return [...results, ...blocks.filter((block) => kindOf(block) !== "result")];
}

/**
 * An assistant turn with calls after the text beside them, but never across other blocks: thinking stays before the
 * call that it led to, and the traces of a provider's own tools stay in place.
 */
export function callsLast<Block>(
  blocks: readonly Block[],
  kindOf: (block: Block) => BlockKind,
): readonly Block[] {
  const arranged: Block[] = [];
  let calls: Block[] = [];
  for (const block of blocks) {
    const kind = kindOf(block);
    if (kind === "call") calls.push(block);
    else if (kind === "text") arranged.push(block);
    else {
      arranged.push(...calls, block);
      calls = [];
    }
  }
  return [...arranged, ...calls];
}
