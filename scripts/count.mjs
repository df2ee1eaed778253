// Adds up the JSON reports that vitest wrote, one for each lane, and ends with one plain line: `N passed, N failed`.
// usage: node scripts/count.mjs report.json...
import { existsSync, readFileSync } from "node:fs";

/** A report that is missing is a lane that did not run, and counts as one failure. */
function countsOf(path) {
  if (!existsSync(path)) {
    console.log(`${path} is missing`);
    return { passed: 0, failed: 1 };
  }
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(path, "utf8"));
  // A file that fails to load, or whose setup fails, runs no test. It counts as one failure.
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((test) => test.status !== "failed"),
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}

const counts = process.argv.slice(2).map(countsOf);
const passed = counts.reduce((sum, lane) => sum + lane.passed, 0);
const failed = counts.reduce((sum, lane) => sum + lane.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
