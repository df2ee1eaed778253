import { INTERRUPTED, OK } from "./exit-codes.js";
import { run } from "./program.js";

const abort = new AbortController();
process.once("SIGINT", () => {
  abort.abort();
  // A second one ends the program whatever it is doing.
  process.once("SIGINT", () => process.exit(INTERRUPTED));
});
// `ai-lib ... | head` closes the pipe: that is the reader's wish and no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  process.exit(error.code === "EPIPE" ? OK : 1);
});

process.exitCode = await run(
  {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    signal: abort.signal,
  },
  process.argv.slice(2),
);
