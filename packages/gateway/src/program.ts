import { Command, CommanderError, Option } from "commander";
import {
  addGateway,
  addGroups,
  addKeys,
  addLogs,
  addRates,
  addRoutes,
  addUsage,
} from "./admin/client/add-commands.js";
import type { Io } from "./io.js";
import { escapeControls } from "./terminal-text.js";
import { readVersion } from "./version.js";
import { keepYoungGenerationSmall } from "./young-generation.js";

const OK = 0;
const FAILED = 1;
/** Wrong usage, or a wrong configuration. */
const USAGE = 2;

/**
 * Runs one command line.
 * @param args the arguments behind the program's name
 * @returns the exit code
 */
export async function run(io: Io, args: readonly string[]): Promise<number> {
  try {
    await createProgram(io).parseAsync([...args], { from: "user" });
    return OK;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? OK : USAGE;
    const { AiLibError } = await import("ai-lib");
    if (!AiLibError.is(error)) throw error;
    // It may quote a file, or what a server answered.
    io.stderr.write(`${escapeControls(error.message)}\n`);
    return error.code === "CONFIG_ERROR" ? USAGE : FAILED;
  }
}

/** Creates the parser of the command line. The code of a command is imported when the command runs. */
function createProgram(io: Io): Command {
  const root = new Command("ai-lib-gateway")
    .description("Accepts requests in any provider's dialect and answers them with any model.")
    .version(readVersion(), "-V, --version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
    })
    .showHelpAfterError("(run ai-lib-gateway --help for the list of commands)");
  addStart(root, io);
  addCheck(root, io);
  addExplain(root, io);
  addSchema(root, io);
  addOpenApi(root, io);
  addInit(root, io);
  addImport(root, io);
  addKeys(root, io);
  addGroups(root, io);
  addUsage(root, io);
  addRates(root, io);
  addLogs(root, io);
  addRoutes(root, io);
  addGateway(root, io);
  return root;
}

function addStart(root: Command, io: Io): void {
  root
    .command("start", { isDefault: true })
    .description(
      "serve the providers of a file, or without a file every provider whose key is in the environment",
    )
    .option(
      "-c, --config <file>",
      "YAML, JSON or code (default: ai-lib-gateway.yaml in this folder, if there is one)",
    )
    .option("--host <address>", "address to listen on (default: 127.0.0.1)")
    .option("-p, --port <port>", "port to listen on; 0 for a free one (default: 4100)")
    .option("--demo", "serve simulated models, which need no key")
    .option("--open", "serve clients without a key; only on 127.0.0.1, ::1 and localhost")
    .option("--no-watch", "do not read the file again when it changes or on SIGHUP")
    .addOption(new Option("--workers <count>", "refused: one process counts the limits of keys").hideHelp())
    // A word that is no command arrives here, since this is the default command.
    .allowExcessArguments()
    .action(async (options, command: Command) => {
      const [word] = command.args;
      if (word !== undefined) command.error(`error: unknown command '${word}'`);
      const letGrow = keepYoungGenerationSmall();
      const { startGateway } = await import("./start.js");
      await startGateway(io, options, () => {
        letGrow();
        io.onListening?.();
      });
    });
}

function addCheck(root: Command, io: Io): void {
  root
    .command("check [file]")
    .description(
      "check a file as a start does, and open its store, without listening or changing anything; every problem has its line",
    )
    .option("--no-store", "do not open the store, such as where the database cannot be reached")
    .action(async (file: string | undefined, options) =>
      (await import("./check.js")).checkFile(io, file, options),
    );
}

function addExplain(root: Command, io: Io): void {
  root
    .command("explain")
    .description(
      "show what a call would do, without making it: route, members and reasons, tokens, price, losses",
    )
    .option("-m, --model <name>", "the model that the client asks for (default: that of the request)")
    .option("-f, --file <request.json>", "the body of a chat request, for tokens, price and losses")
    .option("-d, --dialect <dialect>", "the dialect of the client (default: openai-chat)")
    .option("-c, --config <file>", "the configuration (default: as for a start)")
    .option(
      "--key <id>",
      "ask the running gateway over its admin API, with what is left of the limits of this key",
    )
    .option("--url <address>", "address of the admin API, with --key")
    .option("--insecure", "with --key: send the token over plain HTTP beyond loopback")
    .option("--json", "print JSON")
    .action(async (options) => (await import("./explain/command.js")).explainModel(io, options));
}

function addSchema(root: Command, io: Io): void {
  root
    .command("schema")
    .description("print the JSON Schema of the file")
    .action(async () => (await import("./print-schema.js")).printSchema(io));
}

function addOpenApi(root: Command, io: Io): void {
  root
    .command("openapi")
    .description("print the OpenAPI document of the admin API")
    .action(async () => (await import("./print-openapi.js")).printOpenApi(io));
}

function addInit(root: Command, io: Io): void {
  root
    .command("init [file]")
    .description("write a first file, with comments (default: ai-lib-gateway.yaml)")
    .action(async (file: string | undefined) => (await import("./init.js")).writeFirstFile(io, file));
}

function addImport(root: Command, io: Io): void {
  root
    .command("import <file>")
    .description("print a config.yaml of LiteLLM's proxy as a file of this gateway")
    .action(async (file: string) => (await import("./import/command.js")).importFile(io, file));
}
