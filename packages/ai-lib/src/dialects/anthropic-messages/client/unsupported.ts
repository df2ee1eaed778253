import type { DialectTarget } from "../../../core/contract/dialect.js";
import { AiLibError } from "../../../core/errors/error.js";

/** What no body of this dialect could say; another provider may. Nothing was sent. */
export function unsupported(target: DialectTarget, message: string): AiLibError {
  return new AiLibError({
    code: "UNSUPPORTED_FEATURE",
    message,
    local: true,
    target: { provider: target.provider, model: target.model },
  });
}
