import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import { parseBody } from "../../../core/errors/parse-body.js";
import { toolCallOf } from "../../../core/kinds/chat/tool-call.js";
import type { Warning } from "../../../core/values/answer.js";
import type { EndFacts, Reply } from "../../../core/values/chat-response.js";
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  type JsonObject,
} from "../../../core/values/json.js";
import type { ContentPart, ToolCallPart } from "../../../core/values/message.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import { decodeLogprobs } from "../../shared/common/logprobs.js";
import { warnNameless } from "../../shared/common/nameless-call.js";
import { BROKEN, finishOf } from "../shared/finish.js";
import { decodeChunk } from "../shared/parts.js";
import { decodeUsage } from "../shared/usage.js";
import { decodeCallPiece, syntheticId } from "./calls.js";
import { decodeErrorBody, decodeInBandError } from "./errors.js";

/**
 * Decodes a whole reply.
 * @throws {AiLibError} the classified error for an error inside a 200; `INVALID_RESPONSE` for a body that is not a
 *   reply.
 */
export function decodeReply(reply: HttpReply, target: DialectTarget): Reply {
  const body = parseBody(reply.body);
  const choices = body["choices"];
  const error = Array.isArray(choices) ? undefined : decodeErrorBody(body);
  if (error !== undefined) throw decodeInBandError(error, reply.body, target);
  const choice = firstChoice(choices);
  if (choice === undefined)
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: `${target.provider} sent a reply without choices`,
      body: reply.body,
    });
  const word = nonEmpty(choice["finish_reason"]);
  if (word === BROKEN) throw brokenAnswer(target, reply.body);
  const answer = new Answer(target, asString(body["id"]));
  const { messages } = choice;
  if (Array.isArray(messages)) for (const message of messages) answer.add(asObject(message) ?? {});
  else answer.add(asObject(choice["message"]) ?? {});
  answer.addLogprobs(choice["logprobs"]);
  const facts = factsOf(word, body["usage"], body);
  const { parts: content, warnings } = answer;
  return warnings.length === 0 ? { content, facts } : { content, facts, warnings };
}

/** The choice with index 0: no request asks for others. */
function firstChoice(choices: unknown): JsonObject | undefined {
  const objects = asArray(choices).filter(isObject);
  return objects.find((choice) => (asNumber(choice["index"]) ?? 0) === 0);
}

/** The error for `finish_reason: "error"`: the provider stopped the answer. */
export function brokenAnswer(target: DialectTarget, body?: string): AiLibError {
  return new AiLibError({
    code: "PROVIDER_ERROR",
    message: `${target.provider} stopped the answer with an error`,
    target: { provider: target.provider, model: target.model },
    body,
  });
}

/** The facts that end a reply. */
export function factsOf(word: string | undefined, usage: unknown, from: JsonObject): EndFacts {
  return defined({
    finishReason: word === undefined ? "other" : finishOf(word),
    rawFinishReason: word,
    usage: decodeUsage(usage),
    id: nonEmpty(from["id"]),
    model: nonEmpty(from["model"]),
    serviceTier: nonEmpty(asObject(usage)?.["service_tier"]) ?? nonEmpty(from["service_tier"]),
  });
}

/** Collects the parts of an answer. Adjacent texts, and adjacent thinking, are joined as in a stream. */
class Answer {
  readonly parts: ContentPart[] = [];
  readonly warnings: Warning[] = [];
  private calls = 0;

  constructor(
    private readonly target: DialectTarget,
    private readonly id: string | undefined,
  ) {}

  add(message: JsonObject): void {
    const ran = asString(message["tool_call_id"]);
    if (ran !== undefined) {
      this.addResult(ran, message);
      return;
    }
    const { content } = message;
    if (typeof content === "string") this.push({ type: "text", text: content });
    for (const chunk of asArray(content)) {
      if (isObject(chunk)) for (const part of decodeChunk(chunk, this.target)) this.push(part);
    }
    for (const entry of asArray(message["tool_calls"])) {
      if (!isObject(entry)) continue;
      const { id, name, text } = decodeCallPiece(entry);
      if (name === "") {
        warnNameless(text, (warning) => this.warnings.push(warning));
        continue;
      }
      const position = this.calls++;
      this.parts.push(toolCallOf(id === "" ? syntheticId(this.id, position) : id, name, text));
    }
  }

  /** A message of role `tool` inside an answer: the provider ran the call itself. */
  private addResult(id: string, message: JsonObject): void {
    const place = this.parts.findIndex((part) => part.type === "tool-call" && part.id === id);
    const call = this.parts[place];
    if (call?.type !== "tool-call") return;
    this.parts[place] = { ...(call satisfies ToolCallPart), executedBy: "provider" };
    this.parts.push({
      type: "tool-result",
      id,
      name: call.name,
      content: textOfContent(message["content"]),
      executedBy: "provider",
    });
  }

  /** Adds the log probabilities, which are those of the first text. */
  addLogprobs(value: unknown): void {
    const logprobs = decodeLogprobs(value);
    const place = this.parts.findIndex((part) => part.type === "text");
    const text = this.parts[place];
    if (logprobs !== undefined && text?.type === "text") this.parts[place] = { ...text, logprobs };
  }

  private push(part: ContentPart): void {
    if ((part.type === "text" || part.type === "reasoning") && part.text === "" && part.origin === undefined)
      return;
    const last = this.parts.at(-1);
    if (part.type === "text" && last?.type === "text")
      this.parts[this.parts.length - 1] = { ...last, text: last.text + part.text };
    else if (part.type === "reasoning" && last?.type === "reasoning")
      this.parts[this.parts.length - 1] = { ...last, ...part, text: last.text + part.text };
    else this.parts.push(part);
  }
}

/** The text of a message's content, which is a string or chunks. */
export function textOfContent(content: unknown): string {
  if (typeof content === "string") return content;
  let text = "";
  for (const chunk of asArray(content)) text += asString(asObject(chunk)?.["text"]) ?? "";
  return text;
}
