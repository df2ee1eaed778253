/** What a block of a turn is, as far as its place matters. */
export type BlockKind = "call" | "result" | "text" | "other";

/** A user's turn with the results of tools first, as the APIs of Claude demand it right after the calls. */
export function resultsFirst<Block>(
  blocks: readonly Block[],
  kindOf: (block: Block) => BlockKind,
): readonly Block[] {
  const results = blocks.filter((block) => kindOf(block) === "result");
  if (results.length === 0) return blocks;
  return [...results, ...blocks.filter((block) => kindOf(block) !== "result")];
}

/**
 * An assistant's turn with calls behind the text beside them, but never across other blocks: thinking belongs before
 * the call that it led to, and what a provider's own tool did stays where it was.
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
