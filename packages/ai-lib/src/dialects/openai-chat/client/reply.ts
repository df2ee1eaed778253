import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import { toolCallOf } from "../../../core/kinds/chat/tool-call.js";
import type { Warning } from "../../../core/values/answer.js";
import type { EndFacts, Reply } from "../../../core/values/chat-response.js";
import {
  asArray,
  asObject,
  asString,
  isObject,
  type JsonObject,
  tryParse,
} from "../../../core/values/json.js";
import type {
  AudioPart,
  ContentPart,
  Origin,
  ReasoningPart,
  TextPart,
  ToolCallPart,
} from "../../../core/values/message.js";
import { decodeLogprobs } from "../../shared/common/logprobs.js";
import { originOf } from "../../shared/common/opaque-state.js";
import { callState, decodeCall, syntheticId } from "../shared/calls.js";
import { SourceList } from "../shared/citations.js";
import { finishOf } from "../shared/finish.js";
import { audioTypeOfBytes, decodeImages } from "../shared/media.js";
import { familyOf, type OpenAiChatQuirks, quirksOf } from "../shared/quirks.js";
import { decodeUsage } from "../shared/usage.js";
import { decodeContent, decodeDetails, decodeReasoning, ReasoningDetails } from "./content.js";
import { errorIn, errorInBand, failureIn, partialOf } from "./errors.js";
import { ExecutedTools } from "./executed-tools.js";
import { splitThink } from "./think-tags.js";

/**
 * Decodes a whole reply. The parts are in the order of a stream: reasoning, tools that the provider ran, text, refusal,
 * images, sound, calls, sources.
 * @throws {AiLibError} the classified error for an error inside a 200; `INVALID_RESPONSE` for a body that is not a
 *   reply.
 */
export function decodeReply(reply: HttpReply, target: DialectTarget): Reply {
  const value = tryParse(reply.body);
  // Google's compatible endpoint sends its errors in an array.
  const wrapped: unknown = Array.isArray(value) ? value[0] : value;
  const body = isObject(wrapped) ? wrapped : parseBody(reply.body);
  const quirks = quirksOf(target);
  const words = errorIn(body);
  if (words !== undefined) throw errorInBand(words, target, reply.body);
  const choice = firstChoice(body["choices"]);
  if (choice === undefined)
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: "The reply has no choices, so it holds no answer",
      body: reply.body,
    });
  const facts = decodeFacts(body, choice, quirks);
  const warnings: Warning[] = [];
  const content = decodeMessage(body, choice, facts, target, quirks, warnings);
  const failure = failureIn(choice, target, reply.body);
  if (failure !== undefined) throw failure.with({ partial: partialOf(content, facts, target) });
  return { content, facts, ...(warnings.length === 0 ? {} : { warnings }) };
}

/** The choice with index 0, or the first one if none has it. */
export function firstChoice(choices: unknown): JsonObject | undefined {
  let first: JsonObject | undefined;
  for (const choice of asArray(choices)) {
    if (!isObject(choice)) continue;
    if (choice["index"] === 0) return choice;
    first ??= choice;
  }
  return first;
}

function decodeFacts(body: JsonObject, choice: JsonObject, quirks: OpenAiChatQuirks): EndFacts {
  const raw = asString(choice["finish_reason"]);
  const usage =
    decodeUsage(body["usage"], quirks.usageExcludesReasoning ?? false) ??
    decodeUsage(asObject(body["x_groq"])?.["usage"], quirks.usageExcludesReasoning ?? false);
  const id = asString(body["id"]);
  const model = asString(body["model"]);
  const tier = asString(body["service_tier"]);
  return {
    finishReason: raw === undefined ? "other" : finishOf(raw),
    ...(raw === undefined ? {} : { rawFinishReason: raw }),
    ...(usage === undefined ? {} : { usage }),
    ...(id === undefined || id === "" ? {} : { id }),
    ...(model === undefined || model === "" ? {} : { model }),
    ...(tier === undefined || tier === "" ? {} : { serviceTier: tier }),
  };
}

function decodeMessage(
  body: JsonObject,
  choice: JsonObject,
  facts: EndFacts,
  target: DialectTarget,
  quirks: OpenAiChatQuirks,
  warnings: Warning[],
): ContentPart[] {
  const message = asObject(choice["message"]) ?? asObject(choice["delta"]) ?? {};
  const parts: ContentPart[] = [];
  const family = familyOf(target, quirks);
  const origin = (data: JsonObject): Origin => originOf(target, family, data, facts.model, true);

  const pieces = decodeContent(message["content"] ?? choice["text"]);
  if (quirks.thinkTags === true) splitThink(pieces);
  let reasoning = decodeReasoning(message);
  if (reasoning === "") reasoning = decodeDetails(message["reasoning_details"]);
  const details = new ReasoningDetails();
  details.add(message["reasoning_details"]);
  if (reasoning !== "" || !details.empty) {
    const part: ReasoningPart = { type: "reasoning", text: reasoning };
    parts.push(details.empty ? part : { ...part, origin: origin({ reasoning_details: details.value }) });
  }
  const executed = new ExecutedTools();
  parts.push(...executed.add(message["executed_tools"], facts.id), ...executed.rest(facts.id));

  let textIndex = parts.length;
  let text: TextPart | undefined;
  for (const piece of pieces) {
    reasoning = piece.type === "reasoning" ? piece.text : "";
    const last = parts[parts.length - 1];
    if (piece.type === "reasoning") {
      if (reasoning === "") continue;
      if (last?.type === "reasoning") parts[parts.length - 1] = { ...last, text: last.text + reasoning };
      else parts.push(piece);
    } else if (piece.type === "text") {
      if (piece.text === "") continue;
      if (last?.type === "text") parts[parts.length - 1] = { ...last, text: last.text + piece.text };
      else parts.push(piece);
    } else parts.push(piece);
  }
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (part?.type === "text") {
      text ??= part;
      textIndex = i;
    }
  }
  const logprobs = decodeLogprobs(choice["logprobs"]);
  const state = callState(message);
  if (text !== undefined && (logprobs !== undefined || state !== undefined))
    parts[textIndex] = {
      ...text,
      ...(logprobs === undefined ? {} : { logprobs }),
      ...(state === undefined ? {} : { origin: origin(state) }),
    };

  const refusal = asString(message["refusal"]);
  if (refusal !== undefined && refusal !== "") parts.push({ type: "refusal", text: refusal });
  parts.push(...decodeImages(message["images"]));
  const audio = decodeAudio(message["audio"], origin);
  if (audio !== undefined) parts.push(audio);
  parts.push(...decodeCalls(message, facts, origin, warnings));
  const sources = new SourceList();
  sources.addTop(body);
  sources.addAnnotations(message["annotations"], textIndex);
  parts.push(...sources.parts());
  return parts;
}

function decodeCalls(
  message: JsonObject,
  facts: EndFacts,
  origin: (data: JsonObject) => Origin,
  warnings: Warning[],
): ToolCallPart[] {
  const cut = facts.finishReason === "length";
  const calls: ToolCallPart[] = [];
  const entries: unknown[] = [...asArray(message["tool_calls"])];
  // The form before tools, which some endpoints still use.
  if (isObject(message["function_call"])) entries.push({ function: message["function_call"] });
  for (const entry of entries) {
    if (!isObject(entry)) continue;
    const { id, name, text } = decodeCall(entry);
    if (name === "") {
      skipNameless(text, warnings);
      continue;
    }
    const call = toolCallOf(id === "" ? syntheticId(facts.id, calls.length) : id, name, text, cut);
    const state = callState(entry);
    calls.push(state === undefined ? call : { ...call, origin: origin(state) });
  }
  return calls;
}

/** @throws {AiLibError} `INVALID_RESPONSE` for a call that has arguments and no name. */
function skipNameless(text: string | undefined, warnings: Warning[]): void {
  if ((text ?? "").trim() !== "")
    throw new AiLibError({ code: "INVALID_RESPONSE", message: "The model called a tool without naming it" });
  warnings.push({ code: "malformed", message: "A tool call without name and arguments was skipped" });
}

/** The spoken answer of OpenAI's audio models. Later turns send its id alone. */
function decodeAudio(value: unknown, origin: (data: JsonObject) => Origin): AudioPart | undefined {
  const audio = asObject(value);
  const data = asString(audio?.["data"]);
  const transcript = asString(audio?.["transcript"]);
  if (data === undefined && transcript === undefined) return undefined;
  const id = asString(audio?.["id"]);
  return {
    type: "audio",
    data: data ?? "",
    mediaType: audioTypeOfBytes(data ?? ""),
    ...(transcript === undefined || transcript === "" ? {} : { transcript }),
    ...(id === undefined ? {} : { origin: origin({ audio: { id } }) }),
  };
}
