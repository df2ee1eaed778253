import { isObject, type JsonObject, tryParse } from "../values/json.js";
import { AiLibError } from "./error.js";

/**
 * Parses a body that must be a JSON object.
 * @throws {AiLibError} `INVALID_RESPONSE`, which says what the body was instead (empty, HTML, other text).
 */
export function parseBody(body: string): JsonObject {
  const value = tryParse(body);
  if (isObject(value)) return value;
  const start = body.trimStart().slice(0, 60);
  const what =
    start === ""
      ? "an empty body"
      : start.startsWith("<")
        ? "HTML (is the base URL right, or does a proxy answer?)"
        : value === undefined
          ? "text that is no JSON, or JSON of too many levels,"
          : "JSON that is no object";
  throw new AiLibError({
    code: "INVALID_RESPONSE",
    message: `The provider sent ${what} where a JSON object was due`,
    body: body.slice(0, 2000),
  });
}
