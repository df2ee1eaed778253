import type { NameForm } from "../../../core/values/name-form.js";
import { nineCharacters } from "./call-ids.js";

/**
 * A form of tool names. MCP allows names that vendors refuse: with dots, slashes and blanks, longer ones, and ones in
 * any script. Each character that is not allowed becomes `_`. A name that is too long, of which no letter or digit is
 * left, or that would be the same as another, ends in a hash of the whole.
 * @param inner the allowed characters, as the inside of a character class; `_` must be among them.
 * @param start the allowed first characters, likewise. Default: `inner`. Other names get a `_` in front.
 */
function nameForm(limit: number, inner: string, start = inner): NameForm {
  const fits = new RegExp(`^[${start}][${inner}]{0,${limit - 1}}$`);
  const other = new RegExp(`[^${inner}]`, "g");
  const badStart = new RegExp(`^[^${start}]`);
  return {
    fits,
    make(name, attempt) {
      const word = name.replace(other, "_").replace(badStart, "_$&");
      if (attempt === 0 && fits.test(word) && /[A-Za-z0-9]/.test(word)) return word;
      return `${word.slice(0, limit - 10)}_${nineCharacters(name, attempt)}`;
    },
  };
}

/**
 * 1 to 64 letters, digits, `_` and `-`: OpenAI (https://platform.openai.com/docs/api-reference/chat/create), Mistral
 * ("must be a-z, A-Z, 0-9, or contain underscores and dashes, with a maximum length of 64"), Bedrock
 * (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolSpecification.html), and the servers that
 * pass names on to such vendors.
 */
export const PLAIN_NAMES = nameForm(64, "A-Za-z0-9_-");

/** `^[a-zA-Z0-9_-]{1,128}$`: https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools */
export const LONG_NAMES = nameForm(128, "A-Za-z0-9_-");

/**
 * Gemini: "Must start with a letter or an underscore. Must be a-z, A-Z, 0-9, or contain underscores, dots and dashes,
 * with a maximum length of 64" (https://ai.google.dev/api/caching#FunctionDeclaration).
 */
export const DOTTED_NAMES = nameForm(64, "A-Za-z0-9_.-", "A-Za-z_");

/**
 * Cohere's models refuse dashes and a digit at the start: "tool names can only contain certain characters (A-Za-z0-9_)
 * and can't begin with a digit" (https://docs.cohere.com/v2/docs/tool-use-overview).
 */
export const IDENTIFIERS = nameForm(64, "A-Za-z0-9_", "A-Za-z_");
