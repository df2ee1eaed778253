import type { DialectTarget } from "../../../core/contract/dialect.js";
import { AiLibError, invalidRequest } from "../../../core/errors/error.js";
import type { Warning } from "../../../core/values/answer.js";
import type { EmbedInput } from "../../../core/values/embedding.js";
import { isObject, type JsonObject, tryParse } from "../../../core/values/json.js";

/** The warning about a field that a dialect has no place for. */
export function leftOut(field: string, why: string): Warning {
  return { code: "unsupported", field, message: `"${field}" was left out: ${why}` };
}

/**
 * The refusal of a request because of a field that no body of the dialect can carry. Nothing is sent, and a strategy
 * asks the next provider.
 */
export function cannotSay(target: DialectTarget, field: string, why: string): AiLibError {
  const { provider, model } = target;
  return new AiLibError({
    code: "UNSUPPORTED_FEATURE",
    message: `${provider} cannot take \`${field}\`: ${why}`,
    local: true,
    target: { provider, model },
    issues: [{ path: field.split("."), message: why }],
  });
}

/**
 * The text of an input; several text parts are joined by blank lines.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` for a picture.
 */
export function textOfInput(input: EmbedInput, at: string, target: DialectTarget): string {
  if (typeof input === "string") return input;
  const texts = input.map((part) => {
    if (part.type === "text") return part.text;
    throw cannotSay(target, at, "its embeddings take only text");
  });
  return texts.join("\n\n");
}

/** The body of a request to a server half. @throws {AiLibError} `INVALID_REQUEST` for anything but a JSON object. */
export function bodyOf(body: unknown): JsonObject {
  const value = typeof body === "string" ? tryParse(body) : undefined;
  if (isObject(value)) return value;
  throw invalidRequest("The body must be a JSON object");
}
