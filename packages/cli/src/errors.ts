import { AiLibError } from "ai-lib";
import { redactor } from "ai-lib/logs";

/** Makes an error for wrong usage or a wrong setting; the command ends with exit code 2. */
export function usageError(message: string): AiLibError {
  return new AiLibError({ code: "CONFIG_ERROR", message, local: true });
}

/** Makes the error of a command that the user interrupted; it ends with exit code 130. */
export function interruptedError(): AiLibError {
  return new AiLibError({ code: "CANCELLED", message: "The command was interrupted", local: true });
}

/** Makes the error for a first word that is no command, but near one: it is not sent as a prompt. */
export function unknownCommandError(word: string, meant: string, rest: readonly string[]): AiLibError {
  const redact = redactor();
  const more = rest.length === 0 ? "" : ` ${redact(rest.join(" "))}`;
  return usageError(
    [
      `There is no command "${word}"; nothing was sent. Did you mean the first of these, or to ask a model?`,
      `  ai-lib ${meant}${more}`,
      `  ai-lib ask -- ${word}${more}`,
    ].join("\n"),
  );
}
