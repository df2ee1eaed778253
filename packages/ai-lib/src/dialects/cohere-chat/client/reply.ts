import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import { toolCallOf } from "../../../core/kinds/chat/tool-call.js";
import type { Warning } from "../../../core/values/answer.js";
import type { EndFacts, Reply } from "../../../core/values/chat-response.js";
import { asArray, asObject, asString, isObject, type JsonObject } from "../../../core/values/json.js";
import type { ContentPart, Origin, TokenLogprob } from "../../../core/values/message.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { warnNameless } from "../../shared/common/nameless-call.js";
import { originOf } from "../../shared/common/opaque-state.js";
import { citedBy, decodeCitation } from "../shared/citations.js";
import { FAMILY, PLAN } from "../shared/family.js";
import { finishOf } from "../shared/finish.js";
import { decodeLogprobs } from "../shared/logprobs.js";
import { decodeUsage } from "../shared/usage.js";
import { decodeErrorBody, decodeInBandError, failedEnding } from "./errors.js";

/**
 * Decodes a whole reply.
 * @throws {AiLibError} the classified error for an error inside a 200; `INVALID_RESPONSE` for a body that is not a
 *   reply.
 */
export function decodeReply(reply: HttpReply, target: DialectTarget): Reply {
  const body = parseBody(reply.body);
  const message = asObject(body["message"]);
  if (message === undefined) {
    const error = decodeErrorBody(body);
    if (error !== undefined) throw decodeInBandError(error, reply.body, target);
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: `${target.provider} sent a reply without a message`,
      body: reply.body,
    });
  }
  const word = nonEmpty(body["finish_reason"]);
  const failure = word === undefined ? undefined : failedEnding(word, undefined, target);
  if (failure !== undefined) throw failure;
  const facts = factsOf(word, body["usage"], asString(body["id"]));
  const warnings: Warning[] = [];
  const content = decodeMessage(message, target, decodeLogprobs(body["logprobs"]), warnings);
  return warnings.length === 0 ? { content, facts } : { content, facts, warnings };
}

/** The facts that end a reply. */
export function factsOf(word: string | undefined, usage: unknown, id: string | undefined): EndFacts {
  return defined({
    finishReason: word === undefined ? "other" : finishOf(word),
    rawFinishReason: word,
    usage: decodeUsage(usage),
    id: nonEmpty(id),
  });
}

/** The origin of a plan: it must be sent back as one. */
export function planOrigin(target: DialectTarget): Origin {
  return originOf(target, FAMILY, { ...PLAN });
}

/** The parts of an answer in the order of a stream: the plan and the content, each with its citations, then calls. */
function decodeMessage(
  message: JsonObject,
  target: DialectTarget,
  logprobs: readonly TokenLogprob[] | undefined,
  warnings: Warning[],
): ContentPart[] {
  const parts: ContentPart[] = [];
  const { content } = message;
  const plan = asString(message["tool_plan"]) ?? "";
  const blocks = typeof content === "string" ? [{ type: "text", text: content }] : asArray(content);
  const firstText = blocks.findIndex((block) => isObject(block) && block["type"] === "text");
  const citations = citationsByPlace(asArray(message["citations"]), firstText, plan !== "");
  /** Adds the citations of a part after it. */
  const cite = (index: number, place: unknown) => {
    for (const citation of citations.get(place) ?? []) parts.push(...decodeCitation(citation, index));
    citations.delete(place);
  };
  if (plan !== "") {
    parts.push({ type: "reasoning", text: plan, origin: planOrigin(target) });
    cite(0, PLAN_PLACE);
  }
  blocks.forEach((block, j) => {
    const part = decodeBlock(block);
    if (part === undefined) return;
    const index = parts.length;
    parts.push(
      j === firstText && logprobs !== undefined && part.type === "text" ? { ...part, logprobs } : part,
    );
    cite(index, j);
  });
  // A citation of a block that is missing is still a source.
  for (const place of [...citations.keys()]) cite(0, place);
  for (const entry of asArray(message["tool_calls"])) {
    const called = asObject(asObject(entry)?.["function"]);
    const id = asString(asObject(entry)?.["id"]) ?? "";
    const name = asString(called?.["name"]) ?? "";
    const text = asString(called?.["arguments"]);
    if (name !== "") parts.push(toolCallOf(id, name, text));
    else {
      warnNameless(text, (warning) => warnings.push(warning));
    }
  }
  return parts;
}

const PLAN_PLACE = "plan";

/** Citations by what they support: the plan, or a block by its position. */
function citationsByPlace(
  citations: readonly unknown[],
  firstText: number,
  hasPlan: boolean,
): Map<unknown, unknown[]> {
  const places = new Map<unknown, unknown[]>();
  for (const citation of citations) {
    const { kind, block } = citedBy(citation);
    const place = hasPlan && kind === "PLAN" ? PLAN_PLACE : (block ?? firstText);
    const known = places.get(place);
    if (known === undefined) places.set(place, [citation]);
    else known.push(citation);
  }
  return places;
}

function decodeBlock(block: unknown): ContentPart | undefined {
  if (!isObject(block)) return undefined;
  const text = asString(block["text"]) ?? "";
  if (block["type"] === "text") return text === "" ? undefined : { type: "text", text };
  const thinking = asString(block["thinking"]) ?? "";
  return block["type"] === "thinking" && thinking !== "" ? { type: "reasoning", text: thinking } : undefined;
}
