import { Command, CommanderError } from "commander";
import { exitCodeOf, OK, USAGE } from "./exit-codes.js";
import type { Io } from "./io.js";
import { version } from "./version.js";

/** The command line as a parser; each command's code is loaded when it is run. */
function program(io: Io): Command {
  const root = new Command("ai-lib")
    .description("One unified interface for any AI model, on the command line.")
    .version(version(), "-V, --version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .showHelpAfterError("(ai-lib --help shows what there is)");

  root
    .command("ask [words...]", { isDefault: true })
    .description('answer a prompt; also: ai-lib "prompt", and: ... | ai-lib "prompt"')
    .option(
      "-m, --model <provider/model>",
      "who answers; default DEFAULT_AI_MODEL, else the first that is configured",
    )
    .option("-s, --system <text>", "instructions that stand above the prompt")
    .option("--json", "print the whole response as JSON")
    .option("--no-stream", "print the answer when it is whole")
    .option("-q, --quiet", "print nothing but the answer")
    .option("--trace", "print every attempt, and when what happened")
    .action(async (words: string[], options) => (await import("./commands/ask.js")).ask(io, words, options));

  root
    .command("chat")
    .description("talk with a model; Ctrl-C stops an answer, Ctrl-D leaves")
    .option("-m, --model <provider/model>", "who answers")
    .option("-s, --system <text>", "instructions that stand above the conversation")
    .option("-q, --quiet", "print nothing but the answers")
    .action(async (options) => (await import("./commands/chat.js")).chat(io, options));

  root
    .command("compare [words...]")
    .description("ask several models the same, and compare speed, tokens and cost")
    .option("-m, --model <provider/model>", "one of those who answer; give it several times", collect)
    .option("-s, --system <text>", "instructions that stand above the prompt")
    .option("--json", "print the answers and the numbers as JSON")
    .action(async (words: string[], options) =>
      (await import("./commands/compare.js")).compare(io, words, options),
    );

  root
    .command("health [targets...]")
    .description("check whether providers answer, without using tokens; default those that are configured")
    .option("--json", "print JSON")
    .action(async (targets: string[], options) =>
      (await import("./commands/health.js")).health(io, targets, options),
    );

  const logs = root
    .command("logs")
    .description("show what was asked and answered; kept on this machine alone, once turned on")
    .option("-n, --count <number>", "how many, the latest; 0 for all", "5")
    .option("-s, --search <text>", "only those that hold this text")
    .option("--json", "print JSON, one object a line")
    .action(async (options) => (await import("./commands/logs.js")).logs(io, options));
  logs
    .command("on")
    .description("keep prompts and answers from now on, readable by you alone")
    .action(async () => (await import("./commands/logs.js")).turnHistory(io, true));
  logs
    .command("off")
    .description("keep nothing from now on; what was kept stays")
    .action(async () => (await import("./commands/logs.js")).turnHistory(io, false));
  logs
    .command("path")
    .description("print where the history is kept")
    .action(async () => (await import("./commands/logs.js")).showHistoryPath(io));

  root
    .command("models [provider]")
    .description("list the models of a provider, or of every one that is configured")
    .option("--json", "print JSON")
    .action(async (id: string | undefined, options) =>
      (await import("./commands/models.js")).models(io, id, options),
    );

  root
    .command("providers")
    .description("list the providers, which are configured, and the variable that each wants")
    .option("--json", "print JSON")
    .action(async (options) => (await import("./commands/providers.js")).providers(io, options));

  const keys = root.command("keys").description("store keys in a file that only you can read");
  keys
    .command("set <provider>")
    .description("store a key; asked for without echo, or read from standard input")
    .action(async (id: string) => (await import("./commands/keys.js")).setKey(io, id));
  keys
    .command("list")
    .description("list which keys are stored, without showing them")
    .option("--json", "print JSON")
    .action(async (options) => (await import("./commands/keys.js")).listKeys(io, options));
  keys
    .command("path")
    .description("print where the keys are stored")
    .action(async () => (await import("./commands/keys.js")).showKeysPath(io));

  root
    .command("demo")
    .description("watch one chat fail over between three wire formats; needs no key")
    .option("--fast", "do not slow the stream down for the eye")
    .action(async (options) => (await import("./commands/demo.js")).demo(io, options));

  root
    .command("conformance")
    .description(
      "show whether an endpoint keeps the contract, by asking it; costs about a hundred short calls",
    )
    .option("-m, --model <provider/model>", "who is asked, one of AI_LIB_PROVIDERS too")
    .option(
      "--can <capabilities>",
      "what it is declared to do, with commas; default what is known of the model",
    )
    .option("--only <groups>", "only these groups of cases, with commas")
    .option("--wrong-key", "check that a wrong key is refused as such")
    .option("--too-long <tokens>", "check that a prompt of so many tokens is refused as such")
    .option("--json", "print the report as JSON")
    .action(async (options) => (await import("./commands/conformance.js")).conformance(io, options));

  root
    .command("simulate")
    .description("serve a model provider on loopback that speaks every dialect")
    .option("-p, --port <port>", "port on 127.0.0.1; default any that is free")
    .option("--delay <ms>", "milliseconds between the frames of a stream")
    .action(async (options) => (await import("./commands/simulate.js")).simulate(io, options));

  return root;
}

/** Every value of an option that may be given several times. */
function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

/** Runs one command line; the exit code. */
export async function run(io: Io, args: readonly string[]): Promise<number> {
  try {
    await program(io).parseAsync([...args], { from: "user" });
    return OK;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? OK : USAGE;
    // Imported here: whatever threw the error has loaded the library already, and --version never needs it.
    const [{ AiLibError }, { errorReport }] = await Promise.all([import("ai-lib"), import("./report.js")]);
    if (!AiLibError.is(error)) throw error;
    if (error.code !== "CANCELLED") io.stderr.write(`${errorReport(io, error)}\n`);
    return exitCodeOf(error);
  }
}
