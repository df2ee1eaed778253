import { run } from "./program.js";

const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    abort.abort();
    // A second one ends the process although answers are still on their way.
    process.once(signal, () => process.exit(1));
  });
}

process.exitCode = await run(
  { stdout: process.stdout, stderr: process.stderr, environment: process.env, signal: abort.signal },
  process.argv.slice(2),
);
