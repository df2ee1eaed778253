import type { ContentPart, MediaPart, Message, ToolResultContent } from "../../../core/values/message.js";
import { parseDataUri } from "./data-uri.js";

/**
 * Wrong or old names of media types by the registered name. Vendors compare names as text: Anthropic takes
 * `image/jpeg` and refuses `image/jpg` (https://docs.claude.com/en/docs/build-with-claude/vision).
 * https://www.iana.org/assignments/media-types/media-types.xhtml
 */
const REGISTERED: ReadonlyMap<string, string> = new Map([
  ["image/jpg", "image/jpeg"],
  ["image/pjpeg", "image/jpeg"],
  ["image/jfif", "image/jpeg"],
  ["image/x-png", "image/png"],
  ["image/x-webp", "image/webp"],
  ["image/x-gif", "image/gif"],
  ["application/x-pdf", "application/pdf"],
  ["text/x-markdown", "text/markdown"],
]);

/** The registered name of a media type; any other as it is. */
export function registeredMediaType(mediaType: string): string {
  return REGISTERED.get(mediaType.trim().toLowerCase()) ?? mediaType;
}

/**
 * Messages whose media are in one form: a `data:` URI in `url` becomes `data` and `mediaType`, and a media type has its
 * registered name. Positions stay. The same array comes back where nothing changes.
 */
export function normalizeMedia(messages: readonly Message[]): readonly Message[] {
  return mapChanged(messages, (message) => {
    if (typeof message.content === "string") return message;
    const content = mapChanged<ContentPart>(message.content, normalizePart);
    return content === message.content ? message : ({ ...message, content } as Message);
  });
}

function normalizePart<P extends ContentPart | ToolResultContent>(part: P): P {
  if (part.type === "image" || part.type === "audio" || part.type === "file") return normalizeMedium(part);
  if (part.type !== "tool-result" || typeof part.content === "string") return part;
  const content = mapChanged<ToolResultContent>(part.content, normalizePart);
  return content === part.content ? part : { ...part, content };
}

function normalizeMedium<P extends MediaPart>(part: P): P {
  const inline = part.url === undefined || part.data !== undefined ? undefined : parseDataUri(part.url);
  const given = part.mediaType ?? inline?.mediaType;
  const mediaType = given === undefined ? undefined : registeredMediaType(given);
  if (inline === undefined) return mediaType === part.mediaType ? part : { ...part, mediaType };
  const { url: _url, ...rest } = part;
  return { ...rest, data: inline.data, mediaType } as P;
}

/** `map` that gives the array itself where no item changes. */
function mapChanged<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  items.forEach((item, i) => {
    const next = change(item);
    if (next !== item) changed ??= items.slice(0, i);
    changed?.push(next);
  });
  return changed ?? items;
}
