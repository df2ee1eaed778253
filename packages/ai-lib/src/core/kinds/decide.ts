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
import { answerFacts } from "./answer-facts.js";
import type { KindLaws, ReplyFrame } from "./laws.js";
import { estimateParts, isPartList, requireParts } from "./parts-input.js";
import { checkFields, checkWord, unary } from "./unary.js";

const REQUEST_FIELDS: ReadonlySet<string> = new Set([
  "model",
  "input",
  "questions",
  "user",
  "extensions",
] satisfies (keyof DecideRequest)[]);

/** The rules of the kind `decide`. */
export const decideLaws: KindLaws<"decide"> = {
  ...unary("decide"),
  kind: "decide",
  idempotent: true,
  validate,
  estimate: ({ input, questions }) => estimateParts([input], JSON.stringify(questions).length),
  requirements: ({ input }) => requireParts([input]),
  respond,
  warningsOf: (reply) => reply.warnings ?? [],
  sample: ({ questions }) => ({ decisions: questions.map(sampleOf) }),
};

/** @throws {AiLibError} `INVALID_REQUEST` that names the field and says what to change. */
function validate(request: DecideRequest): void {
  checkFields("decisions", request, REQUEST_FIELDS);
  const { input, questions } = request;
  if (!(typeof input === "string" && input !== "") && !isPartList(input))
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

function respond(reply: DecideReply, warnings: readonly Warning[], frame: ReplyFrame): DecideResponse {
  return {
    ...answerFacts(reply, warnings, frame),
    decisions: reply.decisions,
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
