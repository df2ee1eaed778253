import { AiLibError } from "../../errors/error.js";
import type { Mutable, Warning } from "../../values/answer.js";
import { joinBase64 } from "../../values/base64.js";
import type { ChatEvent, PartHead } from "../../values/chat-event.js";
import type { ChatResponse, EndFacts, FinishReason } from "../../values/chat-response.js";
import { JoinedText } from "../../values/joined-text.js";
import { jsonLength, sizeOfJson } from "../../values/json.js";
import { LIMITS } from "../../values/limits.js";
import type {
  AssistantMessage,
  ContentPart,
  Origin,
  TokenLogprob,
  ToolCallPart,
} from "../../values/message.js";
import { isMarkedEstimate, tokensOf, type Usage, validUsage } from "../../values/usage.js";
import type { Accumulator, ReplyFrame } from "../laws.js";
import { malformedCallWarnings, toolCallOf } from "./tool-call.js";

/** The size that each event adds to the size of an answer besides its text. */
const EVENT_SIZE = 48;

/** A part under construction. */
export interface PartDraft {
  readonly head: PartHead;
  readonly joined: JoinedText;
  logprobs: TokenLogprob[] | undefined;
  data: string[] | undefined;
  origin: Origin | undefined;
  ended: boolean;
  /** The input of a text tool is not whole. */
  cut: boolean;
}

/**
 * Builds a response from events, once, at the leaf. A law compares it with content rebuilt from deltas, and with the
 * unary reply.
 */
export class Fold implements Accumulator<"chat"> {
  readonly warnings: Warning[] = [];
  private readonly drafts: (PartDraft | ContentPart | undefined)[] = [];
  /** @see Accumulator.size */
  size = 0;
  private id: string | undefined;
  private model: string | undefined;
  /** The usage that is known before the end. */
  usage: Usage | undefined;

  /**
   * Adds one event.
   * @throws {AiLibError} `INVALID_RESPONSE` for a delta of a part that never began, or an answer without end.
   */
  add(event: ChatEvent): void {
    switch (event.type) {
      case "text-delta":
      case "reasoning-delta":
      case "refusal-delta":
      case "tool-call-delta": {
        const draft = this.draft(event.index);
        draft.joined.add(event.text);
        this.grow(EVENT_SIZE + event.text.length);
        if (event.logprobs !== undefined) {
          draft.logprobs ??= [];
          for (const token of event.logprobs) draft.logprobs.push(token);
          this.grow(sizeOfJson(event.logprobs));
        }
        break;
      }
      case "part-start":
        checkIndex(event.index);
        this.drafts[event.index] = draftOf(event.part);
        this.grow(EVENT_SIZE + sizeOfJson(event.part));
        break;
      case "part-end": {
        const draft = this.draft(event.index);
        draft.ended = true;
        this.grow(EVENT_SIZE);
        if (event.cut === true) draft.cut = true;
        if (event.origin !== undefined) {
          draft.origin = event.origin;
          this.grow(sizeOfJson(event.origin));
        }
        break;
      }
      case "part":
        checkIndex(event.index);
        this.drafts[event.index] = event.part;
        this.grow(EVENT_SIZE + sizeOfJson(event.part));
        break;
      case "media-delta": {
        const draft = this.draft(event.index);
        this.grow(EVENT_SIZE);
        if (event.transcript !== undefined) {
          draft.joined.add(event.transcript);
          this.grow(event.transcript.length);
        }
        if (event.data !== undefined) {
          draft.data ??= [];
          draft.data.push(event.data);
          this.grow(event.data.length);
        }
        break;
      }
      case "start":
        this.grow(EVENT_SIZE);
        this.id = event.id ?? this.id;
        this.model = event.model ?? this.model;
        if (event.usage !== undefined) this.usage = validUsage(event.usage);
        break;
      case "usage":
        this.grow(EVENT_SIZE);
        this.usage = validUsage(event.usage);
        break;
      case "warning":
        this.grow(EVENT_SIZE);
        this.warn(event.warning);
        break;
      case "restart":
        this.drafts.length = 0;
        this.size = 0;
        this.id = event.id;
        this.model = event.model;
        this.usage = undefined;
        break;
      default: {
        const never: never = event;
        throw new TypeError(`Unknown event ${JSON.stringify(never)}`);
      }
    }
  }

  /** The ends of parts that began and did not end. */
  closing(): ChatEvent[] {
    const ends: ChatEvent[] = [];
    this.drafts.forEach((draft, index) => {
      if (draft !== undefined && "head" in draft && !draft.ended) ends.push({ type: "part-end", index });
    });
    return ends;
  }

  /**
   * The response, once the decoder has reported how it ended.
   * @throws {AiLibError} `INVALID_RESPONSE` for an answer that had malformed content and nothing else.
   */
  build(facts: EndFacts, frame: ReplyFrame): Mutable<ChatResponse> {
    const content: ContentPart[] = [];
    for (const draft of this.drafts) {
      if (draft !== undefined) content.push("head" in draft ? partOfDraft(draft) : draft);
    }
    refuseMalformed(content, this.warnings);
    const response = buildResponse(content, facts, this.warnings, frame, this.usage);
    if (facts.id === undefined && this.id !== undefined) response.id = this.id;
    if (facts.model === undefined && this.model !== undefined) response.model = this.model;
    return response;
  }

  /** The content so far, as a response whose message is marked incomplete; undefined before any content. */
  partial(frame: ReplyFrame): ChatResponse | undefined {
    const content: ContentPart[] = [];
    for (const draft of this.drafts) {
      if (draft !== undefined) content.push("head" in draft ? partOfDraft(draft, true) : draft);
    }
    if (content.length === 0) return undefined;
    const facts: EndFacts = { ...this.known(), finishReason: "other" };
    const response = buildResponse(content, facts, this.warnings, frame, this.usage);
    return { ...response, finishReason: "other", message: { ...response.message, incomplete: true } };
  }

  private known(): Partial<EndFacts> {
    return {
      ...(this.id === undefined ? {} : { id: this.id }),
      ...(this.model === undefined ? {} : { model: this.model }),
    };
  }

  private draft(index: number): PartDraft {
    const draft = this.drafts[index];
    if (draft !== undefined && "head" in draft) return draft;
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: `A delta came for part ${index}, which had not begun`,
    });
  }

  private grow(by: number): void {
    this.size += by;
    if (this.size > LIMITS.answerSize) {
      throw new AiLibError({
        code: "INVALID_RESPONSE",
        message: `The answer exceeded ${LIMITS.answerSize} characters and was stopped`,
      });
    }
  }

  private warn(warning: Warning): void {
    const { warnings } = this;
    if (warnings.length < LIMITS.warnings) {
      warnings.push(warning);
      this.grow(sizeOfJson(warning));
    } else if (warnings.length === LIMITS.warnings)
      warnings.push({ code: "other", message: `Warnings beyond the first ${LIMITS.warnings} were left out` });
  }
}

/** A stream of a user may name any index; a very large one would make every pass over the parts endless. */
function checkIndex(index: number): void {
  if (Number.isInteger(index) && index >= 0 && index < LIMITS.parts) return;
  throw new AiLibError({
    code: "INVALID_RESPONSE",
    message: `A part has the index ${String(index)}; it is the part's position in the answer, from 0`,
  });
}

/** A part of which only the head has arrived. */
export function draftOf(head: PartHead, text = ""): PartDraft {
  return {
    head,
    joined: new JoinedText(text),
    logprobs: undefined,
    data: undefined,
    origin: undefined,
    ended: false,
    cut: false,
  };
}

/** A draft as a part. `broken`: the answer did not end, so even complete-looking arguments may be a prefix. */
export function partOfDraft(draft: PartDraft, broken = false): ContentPart {
  const origin = draft.origin === undefined ? {} : { origin: draft.origin };
  const { head } = draft;
  const { text } = draft.joined;
  switch (head.type) {
    case "text":
      return {
        type: "text",
        text,
        ...(draft.logprobs === undefined ? {} : { logprobs: draft.logprobs }),
        ...(head.phase === undefined ? {} : { phase: head.phase }),
        ...origin,
      };
    case "refusal":
      return { type: "refusal", text, ...origin };
    case "reasoning":
      return {
        type: "reasoning",
        text,
        ...(head.redacted === undefined ? {} : { redacted: head.redacted }),
        ...origin,
      };
    case "tool-call": {
      const executedBy = head.executedBy === undefined ? {} : { executedBy: head.executedBy };
      const { id, name } = head;
      const call: ToolCallPart =
        (broken && !draft.ended) || draft.cut
          ? { type: "tool-call", id, name, argumentsText: text }
          : head.inputEncoding === "text"
            ? { type: "tool-call", id, name, input: text }
            : toolCallOf(id, name, text);
      return { ...call, ...executedBy, ...origin };
    }
    case "audio":
      return {
        type: "audio",
        data: joinBase64(draft.data ?? []),
        ...(head.mediaType === undefined ? {} : { mediaType: head.mediaType }),
        ...(text === "" ? {} : { transcript: text }),
        ...origin,
      };
    case "image":
      return { type: "image", mediaType: head.mediaType, data: joinBase64(draft.data ?? []), ...origin };
    default: {
      const never: never = head;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

/** A response with its content replaced. */
export function withContent(response: ChatResponse, content: readonly ContentPart[]): ChatResponse {
  const { text, reasoningText, toolCalls, message } = buildResponse(content, response, response.warnings, {
    ...response,
    estimateInput: () => 0,
  });
  return {
    ...response,
    content,
    text,
    reasoningText,
    toolCalls,
    message: { ...response.message, ...message },
  };
}

/**
 * A response from whole parts, for unary replies and for streams.
 * @param known what was known of the usage before the end, for an answer whose end reports none.
 */
export function buildResponse(
  given: readonly ContentPart[],
  facts: EndFacts,
  warnings: readonly Warning[],
  frame: ReplyFrame,
  known?: Usage,
): Mutable<ChatResponse> {
  const content = withoutCutInput(given, facts.finishReason);
  let text = "";
  let reasoningText = "";
  const toolCalls: ToolCallPart[] = [];
  for (const part of content) {
    if (part.type === "text") text += part.text;
    else if (part.type === "reasoning") reasoningText += part.text;
    else if (part.type === "tool-call" && part.executedBy === undefined) toolCalls.push(part);
  }
  const message: AssistantMessage = { role: "assistant", content };
  // Written out: spreading the facts, whose shape is another with every vendor, took 5 % of a whole call's time.
  const response: Mutable<ChatResponse> = {
    id: facts.id ?? frame.id,
    provider: frame.provider,
    model: facts.model ?? frame.model,
    content,
    text,
    reasoningText,
    toolCalls,
    message,
    finishReason: settleFinish(facts.finishReason, toolCalls.length > 0),
    usage: facts.usage ?? estimatedUsage(content, frame, known),
    usageStatus: facts.usage === undefined || isMarkedEstimate(facts.usage) ? "estimated" : "final",
    warnings: toolCalls.length === 0 ? warnings : withMalformedCalls(warnings, content, facts.finishReason),
    attempts: frame.attempts,
  };
  if (facts.rawFinishReason !== undefined) response.rawFinishReason = facts.rawFinishReason;
  if (facts.serviceTier !== undefined) response.serviceTier = facts.serviceTier;
  if (facts.refusal !== undefined) response.refusal = facts.refusal;
  if (facts.cacheMiss !== undefined) response.cacheMiss = facts.cacheMiss;
  if (facts.extensions !== undefined) response.extensions = facts.extensions;
  if (facts.cost !== undefined) response.cost = facts.cost;
  return response;
}

/** Whether an answer ended in the middle, at the token limit or at a filter. */
function isLimit(reason: FinishReason): boolean {
  return reason === "length" || reason === "content-filter";
}

/** At a limit the input of the last call may have been cut without a sign in the text: it must not run. */
function withoutCutInput(content: readonly ContentPart[], reason: FinishReason): readonly ContentPart[] {
  if (!isLimit(reason)) return content;
  const last = content.at(-1);
  if (last?.type !== "tool-call" || last.input === undefined || last.executedBy !== undefined) return content;
  const { input, ...call } = last;
  return [...content.slice(0, -1), { ...call, argumentsText: input }];
}

/** At a limit, a call without complete arguments is not a mistake of the model. */
function withMalformedCalls(
  warnings: readonly Warning[],
  content: readonly ContentPart[],
  reason: FinishReason,
): readonly Warning[] {
  if (isLimit(reason)) return warnings;
  const malformed = malformedCallWarnings(content);
  return malformed.length === 0 ? warnings : [...warnings, ...malformed];
}

/**
 * Checks that an answer with malformed content has other content.
 * @throws {AiLibError} `INVALID_RESPONSE` if nothing is: another attempt or another provider can do better.
 */
export function refuseMalformed(content: readonly ContentPart[], warnings: readonly Warning[]): void {
  const malformed = content.length === 0 ? warnings.find(({ code }) => code === "malformed") : undefined;
  if (malformed !== undefined)
    throw new AiLibError({
      code: "INVALID_RESPONSE",
      message: `The answer has no usable content: ${malformed.message}`,
    });
}

/** `tool-calls` means calls that the caller must run, whatever reason the provider gave. */
function settleFinish(reason: FinishReason, calls: boolean): FinishReason {
  if (reason === "stop" && calls) return "tool-calls";
  if (reason === "tool-calls" && !calls) return "stop";
  return reason;
}

function estimatedUsage(content: readonly ContentPart[], frame: ReplyFrame, known: Usage | undefined): Usage {
  let characters = 0;
  for (const part of content) {
    if (part.type === "text" || part.type === "reasoning" || part.type === "refusal")
      characters += part.text.length;
    else if (part.type === "tool-call")
      characters += part.input?.length ?? part.argumentsText?.length ?? jsonLength(part.arguments);
  }
  const outputTokens = tokensOf(characters);
  return known === undefined
    ? { inputTokens: frame.estimateInput(), outputTokens }
    : { ...known, outputTokens: Math.max(known.outputTokens, outputTokens) };
}
