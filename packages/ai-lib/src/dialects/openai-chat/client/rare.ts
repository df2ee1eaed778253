import { encodeAllFields } from "./all-fields.js";
import { encodeAssistant } from "./assistant.js";
import { encodeTexts, encodeUserParts, withMark } from "./parts.js";
import { encodeResults } from "./results.js";

/** What few requests need, which a bundle of chats alone loads on demand. */
export const rareEncoders = {
  encodeAllFields,
  encodeAssistant,
  encodeResults,
  encodeTexts,
  encodeUserParts,
  withMark,
};
