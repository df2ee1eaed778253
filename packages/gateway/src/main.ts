import { run } from "./program.js";

const abort = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    abort.abort();
    // A second one ends the process although answers are still on their way.
    process.once(signal, () => process.exit(1));
  });
}

let serving = false;
for (const output of [process.stdout, process.stderr])
  output.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    // The reader of the output has ended, as `head` does. A gateway continues without its access log.
    if (!serving) process.exit(0);
  });

process.exitCode = await run(
  {
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    signal: abort.signal,
    onListening() {
      serving = true;
    },
  },
  process.argv.slice(2),
);
