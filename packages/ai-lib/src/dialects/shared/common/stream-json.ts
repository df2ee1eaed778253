/** The text that ends streams of OpenAI's dialect, and of others that follow it. */
const TERMINATOR = "[DONE]";

/**
 * The JSON of one event of a stream. Some SDKs take any line that contains `[DONE]` for the end (`cohere-ai` in
 * `core/stream/Stream.js`), so it is escaped in texts and errors. The value that clients parse is the same.
 */
export function streamJson(value: unknown): string {
  const json = JSON.stringify(value);
  // JSON has this text within strings alone.
  return json.includes(TERMINATOR) ? json.replaceAll(TERMINATOR, "\\u005bDONE]") : json;
}
