import type { ChatProvider, ChatRequest, JsonObject, Kind, RequestOf } from "ai-lib";
import type { TokenEstimate } from "ai-lib/kit";
import { hasStoredContext } from "./stored-context.js";
import { thinkingOf } from "./thinking.js";
import { vendorLengths } from "./vendor-lengths.js";

/** The most that one attempt of a call can use, as far as it can be known before. */
export interface CallBound {
  /** Tokens of the prompt. */
  readonly input: number;
  /** Tokens that the request allows for its answer; undefined for one without a limit. See {@link mostOutput}. */
  readonly output: number | undefined;
  /** What other fields say about the length of the answer. Default: nothing. */
  readonly more?: MoreOutput | undefined;
  /** Whether there is anything but text in the prompt. */
  readonly media: boolean;
  /** What may be billed besides tokens. */
  readonly units: NonNullable<TokenEstimate["units"]>;
}

/** What may be generated besides the limit of the answer. */
export interface MoreOutput {
  /** A length that a field of a vendor names. */
  readonly output: number;
  /** Tokens that are generated in addition, such as those of thinking. */
  readonly added: number;
  /** Answers to the request. */
  readonly answers: number;
}

/** What a bound is computed from. */
export interface BoundFacts {
  readonly kind: Kind;
  readonly request: RequestOf<Kind>;
  /** The body that the client sent, parsed. Default: what the request has of it, its extensions. */
  readonly fields?: JsonObject | undefined;
  /** What answers. Default: a provider that adds nothing. */
  readonly choice?: { readonly provider: ChatProvider; readonly model: string | undefined } | undefined;
  /** Bytes of the body that the client sent. */
  readonly bodyBytes: number;
  /** Tokens and other units by rule of thumb. */
  readonly estimate: TokenEstimate;
}

/**
 * Tokens of a picture at most, over all vendors: one of many tiles of gpt-4o-mini, which counts 2,833 tokens and 5,667
 * for each of at most 8 tiles (https://developers.openai.com/api/docs/guides/images-vision). Others take 6,500 or fewer.
 */
const PICTURE_TOKENS = 50_000;

/** Tokens of a document, a sound, a video or a stored conversation at most: they fill any context window that is known. */
const FILE_TOKENS = 1_048_576;

/** What vendors add to the prompt of a chat with tools, at most (https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview). */
const TOOL_PROMPT_TOKENS = 1_024;

/** Characters that rules of thumb take for a token. */
const CHARACTERS_PER_TOKEN = 4;

/** How far a rule of thumb for sound and pictures may be off: sound of 16 kbit/s, pictures of the highest quality. */
const OTHER_FACTOR = 8;

/**
 * The most that one attempt uses: every byte of text is a token at most, and media have bounds of their own. What tools
 * that a vendor runs add to a prompt is not known before; it is counted with the usage.
 */
export function callBound(facts: BoundFacts): CallBound {
  const { kind, bodyBytes, estimate } = facts;
  const { inputTokens, outputTokens, units = {} } = estimate;
  switch (kind) {
    case "chat":
      return chatBound(facts, facts.request as ChatRequest);
    case "countTokens":
      return { input: 0, output: 0, media: false, units };
    case "embed":
    case "rerank":
    case "moderate":
      // The query of a ranking is read with each document.
      return {
        input: Math.max(bodyBytes, inputTokens * CHARACTERS_PER_TOKEN),
        output: 0,
        media: true,
        units,
      };
    default: {
      const { answers } = vendorLengths(extensionsOf(facts.request));
      const { seconds, images } = units;
      return {
        input: inputTokens * OTHER_FACTOR,
        output: outputTokens * OTHER_FACTOR * answers,
        media: true,
        units: {
          ...units,
          ...(seconds !== undefined && { seconds: seconds * OTHER_FACTOR }),
          ...(images !== undefined && { images: images * answers }),
        },
      };
    }
  }
}

/** The most tokens that are generated where the answer is limited to some. */
export function mostOutput(limit: number, more: MoreOutput | undefined): number {
  if (more === undefined) return limit;
  const { output, added, answers } = more;
  // A dialect may count thinking within its limit, which is then the sum of both.
  return ((output > limit + added ? output : limit) + added) * answers;
}

function extensionsOf(request: object): object | undefined {
  return (request as { readonly extensions?: object }).extensions;
}

function chatBound(facts: BoundFacts, request: ChatRequest): CallBound {
  const { bodyBytes, estimate, fields = extensionsOf(request), choice } = facts;
  const media = { pictures: 0, files: hasStoredContext(request) ? 1 : 0, characters: 0 };
  for (const { content } of request.messages) if (typeof content !== "string") addMedia(content, media);
  const { pictures, files, characters } = media;
  // A conversation that the gateway remembers is longer than the body: its text is counted from the request.
  const remembered =
    estimate.inputTokens * CHARACTERS_PER_TOKEN > bodyBytes + PICTURE_TOKENS * (pictures + files);
  const bytes = remembered ? Math.max(bodyBytes, Buffer.byteLength(JSON.stringify(request))) : bodyBytes;
  const tools = (request.tools ?? []).length === 0 ? 0 : TOOL_PROMPT_TOKENS;
  return {
    input: Math.max(0, bytes - characters) + tools + pictures * PICTURE_TOKENS + files * FILE_TOKENS,
    ...outputOf(request, fields, choice),
    media: pictures + files > 0,
    units: {},
  };
}

function outputOf(
  request: ChatRequest,
  fields: object | undefined,
  choice: BoundFacts["choice"],
): Pick<CallBound, "output" | "more"> {
  const { maxTokens, reasoning, prediction } = request;
  const { output, thinking, answers, endless } = vendorLengths(fields);
  const known = reasoning === undefined ? 0 : thinkingOf(request, choice);
  // Predicted text is billed as output even where the answer does not have it:
  // https://platform.openai.com/docs/guides/predicted-outputs
  const predicted = prediction === undefined ? 0 : Buffer.byteLength(prediction);
  const added = Math.max(thinking, known) + predicted;
  // Some servers read a limit of zero as none. One token is the least that all of them keep to.
  const least = maxTokens === 0 ? 1 : maxTokens;
  return {
    output: endless && maxTokens !== 0 ? undefined : least,
    ...((added > 0 || answers > 1 || output > (least ?? 0)) && { more: { output, added, answers } }),
  };
}

interface Media {
  pictures: number;
  files: number;
  /** Of their base64. */
  characters: number;
}

interface Part {
  readonly type: string;
  readonly data?: unknown;
  readonly content?: unknown;
}

function addMedia(content: readonly Part[], media: Media): void {
  for (const { type, data, content: inner } of content) {
    if (type === "image") media.pictures++;
    else if (type === "audio" || type === "file") media.files++;
    else {
      if (Array.isArray(inner)) addMedia(inner as readonly Part[], media);
      continue;
    }
    if (typeof data === "string") media.characters += data.length;
  }
}
