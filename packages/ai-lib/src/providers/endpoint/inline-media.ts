import { type Call, callWith } from "../../core/contract/call.js";
import type { ClientHalf, DialectTarget, MediaUrls } from "../../core/contract/dialect.js";
import type { ResolvedMediaFetch } from "../../core/contract/media-fetch.js";
import type { ContentPart, Message, ToolResultContent } from "../../core/values/message.js";
import { isMedium, type Medium } from "./medium.js";

/** The work of fetching, and how it is stopped. */
export interface MediaInlining {
  readonly request: Promise<Call>;
  stop(): void;
}

/**
 * Fetches the media of a call that its target does not take by URL; undefined where there are none, or where fetching
 * is not enabled: the dialect then refuses them.
 */
export function inlineMedia(
  call: Call,
  half: ClientHalf,
  target: DialectTarget,
  options: ResolvedMediaFetch | false | undefined,
): MediaInlining | undefined {
  if (options === undefined || options === false || call.kind !== "chat") return undefined;
  const taken = half.mediaUrls?.(target);
  if (taken === undefined) return undefined;
  const found = mediaToFetch(call.request.messages, taken);
  if (found.size === 0) return undefined;
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const { context } = call;
  const request = import("./fetched-media.js").then(async ({ fetchAll, withMedia }) => {
    const fetched = await fetchAll(found, target, options, context, controller);
    const messages = withMedia(call.request.messages, fetched);
    return callWith(call, { request: { ...call.request, messages } });
  });
  return { request, stop };
}

/** The media to fetch, by their part, each with its path. */
function mediaToFetch(messages: readonly Message[], taken: MediaUrls): Map<Medium, string> {
  const found = new Map<Medium, string>();
  const look = (parts: readonly (ContentPart | ToolResultContent)[], at: string): void =>
    parts.forEach((part, i) => {
      if (part.type === "tool-result" && typeof part.content !== "string")
        look(part.content, `${at}.${i}.content`);
      else if (isMedium(part) && !isTaken(part, taken)) found.set(part, `${at}.${i}`);
    });
  messages.forEach(({ role, content }, i) => {
    if (typeof content !== "string" && role !== "assistant") look(content, `messages.${i}.content`);
  });
  return found;
}

/** Whether a target takes a medium unchanged. Only addresses of the web can be fetched. */
function isTaken({ type, url, data, uploaded, mediaType = "" }: Medium, taken: MediaUrls): boolean {
  if (data !== undefined || uploaded !== undefined || url === undefined || !/^https?:/i.test(url))
    return true;
  const rule = type === "file" && mediaType.startsWith("image/") ? taken.image : taken[type];
  return typeof rule === "boolean"
    ? rule
    : mediaType === "" || rule.some((start) => mediaType.toLowerCase().startsWith(start));
}
