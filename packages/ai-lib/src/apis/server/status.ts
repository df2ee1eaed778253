import type { AiLibError } from "../../core/errors/error.js";
import { encodeError } from "../../dialects/shared/openai/error-encode.js";

/** The HTTP status of an error, which is the same at every vendor. */
export function statusOf(error: AiLibError): number {
  return encodeError(error).status;
}
