import { usageError } from "../errors.js";
import { type Io, readPipe } from "../io.js";
import { createKindClient, printWarnings, withProgress } from "../kind-client.js";
import { parseWholeNumber } from "../option-values.js";
import { foreignText } from "../terminal.js";

/** Options of `ai-lib rerank`. */
interface RerankOptions {
  readonly model?: string;
  readonly count?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Prints documents by falling relevance to a query. */
export async function rerank(
  io: Io,
  query: string,
  given: readonly string[],
  { model: name, count, json, quiet }: RerankOptions,
): Promise<void> {
  const topN = count === undefined ? undefined : parseWholeNumber("-n", count, 1);
  const documents =
    given.length > 0 ? given : (await readPipe(io)).split(/\r?\n/).filter((line) => line.trim() !== "");
  if (documents.length === 0)
    throw usageError("Nothing to order. Give documents, or one a line: cat notes.txt | ai-lib rerank QUERY");
  const { results, warnings } = await withProgress(io, quiet, async (observer) => {
    const { client, model } = await createKindClient(io, "rerank", name, observer);
    return client.rerank({ query, documents, model, topN }, { signal: io.signal });
  });
  printWarnings(io, warnings, quiet);
  const rows = results.map(({ index, score }) => ({ index, score, document: documents[index] ?? "" }));
  if (json === true) io.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else
    for (const { score, document } of rows)
      io.stdout.write(`${score.toFixed(4)}  ${foreignText(io.stdout, document)}\n`);
}
