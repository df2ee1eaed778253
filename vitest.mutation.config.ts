import { defineConfig } from "vitest/config";
import lanes from "./vitest.config.js";

/** What a mutant has to get past: tests beside the code and those of whole compositions, without slow campaigns. */
export default defineConfig({
  ...(lanes.resolve === undefined ? {} : { resolve: lanes.resolve }),
  test: {
    include: [
      "packages/ai-lib/src/**/*.test.ts",
      "packages/ai-lib/test/*.test.ts",
      "packages/ai-lib/test/scenarios/**/*.test.ts",
      "packages/ai-lib/test/outside/**/*.test.ts",
      "packages/gateway/src/**/*.test.ts",
    ],
    exclude: ["**/*.real.test.ts", "**/*.release.test.ts"],
    setupFiles: ["packages/ai-lib/test/support/fixed-seed.ts"],
    testTimeout: 10_000,
  },
});
