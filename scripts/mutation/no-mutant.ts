import { inject } from "vitest";

// Modules and tests are loaded without a mutant, though the thread has run one before: it becomes active with the tests.
const stryker = (globalThis as Record<string, unknown>)[inject("globalNamespace" as never)];
(stryker as { activeMutant?: unknown }).activeMutant = undefined;
