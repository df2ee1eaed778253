import type { DialectTarget, Pieces } from "../../../core/contract/dialect.js";
import type { EmbedReply } from "../../../core/values/embedding.js";
import type { Usage } from "../../../core/values/usage.js";

/**
 * Cuts a request for embeddings into pieces of at most so many inputs.
 * @param limit inputs that one request may have, by target
 */
export function inputsAtMost(limit: number | ((target: DialectTarget) => number)): Pieces<"embed"> {
  return {
    cut(request, target) {
      const { inputs } = request;
      const most = typeof limit === "number" ? limit : limit(target);
      if (inputs.length <= most) return [request];
      const pieces = [];
      for (let i = 0; i < inputs.length; i += most)
        pieces.push({ ...request, inputs: inputs.slice(i, i + most) });
      return pieces;
    },
    join,
  };
}

function join(replies: readonly EmbedReply[]): EmbedReply {
  const [first] = replies;
  return {
    embeddings: replies.flatMap(({ embeddings }) => embeddings),
    ...(first?.id === undefined ? {} : { id: first.id }),
    ...(first?.model === undefined ? {} : { model: first.model }),
    ...(replies.every(({ usage }) => usage !== undefined) && {
      usage: replies.reduce<Usage>(
        (sum, { usage }) => ({
          inputTokens: sum.inputTokens + (usage?.inputTokens ?? 0),
          outputTokens: sum.outputTokens + (usage?.outputTokens ?? 0),
        }),
        { inputTokens: 0, outputTokens: 0 },
      ),
    }),
    // The pieces of one request raise the same warnings.
    ...(first?.warnings === undefined ? {} : { warnings: first.warnings }),
  };
}
