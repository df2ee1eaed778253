import type { Call } from "../core/contract/call.js";
import { configError } from "../core/errors/error.js";
import type { EmbedReply, EmbedRequest, Vector } from "../core/values/embedding.js";
import type { Kind, ReplyOf } from "../core/values/kinds.js";

/** Length of a sample vector where the request names none. */
const DIMENSIONS = 8;

/**
 * A small, plausible reply to a call of a unary kind; the same one for the same request.
 * @throws {AiLibError} `CONFIG_ERROR` for a kind without a sample.
 */
export function sampleReply(call: Pick<Call, "kind" | "request">): ReplyOf {
  const sample = SAMPLES[call.kind];
  if (sample === undefined)
    throw configError(`There is no sample of the kind "${call.kind}"; give the script a \`reply\``);
  return sample(call.request as never);
}

const SAMPLES: Readonly<Partial<Record<Kind, (request: never) => ReplyOf>>> = {
  embed: sampleEmbeddings,
};

function sampleEmbeddings({ inputs, dimensions = DIMENSIONS }: EmbedRequest): EmbedReply {
  return {
    embeddings: inputs.map((input) => sampleVector(JSON.stringify(input), dimensions)),
    usage: { inputTokens: inputs.length, outputTokens: 0 },
  };
}

/** A vector that depends on a text alone. */
function sampleVector(text: string, dimensions: number): Vector {
  let state = 2_166_136_261;
  for (let i = 0; i < text.length; i++) state = Math.imul(state ^ text.charCodeAt(i), 16_777_619) >>> 0;
  return Array.from({ length: dimensions }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2_147_483_648 - 1;
  });
}
