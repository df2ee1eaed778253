import { encodeAllFields } from "./all-fields.js";
import { encodeAssistant } from "./assistant.js";
import { encodeTexts, encodeUserParts, withMark } from "./parts.js";
import { encodeResults } from "./results.js";

/** The encoders that few requests need. A bundle with only chats loads them on demand. */
export const rareEncoders = {
  encodeAllFields,
  encodeAssistant,
  encodeResults,
  encodeTexts,
  encodeUserParts,
  withMark,
};
