import { AiLibError } from "../../errors/error.js";
import type { Mutable, Warning } from "../../values/answer.js";
import { joinBase64 } from "../../values/base64.js";
import type { ChatEvent, PartHead } from "../../values/chat-event.js";
import type { ChatResponse, EndFacts } from "../../values/chat-response.js";
import { JoinedText } from "../../values/joined-text.js";
import { sizeOfJson } from "../../values/json.js";
import { LIMITS } from "../../values/limits.js";
import type { ContentPart, Origin, TokenLogprob, ToolCallPart } from "../../values/message.js";
import { type Usage, validUsage } from "../../values/usage.js";
import { addWarning } from "../../values/warning-list.js";
import type { Accumulator, ReplyFrame } from "../laws.js";
import { buildResponse, refuseMalformed } from "./response.js";
import { toolCallOf } from "./tool-call.js";

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
        if (addWarning(this.warnings, event.warning)) this.grow(sizeOfJson(event.warning));
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
