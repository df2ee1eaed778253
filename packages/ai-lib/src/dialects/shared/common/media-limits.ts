import type { ContentPart, Message } from "../../../core/values/message.js";

/** The most bytes of one medium that a target takes within a message. */
export interface MediaLimit {
  /** The start of the media types that it holds for, such as `"application/pdf"` or `"image/"`; `""` for all. */
  readonly types: string;
  /** Bytes before they are written in base64. */
  readonly bytes: number;
}

/** A medium that is too large, by its path. */
export interface LargeMedium {
  readonly at: string;
  readonly bytes: number;
  readonly limit: MediaLimit;
}

/** The bytes of a megabyte in a vendor's limit. Vendors rarely define it; this is the larger of the two readings. */
export const MB = 1_048_576;

/** The first medium of a conversation that exceeds one of some limits; the first limit whose types match counts. */
export function findLargeMedium(
  messages: readonly Message[],
  limits: readonly MediaLimit[],
): LargeMedium | undefined {
  for (const [i, { role, content }] of messages.entries()) {
    if (role === "assistant" || typeof content === "string") continue;
    const found = largeIn(content, limits, `messages.${i}.content`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function largeIn(
  parts: readonly ContentPart[],
  limits: readonly MediaLimit[],
  at: string,
): LargeMedium | undefined {
  for (const [j, part] of parts.entries()) {
    if (part.type === "tool-result" && typeof part.content !== "string") {
      const found = largeIn(part.content, limits, `${at}.${j}.content`);
      if (found !== undefined) return found;
    }
    if (part.type === "text" || !("data" in part) || part.data === undefined) continue;
    const { mediaType = "", data } = part;
    const limit = limits.find(({ types }) => mediaType.startsWith(types));
    const bytes = Math.floor((data.length * 3) / 4);
    if (limit !== undefined && bytes > limit.bytes + 2) return { at: `${at}.${j}`, bytes, limit };
  }
  return undefined;
}
