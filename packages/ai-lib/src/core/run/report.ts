import { ignoreRejection } from "../contract/guard.js";
import { AiLibError } from "../errors/error.js";

/**
 * Calls a function of the user that receives what has been done. A promise that it returns is not awaited, and its
 * rejection is ignored.
 * @throws {AiLibError} `CONFIG_ERROR` where the function throws, which ends the work that it reports on.
 */
export function report(run: () => unknown, name: string): void {
  try {
    ignoreRejection(run());
  } catch (error) {
    throw AiLibError.from(error, "CONFIG_ERROR").withContext(`\`${name}\` failed`);
  }
}
