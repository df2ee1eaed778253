import { INTERRUPTED, OK } from "./exit-codes.js";
import { run } from "./program.js";

const abort = new AbortController();
process.once("SIGINT", () => {
  abort.abort();
  // A second Ctrl-C ends the process even if a command does not react to the first.
  process.once("SIGINT", () => process.exit(INTERRUPTED));
});
// The reader of a pipe may close it early (`ai-lib ... | head`); that is not an error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(OK);
  // A full disk behind `> file`, for example.
  process.stderr.write(`Standard output cannot be written: ${error.message}\n`, () => process.exit(1));
});

run(
  {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    signal: abort.signal,
  },
  process.argv.slice(2),
).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    // A fault of this program: Node prints its stack and exits with 1.
    queueMicrotask(() => {
      throw error;
    });
  },
);
