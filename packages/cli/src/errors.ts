import { AiLibError } from "ai-lib";

/** An error for wrong usage or a wrong setting; nothing was sent. */
export function configError(message: string): AiLibError {
  return new AiLibError({ code: "CONFIG_ERROR", message, local: true });
}

/** An error for a command that the user interrupted. */
export function cancelled(): AiLibError {
  return new AiLibError({ code: "CANCELLED", message: "The command was interrupted", local: true });
}
