import { invalidRequest } from "../errors/error.js";
import type { Warning } from "../values/answer.js";
import type { ModerateReply, ModerateRequest, ModerateResponse } from "../values/moderation.js";
import { adviseOnLength } from "./advise.js";
import { answerFacts } from "./answer-facts.js";
import type { KindLaws, ReplyFrame } from "./laws.js";
import { estimateParts, isPartList, requireParts } from "./parts-input.js";
import { checkFields, unary } from "./unary.js";

const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  "model",
  "inputs",
  "extensions",
] satisfies (keyof ModerateRequest)[]);

/**
 * The rules of the kind `moderate`: whether texts and pictures are harmful.
 *
 * @example
 * const client = new AiClient(provider("openai"));
 * const { flagged, verdicts } = await client.moderate({ inputs: ["I will water my plants."] });
 */
export const moderateLaws: KindLaws<"moderate"> = {
  ...unary("moderate"),
  kind: "moderate",
  idempotent: true,
  validate,
  estimate: ({ inputs }) => estimateParts(inputs),
  requirements: ({ inputs }) => requireParts(inputs),
  respond,
  explain: (error) => adviseOnLength(error, "cut the text into several inputs"),
  warningsOf: (reply) => reply.warnings ?? [],
  sample: ({ inputs }) => ({ verdicts: inputs.map(() => ({ flagged: false, categories: {}, scores: {} })) }),
};

/** @throws {AiLibError} `INVALID_REQUEST` that names the field and says what to change. */
function validate(request: ModerateRequest): void {
  checkFields("moderation", request, REQUEST_FIELDS);
  const { inputs } = request;
  if (!Array.isArray(inputs) || inputs.length === 0)
    throw invalidRequest("`inputs` is empty: give at least one text");
  for (const [i, input] of inputs.entries()) {
    if (typeof input === "string") continue;
    if (!isPartList(input))
      throw invalidRequest(`\`inputs.${i}\` must be a text, or a list of text and image parts`);
  }
}

function respond(reply: ModerateReply, warnings: readonly Warning[], frame: ReplyFrame): ModerateResponse {
  return {
    ...answerFacts(reply, warnings, frame),
    verdicts: reply.verdicts,
    flagged: reply.verdicts.some(({ flagged }) => flagged),
  };
}
