import type { ServerFacts } from "../../../core/contract/dialect.js";
import type { EventSink } from "../../../core/contract/sink.js";
import type { Frame, HttpReply } from "../../../core/contract/transport.js";
import { AiLibError } from "../../../core/errors/error.js";
import type { ErrorCode } from "../../../core/errors/reactions.js";
import { joinBase64 } from "../../../core/kinds/chat/fold.js";
import type { ChatEvent, PartHead } from "../../../core/values/chat-event.js";
import type { ChatResponse } from "../../../core/values/chat-response.js";
import { asObject, type JsonObject, type MutableJson, tryParse } from "../../../core/values/json.js";
import type { ContentPart, ToolCallPart } from "../../../core/values/message.js";
import { retryAfter } from "../../shared/common/error-facts.js";
import { writeTokens } from "../../shared/common/logprobs.js";
import { CROSSING } from "../client/errors.js";
import { encodeFinish } from "../shared/finish.js";
import { encodeUsage } from "../shared/usage.js";

/** A whole answer as one line that says `done`. */
export function encodeReply(response: ChatResponse, facts: ServerFacts): HttpReply {
  const message: MutableJson = { role: "assistant", content: "" };
  const calls: JsonObject[] = [];
  const images: string[] = [];
  const logprobs: JsonObject[] = [];
  for (const part of response.content) {
    if (part.type === "text" || part.type === "refusal") message["content"] += part.text;
    if (part.type === "text" && part.logprobs !== undefined) logprobs.push(...writeTokens(part.logprobs));
    else if (part.type === "reasoning" && part.text !== "")
      message["thinking"] =
        `${typeof message["thinking"] === "string" ? message["thinking"] : ""}${part.text}`;
    else if (part.type === "tool-call" && part.executedBy === undefined)
      calls.push(encodeCall(part, calls.length));
    else if (part.type === "image" && part.data !== undefined) images.push(part.data);
  }
  if (images.length > 0) message["images"] = images;
  if (calls.length > 0) message["tool_calls"] = calls;
  const line = lastLine(response, facts, message);
  return {
    status: 200,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify(logprobs.length === 0 ? line : { ...line, logprobs }),
  };
}

function encodeCall(part: ToolCallPart, index: number): JsonObject {
  return { id: part.id, function: { index, name: part.name, arguments: part.arguments ?? {} } };
}

function lastLine(response: ChatResponse, facts: ServerFacts, message: JsonObject): JsonObject {
  return {
    model: response.model === "" ? facts.model : response.model,
    created_at: new Date(facts.created).toISOString(),
    message,
    done: true,
    done_reason: encodeFinish(response.finishReason),
    ...(response.usageStatus === "final" ? encodeUsage(response.usage) : {}),
  };
}

/** Statuses of errors. https://docs.ollama.com/api/errors */
const STATUSES: Readonly<Record<ErrorCode, number>> = {
  INVALID_REQUEST: 400,
  CONTEXT_TOO_LONG: 400,
  CONTENT_FILTERED: 400,
  UNSUPPORTED_FEATURE: 400,
  FILE_ERROR: 400,
  AUTH_FAILED: 401,
  QUOTA_EXHAUSTED: 429,
  PERMISSION_DENIED: 403,
  MODEL_NOT_FOUND: 404,
  RATE_LIMIT: 429,
  CANCELLED: 499,
  PROVIDER_ERROR: 500,
  CONFIG_ERROR: 500,
  NETWORK_ERROR: 502,
  INVALID_RESPONSE: 502,
  STREAM_TRUNCATED: 502,
  OVERLOADED: 503,
  CIRCUIT_OPEN: 503,
  TIMEOUT: 504,
};

function errorLine(error: AiLibError): JsonObject {
  return { error: error.message, code: CROSSING.has(error.code) ? error.code : undefined };
}

/** An error as a reply. */
export function encodeError(error: AiLibError): HttpReply {
  return {
    status: STATUSES[error.code],
    headers: { "content-type": "application/json; charset=utf-8", ...retryAfter(error) },
    body: JSON.stringify(errorLine(error)),
  };
}

/** Writes an answer as lines. Calls go out whole, since the dialect has no pieces of them. */
export class OllamaEncoder implements EventSink {
  private model: string | undefined;
  private calls = 0;
  private readonly drafts = new Map<
    number,
    { readonly head: PartHead; text: string; readonly data: string[] }
  >();
  private over = false;

  constructor(
    private readonly write: (frame: Frame) => void,
    private readonly facts: ServerFacts,
  ) {
    this.model = facts.model;
  }

  event(event: ChatEvent): void {
    if (this.over) return;
    switch (event.type) {
      case "start":
        this.model = event.model ?? this.model;
        break;
      case "restart":
        // What was written cannot be taken back, and an answer said twice is none.
        this.fail(
          new AiLibError({
            code: "PROVIDER_ERROR",
            message: "The answer began anew, which a stream cannot say",
          }),
        );
        break;
      case "part-start":
        this.drafts.set(event.index, { head: event.part, text: "", data: [] });
        break;
      case "text-delta":
      case "refusal-delta":
        if (event.logprobs !== undefined) this.line({ content: event.text }, writeTokens(event.logprobs));
        else if (event.text !== "") this.line({ content: event.text });
        break;
      case "reasoning-delta":
        if (event.text !== "") this.line({ content: "", thinking: event.text });
        break;
      case "tool-call-delta": {
        const draft = this.drafts.get(event.index);
        if (draft !== undefined) draft.text += event.text;
        break;
      }
      case "media-delta": {
        const draft = this.drafts.get(event.index);
        if (event.data !== undefined) draft?.data.push(event.data);
        break;
      }
      case "part-end":
        this.endPart(event.index);
        break;
      case "part":
        this.whole(event.part);
        break;
      case "warning":
        break;
      default: {
        const never: never = event;
        throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
      }
    }
  }

  finish(response: ChatResponse): void {
    if (this.over) return;
    this.over = true;
    this.send(lastLine(response, { ...this.facts, ...this.named() }, { role: "assistant", content: "" }));
  }

  fail(error: AiLibError): void {
    if (this.over) return;
    this.over = true;
    this.send(errorLine(error));
  }

  private named(): Pick<ServerFacts, "model"> {
    return this.model === undefined ? {} : { model: this.model };
  }

  private endPart(index: number): void {
    const draft = this.drafts.get(index);
    this.drafts.delete(index);
    if (draft === undefined) return;
    const { head, text, data } = draft;
    if (head.type === "tool-call")
      this.whole({
        type: "tool-call",
        id: head.id,
        name: head.name,
        arguments: asObject(tryParse(text)) ?? {},
        ...(head.executedBy === undefined ? {} : { executedBy: head.executedBy }),
      });
    else if (head.type === "image")
      this.whole({ type: "image", mediaType: head.mediaType, data: joinBase64(data) });
  }

  private whole(part: ContentPart): void {
    if (part.type === "tool-call" && part.executedBy === undefined)
      this.line({ content: "", tool_calls: [encodeCall(part, this.calls++)] });
    else if (part.type === "image" && part.data !== undefined)
      this.line({ content: "", images: [part.data] });
    else if (part.type === "text")
      this.line({ content: part.text }, part.logprobs && writeTokens(part.logprobs));
    else if (part.type === "refusal") this.line({ content: part.text });
    else if (part.type === "reasoning" && part.text !== "") this.line({ content: "", thinking: part.text });
  }

  private line(message: JsonObject, logprobs?: JsonObject[]): void {
    this.send({
      model: this.model,
      created_at: new Date(this.facts.created).toISOString(),
      message: { role: "assistant", ...message },
      done: false,
      logprobs,
    });
  }

  private send(line: JsonObject): void {
    this.write({ data: JSON.stringify(line) });
  }
}
