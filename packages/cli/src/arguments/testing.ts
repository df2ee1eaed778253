import type { Command } from "commander";
import type { Io } from "../io.js";

/** Adds the demo, the conformance tests and the simulator. */
export function addTesting(root: Command, io: Io): void {
  addDemo(root, io);
  addConformance(root, io);
  addSimulate(root, io);
}

function addDemo(root: Command, io: Io): void {
  root
    .command("demo")
    .description("watch one chat fail over across three wire formats; needs no key")
    .option("--fast", "do not slow the stream down")
    .action(async (options) => (await import("../commands/demo.js")).runDemo(io, options));
}

function addConformance(root: Command, io: Io): void {
  root
    .command("conformance")
    .description("test whether an endpoint follows the provider contract; makes about a hundred short calls")
    .option("-m, --model <provider/model>", "provider to test, prebuilt or from AI_LIB_PROVIDERS")
    .option(
      "--can <capabilities>",
      "declared capabilities, comma-separated (default: those known of the model)",
    )
    .option("--only <groups>", "groups of cases to run, comma-separated")
    .option("--wrong-key", "also check that a wrong key is rejected")
    .option("--too-long <tokens>", "also check that a prompt of this many tokens is rejected")
    .option("--json", "print the report as JSON")
    .action(async (options) => (await import("../commands/conformance.js")).checkConformance(io, options));
}

function addSimulate(root: Command, io: Io): void {
  root
    .command("simulate")
    .description("run a simulated provider on localhost that speaks every dialect")
    .option("-p, --port <port>", "port on 127.0.0.1 (default: a free one)")
    .option("--delay <ms>", "milliseconds between the frames of a stream")
    .option(
      "--fail <fault...>",
      "what the requests do, in turn and again from the start: ok, a status such as 429 or 429=2 (seconds to wait), " +
        "or a fault such as cut=5; `--fail help` lists all",
    )
    .action(async (options) => (await import("../commands/simulate.js")).runSimulator(io, options));
}
