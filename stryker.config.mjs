// Mutation testing: `npm run mutation -- packages/ai-lib/src/strategies`. See CONTRIBUTING.md.
export default {
  testRunner: "vitest",
  vitest: { configFile: "vitest.mutation.config.ts" },
  plugins: ["@stryker-mutator/vitest-runner"],
  coverageAnalysis: "perTest",
  // TypeScript 7 has no JavaScript API for it to read a configuration with.
  tsconfigFile: "none.json",
  ignorePatterns: ["**/dist", "compat", "site", "bench", "examples", "coverage", "dist-*"],
  mutator: { excludedMutations: ["StringLiteral"] },
  reporters: ["clear-text", "json", "progress-append-only"],
  clearTextReporter: { logTests: false, allowColor: false },
  jsonReporter: { fileName: "coverage/mutation/report.json" },
  tempDirName: "coverage/mutation/work",
  concurrency: 2,
  timeoutMS: 10_000,
};
