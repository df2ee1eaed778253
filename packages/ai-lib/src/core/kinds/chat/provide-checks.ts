import { chatChecks } from "./checks.js";
import { checkRequest } from "./validate.js";

/** Makes the checks of requests available at once, for code that cannot wait for them. */
export function provideChatChecks(): void {
  chatChecks.provide(checkRequest);
}
