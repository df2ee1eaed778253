import type { EncodeWarnings } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";
import { asString, type JsonObject } from "../../../core/values/json.js";
import type {
  AudioPart,
  ContentPart,
  FilePart,
  ImagePart,
  Origin,
  ReasoningPart,
  SourcePart,
} from "../../../core/values/message.js";
import { dataUri } from "../../shared/common/data-uri.js";
import { extended } from "../../shared/common/extensions.js";
import { DIALECT, FAMILY } from "./family.js";
import { encodeAudio } from "./media.js";

/** Where chunks are written to. */
export interface Destination {
  readonly losses: EncodeWarnings;
  /** The provider id of the target; the dialect's id where a server writes. */
  readonly provider: string;
  readonly account?: string | undefined;
  /** Whether files of its store may be named; a server hands on what it was given. */
  readonly anyStore: boolean;
}

/**
 * A part as a chunk of content; undefined, with a warning, for what cannot be said. Tool calls and results are no
 * chunks. https://docs.mistral.ai/api/endpoint/chat (ContentChunk)
 * @param at the part's path in the request, for warnings.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a file that another provider keeps.
 */
export function encodeChunk(part: ContentPart, at: string, to: Destination): JsonObject | undefined {
  const chunk = chunkOf(part, at, to);
  if (part.cache !== undefined)
    to.losses.unsupported(`${at}.cache`, "Mistral keys its cache with `cacheKey`");
  if (part.origin !== undefined && part.type !== "reasoning")
    to.losses.stateDropped(`${at}.origin`, part.origin.family);
  return chunk === undefined ? undefined : extended(chunk, part.extensions, DIALECT, to.provider);
}

function chunkOf(part: ContentPart, at: string, to: Destination): JsonObject | undefined {
  switch (part.type) {
    case "text":
      if (part.logprobs !== undefined)
        leave(to.losses, `${at}.logprobs`, "log probabilities are no part of a prompt");
      return { type: "text", text: part.text };
    case "refusal":
      to.losses.changed(at, "Mistral has no refusals; it is sent as text");
      return { type: "text", text: part.text };
    case "reasoning":
      return thinkingOf(part, at, to);
    case "image":
    case "audio":
    case "file":
      return mediaOf(part, at, to);
    case "source":
      return sourceOf(part, at, to);
    case "tool-call":
    case "tool-result":
      leave(to.losses, at, "what a provider ran itself cannot be replayed to Mistral");
      return undefined;
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

/** Replayed thinking wants `closed: true`; without it the model goes on thinking. */
function thinkingOf(part: ReasoningPart, at: string, to: Destination): JsonObject | undefined {
  const { origin } = part;
  const own = origin !== undefined && reads(origin, to);
  if (origin !== undefined && !own) {
    to.losses.stateDropped(to.anyStore ? `${at}.origin` : at, origin.family);
    // Of an answer the words are the caller's to read, whoever thought them; in a prompt they would be Mistral's own.
    if (to.anyStore !== true) return undefined;
  }
  if (part.redacted === true && !own) {
    leave(to.losses, at, "withheld thinking has nothing to send");
    return undefined;
  }
  const signature = own ? asString(origin.data["signature"]) : undefined;
  return {
    type: "thinking",
    thinking: part.text === "" ? [] : [{ type: "text", text: part.text }],
    ...(signature === undefined ? {} : { signature }),
    closed: true,
  };
}

/** Notes that something of an earlier answer is not sent back; what was asked for is not touched. */
export function leave(losses: EncodeWarnings, field: string, why: string): void {
  losses.warnings.push({ code: "state-dropped", field, message: `"${field}" was left out: ${why}` });
}

/** What the user wants seen is never left out: an answer that missed it would be wrong. */
function refused(at: string, why: string): AiLibError {
  return new AiLibError({
    code: "UNSUPPORTED_FEATURE",
    message: `\`${at}\` cannot be sent to Mistral: ${why}`,
    local: true,
  });
}

function reads(origin: Origin, to: Destination): boolean {
  return origin.family === FAMILY && (origin.account === undefined || origin.account === to.account);
}

function mediaOf(part: ImagePart | AudioPart | FilePart, at: string, to: Destination): JsonObject {
  if (part.uploaded !== undefined) {
    if (to.anyStore || part.uploaded.provider === to.provider || part.uploaded.provider === DIALECT)
      return { type: "file", file_id: part.uploaded.id };
    throw refused(at, `it is a file in the store of ${part.uploaded.provider}`);
  }
  const url = part.url ?? (part.data === undefined ? undefined : dataUri(part.mediaType ?? "", part.data));
  if (url === undefined) throw refused(at, "it has neither a URL nor bytes");
  if (part.type === "image")
    return { type: "image_url", image_url: part.detail === undefined ? url : { url, detail: part.detail } };
  if (part.type === "file")
    return {
      type: "document_url",
      document_url: url,
      ...(part.name === undefined ? {} : { document_name: part.name }),
    };
  if (part.transcript !== undefined)
    to.losses.unsupported(`${at}.transcript`, "sound is sent without its transcript");
  return { type: "input_audio", input_audio: encodeAudio(part) };
}

/** The API sends ids of documents, or what a built-in tool found; nothing else fits. */
function sourceOf(part: SourcePart, at: string, to: Destination): JsonObject | undefined {
  if (part.cites !== undefined) leave(to.losses, `${at}.cites`, "references have no positions");
  if (part.url !== undefined || part.title !== undefined)
    return {
      type: "tool_reference",
      tool: "web_search",
      title: part.title ?? "",
      ...(part.url === undefined ? {} : { url: part.url }),
      ...(part.quote === undefined ? {} : { description: part.quote }),
      ...(part.documentId === undefined ? {} : { id: part.documentId }),
    };
  if (part.documentId === undefined) {
    leave(to.losses, at, "a source needs a document's id or a URL");
    return undefined;
  }
  if (part.quote !== undefined) leave(to.losses, `${at}.quote`, "references quote nothing");
  const { documentId } = part;
  return {
    type: "reference",
    reference_ids: [/^\d{1,9}$/.test(documentId) ? Number(documentId) : documentId],
  };
}
