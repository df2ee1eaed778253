import type { JsonObject } from "ai-lib";

/**
 * Tokens of a picture at most, over all vendors: one of many tiles of gpt-4o-mini, which counts 2,833 tokens and 5,667
 * for each of at most 8 tiles (https://developers.openai.com/api/docs/guides/images-vision). Others take 6,500 or fewer.
 */
export const PICTURE_TOKENS = 50_000;

/** What a prompt has besides text. */
export interface Media {
  pictures: number;
  files: number;
  /** Of their base64. */
  characters: number;
  /** A part is a reference to something that the vendor stores. */
  references: boolean;
}

interface Part {
  readonly type: string;
  readonly data?: unknown;
  readonly content?: unknown;
  readonly origin?: { readonly data: JsonObject } | undefined;
}

/** Counts the media of parts, and of the parts within them. */
export function addMedia(content: readonly Part[], media: Media): void {
  for (const { type, data, content: inner, origin } of content) {
    if (type === "reasoning" && origin !== undefined && isReference(origin.data)) media.references = true;
    if (type === "image") media.pictures++;
    else if (type === "audio" || type === "file") media.files++;
    else {
      if (Array.isArray(inner)) addMedia(inner as readonly Part[], media);
      continue;
    }
    if (typeof data === "string") media.characters += data.length;
  }
}

/**
 * Whether an item of OpenAI's responses is a reference to a stored one, or reasoning without its content
 * (https://platform.openai.com/docs/api-reference/responses/create#responses-create-input).
 */
function isReference({ type, id, encrypted_content: content }: JsonObject): boolean {
  return type === "item_reference" || (type === "reasoning" && typeof id === "string" && !content);
}
