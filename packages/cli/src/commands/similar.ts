import { nearest } from "ai-lib/kinds/similarity";
import { Collections } from "../collections.js";
import { usageError } from "../errors.js";
import { type Io, measureWidth, readPipe } from "../io.js";
import { createKindClient, withProgress } from "../kind-client.js";
import { parseWholeNumber } from "../option-values.js";
import { formatTable } from "../table.js";
import { foreignText } from "../terminal.js";

/** Options of `ai-lib similar`. */
interface SimilarOptions {
  readonly count?: string;
  readonly delete?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Lists the collections, deletes one, or prints the texts of one that are most alike to a text. */
export async function similar(
  io: Io,
  name: string | undefined,
  words: readonly string[],
  options: SimilarOptions,
): Promise<void> {
  const count = options.count === undefined ? 5 : parseWholeNumber("-n", options.count, 1);
  const collections = await Collections.open(io.environment);
  try {
    if (name === undefined) {
      listCollections(io, collections, options.json);
      return;
    }
    const collection = collections.find(name);
    if (collection === undefined)
      throw usageError(
        `There is no collection "${name}"; make one: ai-lib embed --store ${name} -f notes.txt. \`ai-lib similar\` lists them`,
      );
    if (options.delete === true) {
      collections.delete(name);
      return;
    }
    const text = words.length > 0 ? words.join(" ") : await readPipe(io);
    if (text === "") throw usageError(`Say what to look for: ai-lib similar ${name} "a text"`);
    const query = await withProgress(io, options.quiet, async (observer) => {
      const { client, model } = await createKindClient(io, "embed", collection.model, observer);
      const dimensions = collection.shortened === 1 ? collection.dimensions : undefined;
      const request = { inputs: [text], model, purpose: "query", dimensions } as const;
      return client.embed(request, { signal: io.signal });
    });
    const texts = collections.texts(name);
    const vectors = texts.map(({ vector }) => vector);
    const found = nearest(query.embeddings[0] ?? [], vectors, count).flatMap(({ index, score }) => {
      const kept = texts[index];
      return kept === undefined ? [] : [{ id: kept.id, score, text: kept.text }];
    });
    if (options.json === true) io.stdout.write(`${JSON.stringify(found, null, 2)}\n`);
    else for (const each of found) io.stdout.write(formatFound(io, each));
  } finally {
    collections.close();
  }
}

function formatFound(io: Io, { id, score, text }: { id: string; score: number; text: string }): string {
  const [first = ""] = text.split("\n");
  const line = id === text || id === first ? first : `${id}: ${first}`;
  return `${score.toFixed(4)}  ${foreignText(io.stdout, line.slice(0, 200))}\n`;
}

function listCollections(io: Io, collections: Collections, json: boolean | undefined): void {
  const all = collections.list();
  if (json === true) {
    io.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    return;
  }
  if (all.length === 0) {
    io.stderr.write("There are no collections. Make one: ai-lib embed --store notes -f notes.txt\n");
    return;
  }
  const columns = [{ heading: "collection" }, { heading: "texts", right: true }, { heading: "model" }];
  const rows = all.map(({ name, texts, model }) => [
    foreignText(io.stdout, name),
    String(texts),
    foreignText(io.stdout, model),
  ]);
  io.stdout.write(`${formatTable(columns, rows, measureWidth(io.stdout))}\n`);
}
