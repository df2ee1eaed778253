import { invalidRequest } from "../errors/error.js";
import type { Warning } from "../values/answer.js";
import type {
  DecideReply,
  DecideRequest,
  DecideResponse,
  Decision,
  DecisionQuestion,
} from "../values/decision.js";
import { isObject } from "../values/json.js";
import type { Modality } from "../values/model.js";
import { tokensOf } from "../values/usage.js";
import type { KindLaws, ReplyFrame, Requirements, TokenEstimate } from "./laws.js";
import { TEXT_ONLY } from "./requirements.js";
import { checkFields, checkWord, unary } from "./unary.js";

const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  "model",
  "input",
  "questions",
  "user",
  "extensions",
] satisfies (keyof DecideRequest)[]);

/** Tokens assumed for a picture. */
const TOKENS_PER_PICTURE = 1_000;

/** The rules of the kind `decide`. */
export const decideLaws: KindLaws<"decide"> = {
  ...unary("decide"),
  kind: "decide",
  idempotent: true,
  validate,
  estimate,
  requirements,
  respond,
  warningsOf: (reply) => reply.warnings ?? [],
  sample: ({ questions }) => ({ decisions: questions.map(sampleOf) }),
};

/** @throws {AiLibError} `INVALID_REQUEST` that names the field and says what to change. */
function validate(request: DecideRequest): void {
  checkFields("decisions", request, REQUEST_FIELDS);
  const { input, questions } = request;
  if (!(typeof input === "string" && input !== "") && !(Array.isArray(input) && input.length > 0))
    throw invalidRequest("`input` must be a text that is not empty, or a list of text and image parts");
  if (!Array.isArray(questions) || questions.length === 0)
    throw invalidRequest("`questions` is empty: ask at least one");
  const names = new Set<unknown>();
  questions.forEach((question: unknown, i) => {
    if (!isObject(question)) throw invalidRequest(`\`questions.${i}\` must be an object`);
    const { name, type, instructions } = question;
    checkWord(`questions.${i}.type`, String(type), ["boolean", "choice", "score"]);
    if (typeof name !== "string" || name === "" || names.has(name))
      throw invalidRequest(`\`questions.${i}.name\` must be a text that no other question has`);
    names.add(name);
    if (typeof instructions !== "string" || instructions === "")
      throw invalidRequest(`\`questions.${i}.instructions\` must be a text that is not empty`);
    const list = type === "choice" ? "options" : "levels";
    if (type === "boolean") return;
    const options = question[list];
    if (!Array.isArray(options) || options.length < 2)
      throw invalidRequest(`\`questions.${i}.${list}\` needs at least two entries`);
    const values = options.map((each) => (isObject(each) ? each["value"] : each));
    if (new Set(values).size < values.length || values.some((value) => typeof value !== "string"))
      throw invalidRequest(`\`questions.${i}.${list}\` must be different texts`);
  });
}

function estimate({ input, questions }: DecideRequest): TokenEstimate {
  let characters = JSON.stringify(questions).length;
  let pictures = 0;
  if (typeof input === "string") characters += input.length;
  else
    for (const part of input) {
      if (part.type === "text") characters += part.text.length;
      else pictures++;
    }
  return { inputTokens: tokensOf(characters) + pictures * TOKENS_PER_PICTURE, outputTokens: 0 };
}

function requirements({ input }: DecideRequest): Requirements {
  const pictures = typeof input !== "string" && input.some(({ type }) => type === "image");
  return pictures ? { ...TEXT_ONLY, input: new Set<Modality>(["text", "image"]) } : TEXT_ONLY;
}

function respond(reply: DecideReply, warnings: readonly Warning[], frame: ReplyFrame): DecideResponse {
  return {
    id: reply.id ?? frame.id,
    provider: frame.provider,
    model: reply.model ?? frame.model,
    decisions: reply.decisions,
    usage: reply.usage ?? { inputTokens: frame.estimateInput(), outputTokens: 0 },
    usageStatus: reply.usage === undefined ? "estimated" : "final",
    warnings,
    attempts: frame.attempts,
  };
}

/** The first of everything. */
function sampleOf(question: DecisionQuestion): Decision {
  const { name, type } = question;
  if (type === "boolean") return { type, name, probability: 0.5 };
  const values = (type === "choice" ? question.options : question.levels).map((each) =>
    typeof each === "string" ? each : each.value,
  );
  const probabilities = Object.fromEntries(values.map((value, i) => [value, i === 0 ? 1 : 0]));
  return type === "choice"
    ? { type, name, choice: values[0] ?? "", confidence: 1, probabilities }
    : { type, name, score: 0, confidence: 1, probabilities };
}
