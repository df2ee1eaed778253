import type { ChatRequest, Kind, RequestOf } from "ai-lib";
import type { TokenEstimate } from "ai-lib/kit";
import { hasStoredContext } from "./stored-context.js";

/** The most that one attempt of a call can use, as far as it can be known before. */
export interface CallBound {
  /** Tokens of the prompt. */
  readonly input: number;
  /** Tokens of the answer; undefined for one without a limit. */
  readonly output: number | undefined;
  /** Whether there is anything but text in the prompt. */
  readonly media: boolean;
  /** What may be billed besides tokens. */
  readonly units: NonNullable<TokenEstimate["units"]>;
}

/** What a bound is computed from. */
export interface BoundFacts {
  readonly kind: Kind;
  readonly request: RequestOf<Kind>;
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
      const { seconds } = units;
      return {
        input: inputTokens * OTHER_FACTOR,
        output: outputTokens * OTHER_FACTOR,
        media: true,
        units: seconds === undefined ? units : { ...units, seconds: seconds * OTHER_FACTOR },
      };
    }
  }
}

function chatBound({ bodyBytes, estimate }: BoundFacts, request: ChatRequest): CallBound {
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
    output: request.maxTokens,
    media: pictures + files > 0,
    units: {},
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
    else if (Array.isArray(inner)) addMedia(inner as readonly Part[], media);
    if (typeof data === "string") media.characters += data.length;
  }
}
