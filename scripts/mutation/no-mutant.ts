import { inject, vi } from "vitest";

const given = <T>(name: string): T => inject(name as never) as T;

// Modules and tests are loaded without a mutant, although the thread may have run one before. It becomes active when
// the tests start.
const stryker = (globalThis as Record<string, unknown>)[given<string>("globalNamespace")];
(stryker as { activeMutant?: unknown }).activeMutant = undefined;

// The first run loads all modules.
if (given<string>("mode") === "dry-run") vi.setConfig({ testTimeout: 30_000 });
