import type { ImagePart } from "../../../core/values/message.js";

/** Whether a value is a detail of an image. https://platform.openai.com/docs/guides/images-vision */
export function isDetail(value: unknown): value is NonNullable<ImagePart["detail"]> {
  return value === "low" || value === "high" || value === "original" || value === "auto";
}
