import type {
  AudioPart,
  ContentPart,
  FilePart,
  ImagePart,
  ToolResultContent,
} from "../../core/values/message.js";

/** A part of a message that may have an address. */
export type Medium = ImagePart | AudioPart | FilePart;

/** Whether a part is a medium. */
export function isMedium(part: ContentPart | ToolResultContent): part is Medium {
  return part.type === "image" || part.type === "audio" || part.type === "file";
}
