import { defineConfig } from "vitest/config";
import { reusedThread } from "./scripts/mutation/reused-thread.js";
import lanes from "./vitest.config.js";

/** The tests that a mutant has to get past: scripts/mutation.mjs names those of each room. */
const tests = process.env["AI_LIB_MUTATION_TESTS"]?.split(",") ?? ["packages/*/src/**/*.test.ts"];

export default defineConfig({
  ...(lanes.resolve === undefined ? {} : { resolve: lanes.resolve }),
  plugins: [
    {
      name: "reused-thread",
      configureVitest({ project }) {
        project.config.pool = reusedThread.name;
        project.config.poolRunner = reusedThread;
      },
    },
  ],
  test: {
    include: tests,
    exclude: ["**/*.real.test.ts", "**/*.release.test.ts"],
    // One module graph for all files, as in the fast lane.
    isolate: false,
    setupFiles: ["packages/ai-lib/test/support/fixed-seed.ts", "scripts/mutation/no-mutant.ts"],
    // A call that a mutant leaves without an end fails its test; without this it would end the process.
    testTimeout: 3_000,
  },
});
