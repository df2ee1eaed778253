import type { CallContext } from "../../core/contract/call.js";
import type { DialectTarget } from "../../core/contract/dialect.js";
import type { ResolvedMediaFetch } from "../../core/contract/media-fetch.js";
import { AiLibError, cancelled } from "../../core/errors/error.js";
import { onAbort } from "../../core/run/abort.js";
import { base64OfBytes } from "../../core/values/base64.js";
import { sniffMediaType } from "../../core/values/media-type.js";
import type { ContentPart, Message, ToolResultContent } from "../../core/values/message.js";
import { type FetchedMedia, MediaRefusal } from "../../wire/media-fetch.js";
import { isMedium, type Medium } from "./medium.js";

/**
 * Fetches media, one after another.
 * @param media the media, each with its path
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for the first one that cannot be fetched; `CANCELLED` after an abort.
 */
export async function fetchAll(
  media: ReadonlyMap<Medium, string>,
  target: DialectTarget,
  options: ResolvedMediaFetch,
  context: CallContext,
  controller: AbortController,
): Promise<Map<Medium, Medium>> {
  const { clock, signal } = context;
  const late = new MediaRefusal(`it took more than the ${options.timeoutMs} ms of \`fetchMedia.timeoutMs\``);
  const cancelTimer = clock.after(options.timeoutMs, () => controller.abort(late));
  const cancelSignal = signal === undefined ? undefined : onAbort(signal, () => controller.abort());
  let left = options.maxBytes;
  const byUrl = new Map<string, FetchedMedia>();
  const done = new Map<Medium, Medium>();
  try {
    throwIfAborted(signal);
    const { fetchMedia } = await import("#media");
    // One after another, so that one bound holds for all of them together.
    for (const [part, at] of media) {
      const { url = "" } = part;
      try {
        const fetched =
          byUrl.get(url) ??
          (await fetchMedia(url, { ...options, maxBytes: left, signal: controller.signal }));
        if (!byUrl.has(url)) left -= fetched.bytes.length;
        byUrl.set(url, fetched);
        done.set(part, inlined(part, fetched));
      } catch (error) {
        throwIfAborted(signal);
        const why = reasonOf(controller.signal.reason === late ? late : error);
        throw new AiLibError({
          code: "UNSUPPORTED_FEATURE",
          message: `${target.provider} takes \`${at}\` only as bytes, and the ${part.type} was not fetched: ${why}`,
          local: true,
          target: { provider: target.provider, model: target.model },
          cause: error,
        });
      }
    }
    return done;
  } finally {
    cancelTimer();
    cancelSignal?.();
  }
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled(undefined, signal.reason);
}

/** Why a medium was not fetched, without its address, which may contain a secret. */
function reasonOf(error: unknown): string {
  if (error instanceof MediaRefusal) return error.message;
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string"
    ? `its host could not be reached (${code})`
    : "its host could not be reached";
}

/**
 * A part with the bytes that were fetched for it.
 * @throws {MediaRefusal} for bytes that are no such medium, such as the page of an error or of a login.
 */
function inlined(part: Medium, { bytes, contentType }: FetchedMedia): Medium {
  if (bytes.length === 0) throw new MediaRefusal("its host sent no bytes");
  const sent = contentType?.split(";", 1)[0]?.trim().toLowerCase();
  const named = sent === "application/octet-stream" || sent === "binary/octet-stream" ? undefined : sent;
  const mediaType = sniffMediaType(bytes) ?? named ?? part.mediaType?.toLowerCase();
  if (mediaType === undefined) throw new MediaRefusal("nothing says what it is; give its `mediaType`");
  if (!isOfKind(part, mediaType)) throw new MediaRefusal(`its host sent ${mediaType}`);
  const { url: _url, ...rest } = part;
  return { ...rest, mediaType, data: base64OfBytes(bytes) } as Medium;
}

function isOfKind({ type, mediaType: given = "" }: Medium, mediaType: string): boolean {
  switch (type) {
    case "image":
      return mediaType.startsWith("image/");
    case "audio":
      return mediaType.startsWith("audio/") || mediaType.startsWith("video/");
    case "file":
      return mediaType !== "text/html" || given.startsWith("text/");
    default: {
      const never: never = type;
      throw new TypeError(`Unknown part ${JSON.stringify(never)}`);
    }
  }
}

/** Messages with fetched media in place of their addresses. */
export function withMedia(messages: readonly Message[], done: ReadonlyMap<Medium, Medium>): Message[] {
  const replaced = (part: ContentPart | ToolResultContent): ContentPart | ToolResultContent => {
    if (isMedium(part)) return done.get(part) ?? part;
    if (part.type !== "tool-result" || typeof part.content === "string") return part;
    return { ...part, content: part.content.map((inner) => replaced(inner) as ToolResultContent) };
  };
  return messages.map((message) =>
    typeof message.content === "string"
      ? message
      : ({ ...message, content: message.content.map((part: ContentPart) => replaced(part)) } as Message),
  );
}
