import type { ServerFacts } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import { isObject, type JsonObject, type MutableJson, mergeDeep } from "../../../core/values/json.js";
import type { ContentPart } from "../../../core/values/message.js";
import { type AnswerNames, answerNames } from "../../shared/common/answer-names.js";
import { finishOfRefusal } from "../../shared/common/served-finish.js";
import { markedUsage } from "../../shared/common/usage-mark.js";
import { groundingOf } from "../shared/citations.js";
import { encodeFinish } from "../shared/finish.js";
import { encodeLogprobs } from "../shared/logprobs.js";
import { ALL_IDS, encodeModelPart } from "../shared/parts.js";
import { encodeUsage } from "../shared/usage.js";

/** Facts that go beside the candidate of a reply; others go into it. */
const REPLY_FACTS: ReadonlySet<string> = new Set(["promptFeedback"]);

/** A whole answer as one `GenerateContentResponse`. */
export function encodeReply(response: ChatResponse, facts: ServerFacts): HttpReply {
  const parts = response.content.map(encodePart).filter((part) => part !== undefined);
  const logprobs = response.content.flatMap((part) => (part.type === "text" ? (part.logprobs ?? []) : []));
  const candidate: MutableJson = { content: { parts, role: "model" } };
  if (logprobs.length > 0) candidate["logprobsResult"] = encodeLogprobs(logprobs);
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=UTF-8" },
    body: JSON.stringify(endingOf(response, candidate, answerNames(response, facts))),
  };
}

/** The end of an answer: finish reason, grounding, usage, and facts that a Gemini model gave. */
export function endingOf(response: ChatResponse, candidate: JsonObject, names: AnswerNames): JsonObject {
  const own = response.extensions?.["gemini"] ?? {};
  const inside: MutableJson = {};
  const beside: MutableJson = {};
  for (const key of Object.keys(own)) (REPLY_FACTS.has(key) ? beside : inside)[key] = own[key];
  const grounding = groundingOf(response.content);
  const whole = mergeDeep(
    {
      ...candidate,
      finishReason: encodeFinish(finishOfRefusal(response), response.rawFinishReason),
      index: 0,
      ...(grounding === undefined ? {} : { groundingMetadata: grounding }),
    },
    inside,
  );
  const blocked = isObject(beside["promptFeedback"]) && response.content.length === 0;
  return {
    ...(blocked ? {} : { candidates: [whole] }),
    ...beside,
    ...(response.usageStatus === "final" || response.usageStatus === "estimated"
      ? { usageMetadata: markedUsage(encodeUsage(response.usage, response.serviceTier), response) }
      : {}),
    modelVersion: names.model,
    responseId: names.id,
  };
}

/** A part with the vendor fields of its extensions. */
export function encodePart(part: ContentPart): JsonObject | undefined {
  const wire = encodeModelPart(part, ALL_IDS);
  const own = part.extensions?.["gemini"];
  return wire === undefined || own === undefined ? wire : mergeDeep(wire, own);
}
