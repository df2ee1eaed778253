import type { DialectTarget } from "../../../core/contract/dialect.js";
import { toolCallOf } from "../../../core/kinds/chat/tool-call.js";
import type { Warning } from "../../../core/values/answer.js";
import type { EndFacts } from "../../../core/values/chat-response.js";
import { asArray, asObject, isObject, type JsonObject } from "../../../core/values/json.js";
import type {
  AudioPart,
  ContentPart,
  Origin,
  ReasoningPart,
  ToolCallPart,
} from "../../../core/values/message.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { decodeLogprobs } from "../../shared/common/logprobs.js";
import { warnNameless } from "../../shared/common/nameless-call.js";
import { originOf } from "../../shared/common/opaque-state.js";
import { callState, decodeCall, syntheticId } from "../shared/calls.js";
import { SourceList } from "../shared/citations.js";
import { audioTypeOfBytes, decodeImages } from "../shared/media.js";
import { familyOf, type OpenAiChatQuirks } from "../shared/quirks.js";
import { decodeReasoning, fieldState, reasoningFieldOf } from "../shared/state.js";
import { type ContentPiece, decodeContent, decodeDetails, ReasoningDetails } from "./content.js";
import { ExecutedTools } from "./executed-tools.js";
import { splitThink } from "./think-tags.js";

/** The parts of a whole answer, in the order of a stream. */
export function decodeMessage(
  body: JsonObject,
  choice: JsonObject,
  facts: EndFacts,
  target: DialectTarget,
  quirks: OpenAiChatQuirks,
  warnings: Warning[],
): ContentPart[] {
  const message = asObject(choice["message"]) ?? asObject(choice["delta"]) ?? {};
  const family = familyOf(target, quirks);
  const origin = (data: JsonObject): Origin => originOf(target, family, data, facts.model, true);
  const pieces = decodeContent(message["content"] ?? choice["text"]);
  if (quirks.thinkTags === true) splitThink(pieces);

  const parts: ContentPart[] = [];
  const reasoning = decodeReasoningPart(message, origin);
  if (reasoning !== undefined) parts.push(reasoning);
  if (Array.isArray(message["executed_tools"])) {
    const executed = new ExecutedTools();
    parts.push(...executed.add(message["executed_tools"], facts.id), ...executed.rest(facts.id));
  }
  for (const piece of pieces) addPiece(piece, parts);
  const place = parts.findIndex(({ type }) => type === "text");
  const text = parts[place];
  if (text?.type === "text") {
    const state = callState(message);
    const logprobs = decodeLogprobs(choice["logprobs"]);
    if (state !== undefined || logprobs !== undefined)
      parts[place] = {
        ...text,
        ...defined({ logprobs, origin: state === undefined ? undefined : origin(state) }),
      };
  }
  const textIndex = text === undefined ? parts.length : place;
  const refusal = nonEmpty(message["refusal"]);
  if (refusal !== undefined) parts.push({ type: "refusal", text: refusal });
  if (Array.isArray(message["images"])) parts.push(...decodeImages(message["images"]));
  const audio = decodeAudio(message["audio"], origin);
  if (audio !== undefined) parts.push(audio);
  decodeCalls(message, facts, origin, parts, warnings);
  const sources = new SourceList();
  sources.addTop(body);
  sources.addAnnotations(message["annotations"], textIndex);
  for (const source of sources.parts()) parts.push(source);
  return parts;
}

/** The reasoning of fields of its own; undefined if there is none. */
function decodeReasoningPart(
  message: JsonObject,
  origin: (data: JsonObject) => Origin,
): ReasoningPart | undefined {
  const given = message["reasoning_details"];
  const text = nonEmpty(decodeReasoning(message)) ?? decodeDetails(given);
  if (Array.isArray(given)) {
    const details = new ReasoningDetails();
    details.add(given);
    if (!details.empty)
      return { type: "reasoning", text, origin: origin({ reasoning_details: details.value }) };
  }
  if (text === "") return undefined;
  const field = reasoningFieldOf(message);
  return { type: "reasoning", text, ...(field === undefined ? {} : { origin: origin(fieldState(field)) }) };
}

/** Adds a piece of content. Adjacent texts, and adjacent reasoning, are joined as in a stream. */
function addPiece(piece: ContentPiece, parts: ContentPart[]): void {
  const last = parts[parts.length - 1];
  if (piece.type !== "image" && piece.text === "") return;
  if (piece.type === "text" || piece.type === "reasoning") {
    if (last?.type === piece.type) {
      parts[parts.length - 1] = { ...last, text: last.text + piece.text };
      return;
    }
  }
  parts.push(piece);
}

/** Adds the calls of a message. */
function decodeCalls(
  message: JsonObject,
  facts: EndFacts,
  origin: (data: JsonObject) => Origin,
  parts: ContentPart[],
  warnings: Warning[],
): void {
  const given = asArray(message["tool_calls"]);
  // The form before tools, which some endpoints still use.
  const entries = isObject(message["function_call"])
    ? [...given, { function: message["function_call"] }]
    : given;
  let count = 0;
  for (const entry of entries) {
    if (!isObject(entry)) continue;
    const { id: given, name, text, custom } = decodeCall(entry);
    if (name === "") {
      warnNameless(text, (warning) => warnings.push(warning));
      continue;
    }
    const id = given === "" ? syntheticId(facts.id, count) : given;
    count++;
    const call: ToolCallPart = custom
      ? { type: "tool-call", id, name, input: text ?? "" }
      : toolCallOf(id, name, text);
    const state = callState(entry);
    parts.push(state === undefined ? call : { ...call, origin: origin(state) });
  }
}

/** The spoken answer of OpenAI's audio models. Later turns send its id alone. Empty fields are a placeholder. */
function decodeAudio(value: unknown, origin: (data: JsonObject) => Origin): AudioPart | undefined {
  const audio = asObject(value);
  const data = nonEmpty(audio?.["data"]);
  const transcript = nonEmpty(audio?.["transcript"]);
  if (data === undefined && transcript === undefined) return undefined;
  const id = nonEmpty(audio?.["id"]);
  return {
    type: "audio",
    data: data ?? "",
    mediaType: audioTypeOfBytes(data ?? ""),
    ...defined({
      transcript,
      origin: id === undefined ? undefined : origin({ audio: { id } }),
    }),
  };
}
