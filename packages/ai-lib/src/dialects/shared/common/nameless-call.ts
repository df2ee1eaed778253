import type { Warning } from "../../../core/values/answer.js";

/**
 * A warning for a call without a name, which cannot be run or answered: it is left out. Undefined for a call without
 * arguments either, which is a placeholder and no call (Snowflake sends one with every answer).
 */
export function namelessCall(text: string | undefined): Warning | undefined {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "" || trimmed === "{}" || trimmed === "null") return undefined;
  return { code: "malformed", message: "The model called a tool without naming it; the call was left out" };
}

/** Passes on the warning for a call without a name, if it has arguments. */
export function warnNameless(text: string | undefined, warn: (warning: Warning) => void): void {
  const warning = namelessCall(text);
  if (warning !== undefined) warn(warning);
}
