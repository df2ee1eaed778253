import type { Warning } from "./answer.js";
import { LIMITS } from "./limits.js";

/**
 * Adds a warning to those of an answer, up to a limit; the last one says that others were left out.
 * @returns whether it was added
 */
export function addWarning(warnings: Warning[], warning: Warning): boolean {
  const isRoom = warnings.length < LIMITS.warnings;
  if (isRoom) warnings.push(warning);
  else if (warnings.length === LIMITS.warnings)
    warnings.push({ code: "other", message: `Warnings beyond the first ${LIMITS.warnings} were left out` });
  return isRoom;
}
