import { invalidRequest } from "../errors/error.js";
import type { Warning } from "../values/answer.js";
import type { EmbedInput, EmbedReply, EmbedRequest, EmbedResponse, Vector } from "../values/embedding.js";
import { isObject } from "../values/json.js";
import type { Modality } from "../values/model.js";
import { tokensOf } from "../values/usage.js";
import type { KindLaws, ReplyFrame, Requirements, TokenEstimate } from "./laws.js";
import { TEXT_ONLY } from "./requirements.js";
import { checkFields, checkWhole, checkWord, unary } from "./unary.js";

const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  "model",
  "inputs",
  "purpose",
  "dimensions",
  "format",
  "truncate",
  "user",
  "extensions",
] satisfies (keyof EmbedRequest)[]);

const PURPOSES = ["query", "document", "similarity", "classification", "clustering"];
const FORMATS = ["float", "int8", "uint8", "binary", "ubinary"];
const TRUNCATIONS = ["none", "end", "start"];

/** Length of a sample vector where the request names none. */
const SAMPLE_DIMENSIONS = 8;

/** Tokens assumed for a picture. */
const TOKENS_PER_PICTURE = 1_000;

/** The rules of the kind `embed`. */
export const embedLaws: KindLaws<"embed"> = {
  ...unary("embed"),
  kind: "embed",
  idempotent: true,
  validate,
  estimate,
  requirements,
  respond,
  warningsOf: (reply) => reply.warnings ?? [],
  sample,
};

/** @throws {AiLibError} `INVALID_REQUEST` that names the field and says what to change. */
function validate(request: EmbedRequest): void {
  checkFields("embeddings", request, REQUEST_FIELDS);
  const { inputs } = request;
  if (!Array.isArray(inputs) || inputs.length === 0)
    throw invalidRequest("`inputs` is empty: give at least one text");
  for (const [i, input] of inputs.entries()) checkInput(input, `inputs.${i}`);
  checkWord("purpose", request.purpose, PURPOSES);
  checkWord("format", request.format, FORMATS);
  checkWord("truncate", request.truncate, TRUNCATIONS);
  checkWhole("dimensions", request.dimensions, 1);
}

function checkInput(input: unknown, at: string): void {
  if (typeof input === "string") {
    if (input === "") throw invalidRequest(`\`${at}\` is an empty text, which vendors refuse; leave it out`);
    return;
  }
  const known = (part: unknown) => isObject(part) && (part["type"] === "text" || part["type"] === "image");
  if (!Array.isArray(input) || input.length === 0 || !input.every(known))
    throw invalidRequest(`\`${at}\` must be a text, or a list of text and image parts`);
}

function estimate({ inputs }: EmbedRequest): TokenEstimate {
  let characters = 0;
  let pictures = 0;
  for (const input of inputs) {
    if (typeof input === "string") characters += input.length;
    else {
      for (const part of input) {
        if (part.type === "text") characters += part.text.length;
        else pictures++;
      }
    }
  }
  return { inputTokens: tokensOf(characters) + pictures * TOKENS_PER_PICTURE, outputTokens: 0 };
}

function requirements({ inputs }: EmbedRequest): Requirements {
  const pictures = inputs.some(hasPicture);
  return pictures ? { ...TEXT_ONLY, input: new Set<Modality>(["text", "image"]) } : TEXT_ONLY;
}

function hasPicture(input: EmbedInput): boolean {
  return typeof input !== "string" && input.some((part) => part.type === "image");
}

function respond(reply: EmbedReply, warnings: readonly Warning[], frame: ReplyFrame): EmbedResponse {
  return {
    id: reply.id ?? frame.id,
    provider: frame.provider,
    model: reply.model ?? frame.model,
    embeddings: reply.embeddings,
    dimensions: reply.embeddings[0]?.length ?? 0,
    usage: reply.usage ?? { inputTokens: frame.estimateInput(), outputTokens: 0 },
    usageStatus: reply.usage === undefined ? "estimated" : "final",
    warnings,
    attempts: frame.attempts,
    ...(reply.extensions === undefined ? {} : { extensions: reply.extensions }),
  };
}

function sample({ inputs, dimensions = SAMPLE_DIMENSIONS }: EmbedRequest): EmbedReply {
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
