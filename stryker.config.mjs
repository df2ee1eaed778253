// Mutation testing: `npm run mutation -- packages/ai-lib/src/strategies`. See docs/testing.md.
export default {
  testRunner: "vitest",
  // The tests are chosen by room; to find those that are related to a file takes longer than to run them.
  vitest: { configFile: "vitest.mutation.config.ts", related: false },
  plugins: ["@stryker-mutator/vitest-runner"],
  coverageAnalysis: "perTest",
  // A mutant of code that runs while a module loads needs all tests with fresh modules.
  ignoreStatic: true,
  incremental: true,
  // TypeScript 7 has no JavaScript API for it to read a configuration with.
  tsconfigFile: "none.json",
  ignorePatterns: ["**/dist", "compat", "site", "bench", "examples", "coverage", "dist-*"],
  // Texts are for people: tests check codes, not sentences.
  mutator: { excludedMutations: ["StringLiteral"] },
  reporters: ["clear-text", "json", "progress-append-only"],
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  jsonReporter: { fileName: "coverage/mutation/report.json" },
  tempDirName: "coverage/mutation/work",
  concurrency: Number(process.env.AI_LIB_MUTATION_CONCURRENCY ?? 1),
  timeoutMS: 1_000,
};
