import type { JsonObject } from "../../../core/values/json.js";
import type {
  CacheMark,
  FilePart,
  ImagePart,
  MediaPart,
  ToolResultContent,
} from "../../../core/values/message.js";
import { dataUri } from "../../shared/common/data-uri.js";
import type { RequestScope } from "../client/context.js";

/**
 * Parts that a user or a tool's result may hold, as content parts of the dialect.
 * @param mark the message's own cache mark: it stands on the last part.
 */
export function encodeContent(
  parts: readonly ToolResultContent[],
  at: string,
  scope: RequestScope,
  mark?: CacheMark | undefined,
): JsonObject[] {
  return parts.map((part, i) => {
    const field = `${at}.${i}`;
    const json = encodePart(part, field, scope);
    const last = i === parts.length - 1 ? mark : undefined;
    if (part.cache !== undefined && last !== undefined)
      scope.losses.changed(
        `${at.slice(0, at.lastIndexOf("."))}.cache`,
        "its last part has a mark of its own, which stays",
      );
    const place = part.cache === undefined ? at.slice(0, at.lastIndexOf(".")) : field;
    return scope.extended(marked(json, part.cache ?? last, place, scope), part.extensions);
  });
}

/** A content part with a cache breakpoint at its end, where the target takes such. */
function marked(
  json: JsonObject,
  cache: CacheMark | undefined,
  field: string,
  scope: RequestScope,
): JsonObject {
  if (cache === undefined) return json;
  if (scope.quirks.cacheBreakpoints !== true) {
    dropMark(`${field}.cache`, scope);
    return json;
  }
  if (cache.ttl !== undefined) {
    if (scope.cacheTtl !== undefined && scope.cacheTtl !== cache.ttl)
      scope.losses.changed(
        `${field}.cache.ttl`,
        `all marks of a request share one time, "${scope.cacheTtl}"`,
      );
    scope.cacheTtl ??= cache.ttl;
  }
  return { ...json, prompt_cache_breakpoint: { mode: "explicit" } };
}

/** A mark that cannot be sent. */
export function dropMark(field: string, scope: RequestScope): void {
  scope.losses.unsupported(field, "prefixes are cached by themselves here, and marks are not taken");
}

function encodePart(part: ToolResultContent, field: string, scope: RequestScope): JsonObject {
  switch (part.type) {
    case "text":
      return { type: "input_text", text: part.text };
    case "image":
      return encodeImage(part, field, scope);
    case "file":
      return encodeFile(part, field, scope);
    case "audio": {
      if (scope.quirks.audioInput !== true)
        scope.refuse(field, "it takes no sound; transcribe it first, or ask a model behind `openai-chat`");
      if (part.data === undefined) scope.refuse(field, "sound is taken as `data` alone");
      if (part.transcript !== undefined)
        scope.losses.unsupported(`${field}.transcript`, "sound has no text here");
      const format = (part.mediaType ?? "audio/wav").replace(/^audio\/(x-)?/, "").replace(/^mpeg$/, "mp3");
      return { type: "input_audio", input_audio: { data: part.data, format } };
    }
    default: {
      const never: never = part;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

function encodeImage(part: ImagePart, field: string, scope: RequestScope): JsonObject {
  return {
    type: "input_image",
    image_url: part.url ?? bytesOf(part),
    file_id: uploadedId(part, field, scope),
    detail: part.detail,
  };
}

function encodeFile(part: FilePart, field: string, scope: RequestScope): JsonObject {
  return {
    type: "input_file",
    // Bytes need a name: https://platform.openai.com/docs/guides/pdf-files
    filename: part.name ?? (part.data === undefined ? undefined : nameFor(part.mediaType)),
    file_url: part.url,
    file_data: bytesOf(part),
    file_id: uploadedId(part, field, scope),
  };
}

function bytesOf(part: MediaPart): string | undefined {
  if (part.data === undefined) return undefined;
  return dataUri(part.mediaType ?? "application/octet-stream", part.data);
}

function nameFor(mediaType: string | undefined): string {
  const kind = /\/([a-z0-9]+)$/i.exec(mediaType ?? "")?.[1];
  return kind === undefined ? "file" : `file.${kind.toLowerCase()}`;
}

/** @throws {AiLibError} `UNSUPPORTED_FEATURE` for a file that another provider keeps. */
function uploadedId(part: MediaPart, field: string, scope: RequestScope): string | undefined {
  if (part.uploaded === undefined) return undefined;
  if (!scope.keeps(part.uploaded.provider))
    scope.refuse(`${field}.uploaded`, `the file lies with ${part.uploaded.provider}`);
  return part.uploaded.id;
}
