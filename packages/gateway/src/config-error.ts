import { AiLibError } from "ai-lib";

/** Makes the error of a wrong option or a wrong configuration; the command ends with exit code 2. */
export function configError(message: string): AiLibError {
  return new AiLibError({ code: "CONFIG_ERROR", message, local: true });
}
