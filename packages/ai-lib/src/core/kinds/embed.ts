import { invalidRequest } from "../errors/error.js";
import type { Warning } from "../values/answer.js";
import type { EmbedReply, EmbedRequest, EmbedResponse, Vector } from "../values/embedding.js";
import { adviseOnLength } from "./advise.js";
import { answerFacts } from "./answer-facts.js";
import type { KindLaws, ReplyFrame } from "./laws.js";
import { estimateParts, isPartList, requireParts } from "./parts-input.js";
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

/** The rules of the kind `embed`. */
export const embedLaws: KindLaws<"embed"> = {
  ...unary("embed"),
  kind: "embed",
  idempotent: true,
  validate,
  estimate: ({ inputs }) => estimateParts(inputs),
  requirements: ({ inputs }) => requireParts(inputs),
  respond,
  explain: (error) => adviseOnLength(error, "cut the text, or set `truncate`"),
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
  if (!isPartList(input)) throw invalidRequest(`\`${at}\` must be a text, or a list of text and image parts`);
}

function respond(reply: EmbedReply, warnings: readonly Warning[], frame: ReplyFrame): EmbedResponse {
  return {
    ...answerFacts(reply, warnings, frame),
    embeddings: reply.embeddings,
    dimensions: reply.embeddings[0]?.length ?? 0,
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
