import { usageError } from "../errors.js";
import { type Io, readPipe } from "../io.js";
import { createKindClient, withProgress } from "../kind-client.js";

/** Options of `ai-lib count`. */
interface CountOptions {
  readonly model?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Prints the input tokens of a prompt; "about" where the number is an estimate. */
export async function count(
  io: Io,
  words: readonly string[],
  { model: name, json, quiet }: CountOptions,
): Promise<void> {
  const text = [words.join(" "), await readPipe(io)].filter((each) => each !== "").join("\n\n");
  if (text === "") throw usageError('Nothing to count: ai-lib count "a prompt"');
  const response = await withProgress(io, quiet, async (observer) => {
    const { client, model } = await createKindClient(io, "countTokens", name, observer);
    return client.countTokens({ messages: [{ role: "user", content: text }], model }, { signal: io.signal });
  });
  const { inputTokens, estimated, provider, model } = response;
  if (json === true) io.stdout.write(`${JSON.stringify({ inputTokens, estimated, provider, model })}\n`);
  else io.stdout.write(`${estimated ? "about " : ""}${inputTokens}\n`);
}
