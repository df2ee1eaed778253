import { AiLibError } from "../../core/errors/error.js";
import type { EmbedReply, EmbedRequest } from "../../core/values/embedding.js";
import { textOf } from "../../core/values/message.js";
import type { CustomCall } from "../../providers/own/adapter.js";
import type { Engine } from "./engine.js";

/**
 * The vectors of a request, one text after the other.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for pictures and other formats than numbers, `CONTEXT_TOO_LONG` for a text
 *   that does not fit the model, unless it may be cut.
 */
export async function embed(
  engine: Engine,
  { inputs, dimensions, format = "float", truncate = "none" }: EmbedRequest,
  { signal }: CustomCall,
): Promise<EmbedReply> {
  if (format !== "float" || dimensions !== undefined)
    throw refusal("UNSUPPORTED_FEATURE", "A local model gives vectors as numbers, in its own length");
  const texts = inputs.map((input) => {
    if (typeof input === "string") return input;
    if (input.some(({ type }) => type !== "text"))
      throw refusal("UNSUPPORTED_FEATURE", "A local model embeds texts only");
    return textOf(input);
  });
  const { model } = await engine.load();
  const embedder = await engine.embedder();
  const most = engine.embeddingTokens(model);
  const embeddings: (readonly number[])[] = [];
  let inputTokens = 0;
  for (const [i, text] of texts.entries()) {
    signal.throwIfAborted();
    const all = model.tokenize(text);
    if (all.length > most && truncate === "none")
      throw refusal(
        "CONTEXT_TOO_LONG",
        `The text ${i} has ${all.length} tokens, and the model reads ${most}`,
      );
    const tokens = truncate === "start" ? all.slice(-most) : all.slice(0, most);
    inputTokens += tokens.length;
    embeddings.push((await embedder.getEmbeddingFor(tokens)).vector);
  }
  return { embeddings, usage: { inputTokens, outputTokens: 0 } };
}

function refusal(code: "UNSUPPORTED_FEATURE" | "CONTEXT_TOO_LONG", message: string): AiLibError {
  return new AiLibError({ code, message, local: true });
}
