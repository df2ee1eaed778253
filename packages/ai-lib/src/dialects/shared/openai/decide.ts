import type { DialectTarget, Encoded, KindCodec, ServerKindCodec } from "../../../core/contract/dialect.js";
import type { HttpReply, HttpRequest } from "../../../core/contract/transport.js";
import { AiLibError, invalidRequest } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import { decideLaws } from "../../../core/kinds/decide.js";
import type {
  DecideReply,
  DecideRequest,
  DecideResponse,
  Decision,
  DecisionOption,
  DecisionQuestion,
} from "../../../core/values/decision.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type Json,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import type { ImagePart, TextPart } from "../../../core/values/message.js";
import { tokenCount, type Usage } from "../../../core/values/usage.js";
import { defined, nonEmpty } from "../common/body-fields.js";
import { parseDataUri } from "../common/data-uri.js";
import { extensionsOf, unknownFields } from "../common/extensions.js";
import { jsonPost, jsonReply } from "../common/json-post.js";
import { bodyOf } from "../common/kind-requests.js";
import { urlOfPicture } from "../common/pictures.js";
import { markedUsage } from "../common/usage-mark.js";

const DIALECT = "openai-chat";

/**
 * Decisions as OpenAI (https://platform.openai.com/docs/api-reference/decisions) and Fireworks
 * (https://docs.fireworks.ai/api-reference/post-decisions) serve them.
 */
export const decideCodec: KindCodec<"decide"> = { encode, decode };

/** The server half of {@link decideCodec}. */
export const decideServer: ServerKindCodec<"decide"> = {
  laws: decideLaws,
  matches: ({ method, path }) => method === "POST" && path.endsWith("/decisions"),
  decode: decodeRequest,
  encode: encodeReply,
};

function encode(request: DecideRequest, target: DialectTarget): Encoded {
  const { input, questions, user } = request;
  const body: MutableJson = {
    model: target.model,
    input: typeof input === "string" ? input : [{ role: "user", content: input.map(encodePart) }],
    questions: questions.map(encodeQuestion),
    ...defined({ safety_identifier: user }),
  };
  return {
    http: jsonPost("/decisions", body, request, target, DIALECT),
    warnings: [],
  };
}

function encodePart(part: TextPart | ImagePart): Json {
  return part.type === "text"
    ? { type: "input_text", text: part.text }
    : { type: "input_image", image_url: urlOfPicture(part) };
}

function encodeQuestion(question: DecisionQuestion): Json {
  const { type, name, instructions } = question;
  switch (type) {
    case "boolean":
      return { type: "predicate", name, instructions };
    case "choice":
      return { type, name, instructions, choices: question.options.map((each) => ({ ...optionOf(each) })) };
    case "score":
      return {
        type,
        name,
        instructions,
        levels: question.levels.map((each) => {
          const { value, ...rest } = optionOf(each);
          return { label: value, ...rest };
        }),
      };
    default:
      return type satisfies never;
  }
}

function optionOf(option: string | DecisionOption): { value: string; description?: string } {
  if (typeof option === "string") return { value: option };
  return { value: option.value, ...defined({ description: option.description }) };
}

/** @throws {AiLibError} `INVALID_RESPONSE` for a reply without an answer to each question. */
function decode(reply: HttpReply, _target: DialectTarget, { questions }: DecideRequest): DecideReply {
  const body = parseBody(reply.body);
  const answers = asArray(body["answers"]).filter(isObject);
  const names = new Set<unknown>(questions.map(({ name }) => name));
  const decisions = questions.flatMap(({ name }, i) => {
    // Without an answer of its name, a question has the answer at its position, unless that names another question.
    const placed = names.has(answers[i]?.["name"]) ? undefined : answers[i];
    const answer = answers.find((each) => each["name"] === name) ?? placed;
    const decision = answer === undefined ? undefined : decisionOf(answer, name);
    return decision === undefined ? [] : [decision];
  });
  if (decisions.length < questions.length)
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: `The provider answered ${decisions.length} of ${questions.length} questions`,
      body: reply.body,
    });
  return {
    decisions,
    ...defined({ model: nonEmpty(body["model"]), usage: usageOf(asObject(body["usage"])) }),
  };
}

function decisionOf(answer: JsonObject, name: string): Decision | undefined {
  const confidence = defined({ confidence: asNumber(answer["confidence"]) });
  const probability = asNumber(answer["probability"]);
  const score = asNumber(answer["score"]);
  const choice = answer["choice"];
  switch (answer["type"]) {
    case "predicate":
      return probability === undefined ? undefined : { type: "boolean", name, probability };
    case "choice":
      if (typeof choice !== "string" && typeof choice !== "boolean") return undefined;
      return {
        type: "choice",
        name,
        choice: String(choice),
        ...confidence,
        probabilities: tableOf(answer["probabilities"], "value"),
      };
    case "score":
      if (score === undefined) return undefined;
      return {
        type: "score",
        name,
        score,
        ...confidence,
        probabilities: tableOf(answer["probabilities"], "label"),
      };
    case "refusal":
      return { type: "refusal", name };
    default:
      return undefined;
  }
}

/** Probabilities by name. The names come from the wire: none of them reaches a prototype. */
function tableOf(list: unknown, key: "value" | "label"): Record<string, number> {
  return Object.fromEntries(
    asArray(list)
      .filter(isObject)
      .flatMap((row) => {
        const probability = asNumber(row["probability"]);
        return probability === undefined ? [] : [[String(row[key]), probability] as const];
      }),
  );
}

function usageOf(usage: JsonObject | undefined): Usage | undefined {
  const inputTokens = tokenCount(usage?.["input_tokens"]);
  if (usage === undefined || inputTokens === undefined) return undefined;
  return {
    inputTokens,
    outputTokens: tokenCount(usage["output_tokens"]) ?? 0,
    ...defined({
      cachedInputTokens: tokenCount(asObject(usage["input_tokens_details"])?.["cached_tokens"]),
    }),
    raw: usage,
  };
}

const KNOWN: ReadonlySet<string> = new Set(["model", "input", "questions", "safety_identifier"]);

/** @throws {AiLibError} `INVALID_REQUEST` for a body without an input or questions. */
function decodeRequest(http: HttpRequest): DecideRequest {
  const body = bodyOf(http.body);
  return {
    ...defined({ model: asString(body["model"]) }),
    input: inputOf(body["input"]),
    questions: asArray(body["questions"]).filter(isObject).map(questionOf),
    ...defined({ user: asString(body["safety_identifier"]) }),
    ...extensionsOf(DIALECT, unknownFields(body, KNOWN)),
  };
}

function inputOf(input: unknown): DecideRequest["input"] {
  if (typeof input === "string") return input;
  const parts = asArray(input)
    .filter(isObject)
    .flatMap(({ content }) =>
      typeof content === "string" ? [{ type: "text", text: content }] : asArray(content),
    )
    .filter(isObject)
    .map(partOf);
  if (parts.length === 0)
    throw invalidRequest("`input` must be a text, or messages with text and image parts");
  return parts;
}

function partOf(part: JsonObject): TextPart | ImagePart {
  const url = asString(part["image_url"]);
  if (url === undefined) return { type: "text", text: asString(part["text"]) ?? "" };
  const inline = parseDataUri(url);
  return inline === undefined ? { type: "image", url } : { type: "image", ...inline };
}

function questionOf(question: JsonObject, at: number): DecisionQuestion {
  const name = nonEmpty(question["name"]) ?? `question ${at + 1}`;
  const instructions = asString(question["instructions"]) ?? textOfParts(question["instructions"]);
  switch (question["type"]) {
    case "predicate":
      return { type: "boolean", name, instructions };
    case "choice":
      return { type: "choice", name, instructions, options: optionsOf(question["choices"], "value") };
    case "score":
      return { type: "score", name, instructions, levels: optionsOf(question["levels"], "label") };
    default:
      throw invalidRequest(`\`questions.${at}.type\` must be predicate, choice or score`);
  }
}

function textOfParts(parts: unknown): string {
  return asArray(parts)
    .map((part) => asString(asObject(part)?.["text"]) ?? "")
    .join("\n");
}

function optionsOf(list: unknown, key: "value" | "label"): DecisionOption[] {
  return asArray(list)
    .filter(isObject)
    .map((row) => ({ value: String(row[key]), ...defined({ description: asString(row["description"]) }) }));
}

function encodeReply(response: DecideResponse): HttpReply {
  const { model, decisions, usage } = response;
  const tokens = {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens ?? 0, cache_write_tokens: 0 },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
  return jsonReply({ model, answers: decisions.map(encodeDecision), usage: markedUsage(tokens, response) });
}

function encodeDecision(decision: Decision): Json {
  const { type, name } = decision;
  switch (type) {
    case "boolean":
      return { type: "predicate", name, probability: decision.probability };
    case "choice":
      return {
        type,
        name,
        choice: decision.choice,
        confidence: decision.confidence ?? decision.probabilities[decision.choice] ?? 0,
        probabilities: Object.entries(decision.probabilities).map(([value, probability]) => ({
          value,
          probability,
        })),
      };
    case "score":
      return {
        type,
        name,
        score: decision.score,
        confidence: decision.confidence ?? Math.max(0, ...Object.values(decision.probabilities)),
        probabilities: Object.entries(decision.probabilities).map(([label, probability], value) => ({
          label,
          value,
          probability,
        })),
      };
    case "refusal":
      return { type, name };
    default:
      return type satisfies never;
  }
}
