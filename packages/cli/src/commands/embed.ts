import { readFile } from "node:fs/promises";
import { type AiClient, AiLibError } from "ai-lib";
import { Collections } from "../collections.js";
import { usageError } from "../errors.js";
import { type Io, readPipe } from "../io.js";
import { createKindClient, printWarnings, withProgress } from "../kind-client.js";
import { parseWholeNumber } from "../option-values.js";

/** Options of `ai-lib embed`. */
interface EmbedOptions {
  readonly model?: string;
  readonly store?: string;
  readonly file?: readonly string[];
  readonly lines?: boolean;
  readonly dimensions?: string;
  readonly quiet?: boolean;
}

/** A text to embed, and the id under which a collection keeps it. */
interface Given {
  readonly id: string;
  readonly text: string;
}

/** Prints vectors, one JSON list a line, or keeps them in a collection. */
export async function embed(io: Io, words: readonly string[], options: EmbedOptions): Promise<void> {
  const { store, quiet } = options;
  const dimensions =
    options.dimensions === undefined ? undefined : parseWholeNumber("--dimensions", options.dimensions, 1);
  const given = await readTexts(io, words, options);
  if (store === undefined) {
    const { embeddings } = await vectorsOf(io, options.model, given, dimensions, quiet);
    for (const vector of embeddings) io.stdout.write(`${JSON.stringify(vector)}\n`);
    return;
  }
  const collections = await Collections.open(io.environment);
  try {
    const model = options.model ?? collections.find(store)?.model;
    const { embeddings, target } = await vectorsOf(io, model, given, dimensions, quiet, "document");
    const kept = given.map((each, i) => ({ ...each, vector: Float32Array.from(embeddings[i] ?? []) }));
    collections.add({ name: store, model: target, shortened: dimensions !== undefined }, kept);
    if (quiet !== true) io.stderr.write(`Stored in ${store}: ${kept.length} (${target})\n`);
  } finally {
    collections.close();
  }
}

/** Embeds texts. `target` is what embeds them, as `provider/model`. */
async function vectorsOf(
  io: Io,
  name: string | undefined,
  given: readonly Given[],
  dimensions: number | undefined,
  quiet: boolean | undefined,
  purpose?: "document",
): Promise<{
  readonly embeddings: Awaited<ReturnType<AiClient["embed"]>>["embeddings"];
  readonly target: string;
}> {
  const response = await withProgress(io, quiet, async (observer) => {
    const { client, model } = await createKindClient(io, "embed", name, observer);
    const inputs = given.map(({ text }) => text);
    const asked = await client.embed({ inputs, model, dimensions, purpose }, { signal: io.signal });
    // A collection embeds what it is searched for with the model that was asked for, not with the name of the answer.
    return { ...asked, model: model ?? asked.attempts.at(-1)?.target.model ?? asked.model };
  });
  // Most models make one vector for every purpose; the user did not ask for one.
  const warnings = response.warnings.filter(({ field }) => field !== "purpose");
  printWarnings(io, warnings, quiet);
  return { embeddings: response.embeddings, target: `${response.provider}/${response.model}` };
}

/** The words as one text, files, or standard input. */
async function readTexts(
  io: Io,
  words: readonly string[],
  { file = [], lines }: EmbedOptions,
): Promise<Given[]> {
  const given: Given[] = await Promise.all(
    file.map(async (path) => {
      const text = await readFile(path, "utf8").catch((error: Error) => {
        throw new AiLibError({
          code: "FILE_ERROR",
          message: `${path} cannot be read: ${error.message}`,
          local: true,
        });
      });
      if (text.trim() === "") throw usageError(`${path} is empty: there is nothing to embed`);
      return { id: path, text };
    }),
  );
  if (words.length > 0) given.push({ id: words.join(" "), text: words.join(" ") });
  if (given.length > 0) return given;
  const piped = await readPipe(io);
  const texts = lines === true ? piped.split(/\r?\n/).filter((line) => line.trim() !== "") : [piped];
  if (texts[0] === undefined || texts[0] === "")
    throw usageError('Nothing to embed. Give a text, files or standard input: ai-lib embed "a text"');
  return texts.map((text) => ({ id: lines === true ? text : "stdin", text }));
}
