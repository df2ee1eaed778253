import { isObject } from "../values/json.js";
import type { ImagePart, TextPart } from "../values/message.js";
import type { Modality } from "../values/model.js";
import { tokensOf } from "../values/usage.js";
import type { Requirements, TokenEstimate } from "./laws.js";
import { TEXT_ONLY } from "./requirements.js";

/** A text, or texts and pictures that belong together. */
export type PartsInput = string | readonly (TextPart | ImagePart)[];

/** Tokens assumed for a picture. */
export const TOKENS_PER_PICTURE = 1_000;

const WITH_PICTURES: Requirements = { ...TEXT_ONLY, input: new Set<Modality>(["text", "image"]) };

/** Whether a value is a list of text and image parts that is not empty. */
export function isPartList(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((part) => isObject(part) && (part["type"] === "text" || part["type"] === "image"))
  );
}

/** The tokens of texts and pictures. @param characters of other texts that are sent with them */
export function estimateParts(inputs: readonly PartsInput[], characters = 0): TokenEstimate {
  let length = characters;
  let pictures = 0;
  for (const input of inputs) {
    if (typeof input === "string") length += input.length;
    else
      for (const part of input) {
        if (part.type === "text") length += part.text.length;
        else pictures++;
      }
  }
  return { inputTokens: tokensOf(length) + pictures * TOKENS_PER_PICTURE, outputTokens: 0 };
}

/** What texts and pictures ask of a model. */
export function requireParts(inputs: readonly PartsInput[]): Requirements {
  const pictures = inputs.some(
    (input) => typeof input !== "string" && input.some(({ type }) => type === "image"),
  );
  return pictures ? WITH_PICTURES : TEXT_ONLY;
}
