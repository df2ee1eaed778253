import { AiLibError } from "ai-lib";

/** Makes an error for wrong usage or a wrong setting; the command ends with exit code 2. */
export function usageError(message: string): AiLibError {
  return new AiLibError({ code: "CONFIG_ERROR", message, local: true });
}

/** Makes the error of a command that the user interrupted; it ends with exit code 130. */
export function interruptedError(): AiLibError {
  return new AiLibError({ code: "CANCELLED", message: "The command was interrupted", local: true });
}
