import { invalidRequest } from "../errors/error.js";
import type { Warning } from "../values/answer.js";
import { isObject } from "../values/json.js";
import type { Modality } from "../values/model.js";
import type { ModerateReply, ModerateRequest, ModerateResponse } from "../values/moderation.js";
import { tokensOf } from "../values/usage.js";
import type { KindLaws, ReplyFrame, Requirements, TokenEstimate } from "./laws.js";
import { TEXT_ONLY } from "./requirements.js";
import { checkFields, unary } from "./unary.js";

const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  "model",
  "inputs",
  "extensions",
] satisfies (keyof ModerateRequest)[]);

/** Tokens assumed for a picture. */
const TOKENS_PER_PICTURE = 1_000;

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
  estimate,
  requirements,
  respond,
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
    if (!Array.isArray(input) || input.length === 0 || !input.every(isKnownPart))
      throw invalidRequest(`\`inputs.${i}\` must be a text, or a list of text and image parts`);
  }
}

function isKnownPart(part: unknown): boolean {
  return isObject(part) && (part["type"] === "text" || part["type"] === "image");
}

function estimate({ inputs }: ModerateRequest): TokenEstimate {
  let characters = 0;
  let pictures = 0;
  for (const part of inputs.flat()) {
    if (typeof part === "string") characters += part.length;
    else if (part.type === "text") characters += part.text.length;
    else pictures++;
  }
  return { inputTokens: tokensOf(characters) + pictures * TOKENS_PER_PICTURE, outputTokens: 0 };
}

function requirements({ inputs }: ModerateRequest): Requirements {
  const pictures = inputs.flat().some((part) => typeof part !== "string" && part.type === "image");
  return pictures ? { ...TEXT_ONLY, input: new Set<Modality>(["text", "image"]) } : TEXT_ONLY;
}

function respond(reply: ModerateReply, warnings: readonly Warning[], frame: ReplyFrame): ModerateResponse {
  return {
    id: reply.id ?? frame.id,
    provider: frame.provider,
    model: reply.model ?? frame.model,
    verdicts: reply.verdicts,
    flagged: reply.verdicts.some(({ flagged }) => flagged),
    usage: reply.usage ?? { inputTokens: frame.estimateInput(), outputTokens: 0 },
    usageStatus: reply.usage === undefined ? "estimated" : "final",
    warnings,
    attempts: frame.attempts,
  };
}
