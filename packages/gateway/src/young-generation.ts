import { setFlagsFromString } from "node:v8";

/**
 * Keeps the young generation of the heap small until the returned function is called. V8 doubles it, up to 32 MB, as
 * long as most of what a program allocates stays in use. That is so while modules load, but not for calls, whose objects
 * are short-lived. Does nothing on runtimes without this flag of V8.
 */
export function keepYoungGenerationSmall(): () => void {
  setGrowth(1);
  return () => setGrowth(DEFAULT_GROWTH);
}

/** The factor of V8. */
const DEFAULT_GROWTH = 2;

function setGrowth(factor: number): void {
  try {
    setFlagsFromString(`--semi-space-growth-factor=${factor}`);
  } catch {
    // Runtimes on other engines may throw.
  }
}
