import type { EncodeContext } from "./encode-context.js";
import { PLAIN_NAMES } from "./tool-names.js";

/**
 * The name of an answer's schema as vendors that have one take it, which is the form of tool names: "must be a-z, A-Z,
 * 0-9, or contain underscores and dashes, with a maximum length of 64"
 * (https://platform.openai.com/docs/api-reference/chat/create#chat-create-response_format).
 * @param name default `"response"`.
 */
export function encodeFormatName(name: string | undefined, context: EncodeContext): string {
  if (name === undefined || name === "") return "response";
  if (PLAIN_NAMES.fits.test(name)) return name;
  context.changed("responseFormat.name", {
    reason: "names are up to 64 letters, digits, dashes and underscores",
  });
  return PLAIN_NAMES.make(name, 0);
}
