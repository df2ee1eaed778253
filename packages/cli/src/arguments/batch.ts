import { type Command, Option } from "commander";
import type { Io } from "../io.js";

const QUIET = "print no progress and no notes";

/** Adds `batch` with its commands. */
export function addBatch(root: Command, io: Io): void {
  const batch = root
    .command("batch")
    .description("send many requests that a vendor answers within a day, at a lower price");
  batch
    .command("submit <file>")
    .description(
      "send the rows of a JSONL or CSV file, or of standard input (-): prompts, requests, or fields for --prompt",
    )
    .option(
      "-m, --model <provider/model>",
      "model that answers (default: the first configured provider with batches)",
    )
    .option("--prompt <template>", 'prompt of every row, in which {name} is a field: "Summarize: {text}"')
    .option("--kind <kind>", "kind of rows that name none, such as embed (default: chat)")
    .option("--csv", "the rows are CSV (default for files that end in .csv)")
    .option("--window <time>", "time within which results are needed, such as 2h, 24h or 7d (default: 24h)")
    .addOption(
      new Option(
        "--executor <name>",
        "a vendor's batch, calls while results are read, or what the time and the price allow",
      ).choices(["batch", "live", "auto"]),
    )
    .option("--webhook <url>", "address that the vendor calls at the end, where it takes one with a batch")
    .option("--key <text>", "a second submit with the same key returns the same batch")
    .option("--json", "print the batch as JSON")
    .option("-q, --quiet", QUIET)
    .action(async (file: string, options) =>
      (await import("../commands/batch.js")).submitBatch(io, file, options),
    );
  batch
    .command("status [id]")
    .description("ask where a batch stands; without an id, list the batches")
    .option("-n, --count <number>", "list only so many (default: 20)")
    .option("--json", "print JSON")
    .action(async (id: string | undefined, options) =>
      (await import("../commands/batch.js")).showBatch(io, id, options),
    );
  batch
    .command("results <id>")
    .description("wait for the results of a batch and print them, one JSON object a line")
    .option("-o, --output <file>", "file to write (default: standard output)")
    .option("--no-wait", "print what there is")
    .option("--poll <seconds>", "seconds between two questions (default: 30, growing to 600)")
    .option("-q, --quiet", QUIET)
    .action(async (id: string, options) =>
      (await import("../commands/batch.js")).printResults(io, id, options),
    );
  batch
    .command("cancel <id>")
    .description("stop a batch; rows that were answered keep their answers")
    .option("-q, --quiet", QUIET)
    .action(async (id: string, options) =>
      (await import("../commands/batch.js")).cancelBatch(io, id, options),
    );
  batch
    .command("retry <id>")
    .description("send again what expired, was cancelled, or failed in a way that may pass")
    .action(async (id: string) => (await import("../commands/batch.js")).retryBatch(io, id));
  batch
    .command("rm <id>")
    .description("remove a batch with its rows and results from this machine")
    .action(async (id: string) => (await import("../commands/batch.js")).removeBatch(io, id));
}
