/** What few requests need, which a bundle loads on demand. */

export { encodeAllFields } from "./all-fields.js";
export { encodeAssistant } from "./assistant.js";
export { encodeTexts, encodeUserParts, withMark } from "./parts.js";
export { encodeResults } from "./results.js";
