import { invalidRequest } from "../errors/error.js";

/**
 * Checks the model that a request names, which becomes part of addresses and bodies.
 * @throws {AiLibError} `INVALID_REQUEST` for what is no text, or a text with half of a surrogate pair.
 */
export function checkModelName(model: unknown): void {
  if (model === undefined) return;
  if (typeof model !== "string") throw invalidRequest("`model` must be a text");
  if (/\p{Surrogate}/u.test(model)) throw invalidRequest("`model` contains half of a surrogate pair");
}
