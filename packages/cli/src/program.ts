import { Command, CommanderError } from "commander";
import { OK, toExitCode, USAGE } from "./exit-codes.js";
import type { Io } from "./io.js";
import { guardTerminals } from "./terminal.js";
import { readVersion } from "./version.js";

/**
 * Runs one command line.
 * @param args the arguments behind the program's name
 * @returns the exit code
 */
export async function run(given: Io, args: readonly string[]): Promise<number> {
  const io = guardTerminals(given);
  try {
    let code = OK;
    const end = (given: number) => {
      code = given;
    };
    await createProgram(io, end).parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? OK : USAGE;
    // Imported here, so that --version and --help do not load the library.
    const [{ AiLibError }, { formatError }] = await Promise.all([import("ai-lib"), import("./report.js")]);
    if (!AiLibError.is(error)) throw error;
    if (error.code !== "CANCELLED") io.stderr.write(`${formatError(io, error)}\n`);
    return toExitCode(error);
  }
}

/**
 * Creates the parser of the command line. The code of a command is imported when the command runs.
 * @param end sets the exit code of a command that has one of its own
 */
function createProgram(io: Io, end: (code: number) => void): Command {
  const root = new Command("ai-lib")
    .description("One unified interface for any AI model, on the command line.")
    .version(readVersion(), "-V, --version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .showHelpAfterError("(run ai-lib --help for the list of commands)");
  addAsk(root, io);
  addChat(root, io);
  addCompare(root, io);
  addHealth(root, io);
  addLogs(root, io);
  addModels(root, io);
  addProviders(root, io);
  addKeys(root, io);
  addDemo(root, io);
  addConformance(root, io);
  addSimulate(root, io);
  addGateway(root, io, end);
  return root;
}

function addAsk(root: Command, io: Io): void {
  root
    .command("ask [words...]", { isDefault: true })
    .description('answer a prompt; also: ai-lib "prompt", and: ... | ai-lib "prompt"')
    .option(
      "-m, --model <provider/model>",
      "model that answers (default: DEFAULT_AI_MODEL, else the first configured provider)",
    )
    .option("-s, --system <text>", "system prompt")
    .option("--json", "print the whole response as JSON")
    .option("--no-stream", "print the answer when it is complete")
    .option("-q, --quiet", "print only the answer")
    .option("--trace", "print a timeline of the call and every attempt")
    .action(async (words: string[], options) => (await import("./commands/ask.js")).ask(io, words, options));
}

function addChat(root: Command, io: Io): void {
  root
    .command("chat")
    .description("have a conversation; Ctrl-C stops an answer, Ctrl-D exits")
    .option("-m, --model <provider/model>", "model that answers")
    .option("-s, --system <text>", "system prompt")
    .option("-q, --quiet", "print only the answers")
    .action(async (options) => (await import("./commands/chat.js")).chat(io, options));
}

function addCompare(root: Command, io: Io): void {
  root
    .command("compare [words...]")
    .description("send one prompt to several models; compare speed, tokens and cost")
    .option("-m, --model <provider/model>", "a model to compare; repeat the option for each", collect)
    .option("-s, --system <text>", "system prompt")
    .option("--json", "print the answers and the measurements as JSON")
    .action(async (words: string[], options) =>
      (await import("./commands/compare.js")).compare(io, words, options),
    );
}

function addHealth(root: Command, io: Io): void {
  root
    .command("health [targets...]")
    .description("check whether providers respond, without using tokens (default: all configured ones)")
    .option("--json", "print JSON")
    .action(async (targets: string[], options) =>
      (await import("./commands/health.js")).checkHealth(io, targets, options),
    );
}

function addLogs(root: Command, io: Io): void {
  const logs = root
    .command("logs")
    .description("show recorded prompts and answers; recording is off until `ai-lib logs on`")
    .option("-n, --count <number>", "number of the latest entries; 0 for all", "5")
    .option("-s, --search <text>", "show only entries that contain this text")
    .option("--json", "print JSON, one object per line")
    .action(async (options) => (await import("./commands/logs.js")).showLogs(io, options));
  logs
    .command("on")
    .description("record prompts and answers from now on, in a file that only you can read")
    .action(async () => (await import("./commands/logs.js")).turnLogs(io, true));
  logs
    .command("off")
    .description("stop recording; recorded entries remain")
    .action(async () => (await import("./commands/logs.js")).turnLogs(io, false));
  logs
    .command("path")
    .description("print the path of the history file")
    .action(async () => (await import("./commands/logs.js")).showLogsPath(io));
}

function addModels(root: Command, io: Io): void {
  root
    .command("models [provider]")
    .description("list the models of a provider, or of all configured providers")
    .option("--json", "print JSON")
    .action(async (id: string | undefined, options) =>
      (await import("./commands/models.js")).listModels(io, id, options),
    );
}

function addProviders(root: Command, io: Io): void {
  root
    .command("providers")
    .description("list all providers, which of them are configured, and the variables of their keys")
    .option("--json", "print JSON")
    .action(async (options) => (await import("./commands/providers.js")).listProviders(io, options));
}

function addKeys(root: Command, io: Io): void {
  const keys = root.command("keys").description("store API keys in a file that only you can read");
  keys
    .command("set <provider>")
    .description("store a key, typed without echo or read from standard input")
    .action(async (id: string) => (await import("./commands/keys.js")).setKey(io, id));
  keys
    .command("list")
    .description("list the stored keys without their values")
    .option("--json", "print JSON")
    .action(async (options) => (await import("./commands/keys.js")).listKeys(io, options));
  keys
    .command("path")
    .description("print the path of the keys file")
    .action(async () => (await import("./commands/keys.js")).showKeysPath(io));
}

function addDemo(root: Command, io: Io): void {
  root
    .command("demo")
    .description("watch one chat fail over across three wire formats; needs no key")
    .option("--fast", "do not slow the stream down")
    .action(async (options) => (await import("./commands/demo.js")).runDemo(io, options));
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
    .action(async (options) => (await import("./commands/conformance.js")).checkConformance(io, options));
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
    .action(async (options) => (await import("./commands/simulate.js")).runSimulator(io, options));
}

function addGateway(root: Command, io: Io, end: (code: number) => void): void {
  root
    .command("gateway [args...]")
    .description("serve any model to the clients of any dialect; needs the package ai-lib-gateway")
    .helpOption(false)
    .allowUnknownOption()
    .action(async (args: string[]) =>
      end(await (await import("./commands/gateway.js")).runGateway(io, args)),
    );
}

/** Collects the values of an option that is given several times. */
function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
