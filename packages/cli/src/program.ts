import { Command, CommanderError, Help } from "commander";
import { addBatch } from "./arguments/batch.js";
import { addGateway } from "./arguments/gateway.js";
import { addKinds } from "./arguments/kinds.js";
import { addRecords } from "./arguments/records.js";
import { addSetup } from "./arguments/setup.js";
import { addTalk } from "./arguments/talk.js";
import { addTesting } from "./arguments/testing.js";
import { OK, toExitCode, USAGE } from "./exit-codes.js";
import { type Io, measureWidth } from "./io.js";
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
    await createProgram(io, end, groupsFor(args)).parseAsync([...args], { from: "user" });
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

/** Commands that are added together, and their names. */
interface CommandGroup {
  readonly names: readonly string[];
  add(root: Command, io: Io, end: (code: number) => void): void;
}

const TALK: CommandGroup = {
  names: ["ask", "chat", "compare"],
  add: (root, io) => addTalk(root, io, COMMAND_NAMES),
};

const GROUPS: readonly CommandGroup[] = [
  TALK,
  { names: ["embed", "similar", "rerank", "transcribe", "speak", "image", "count"], add: addKinds },
  { names: ["batch"], add: addBatch },
  { names: ["logs", "cost", "conversations"], add: addRecords },
  {
    names: ["keys", "models", "aliases", "templates", "providers", "health", "doctor", "completion"],
    add: addSetup,
  },
  { names: ["demo", "conformance", "simulate"], add: addTesting },
  { names: ["gateway"], add: addGateway },
];

const COMMAND_NAMES = GROUPS.flatMap(({ names }) => names);

/** What shows or searches all commands. */
const NEEDS_ALL: ReadonlySet<string> = new Set(["help", "-h", "--help", "__complete"]);

/** The groups that a command line needs: adding the others would take a tenth of the time until a prompt is sent. */
function groupsFor(args: readonly string[]): readonly CommandGroup[] {
  if (args.some((each) => NEEDS_ALL.has(each))) return GROUPS;
  const [first = ""] = args;
  return [GROUPS.find(({ names }) => names.includes(first)) ?? TALK];
}

/**
 * Creates the parser of the command line. The code of a command is imported when the command runs.
 * @param end sets the exit code of a command that has one of its own
 * @param groups the commands that it knows; default: all
 */
export function createProgram(io: Io, end: (code: number) => void, groups = GROUPS): Command {
  const root = new Command("ai-lib")
    .description("One unified interface for any AI model, on the command line.")
    .version(readVersion(), "-V, --version")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      getOutHelpWidth: () => helpWidth(io.stdout),
      getErrHelpWidth: () => helpWidth(io.stderr),
    })
    .configureHelp({ minWidthToWrap: 20, formatItem })
    .showHelpAfterError("(run ai-lib --help for the list of commands)");
  for (const group of groups) group.add(root, io, end);
  return root;
}

/** The narrowest column of descriptions. In a narrower one, a description is below its term. */
const NARROWEST_DESCRIPTION = 30;

function formatItem(this: Help, term: string, termWidth: number, text: string, helper: Help): string {
  const width = helper.helpWidth ?? 80;
  if (text === "" || width - termWidth - 4 >= NARROWEST_DESCRIPTION)
    return Help.prototype.formatItem.call(this, term, termWidth, text, helper);
  const lines = helper.boxWrap(text, width - 6).split("\n");
  return [`  ${term}`, ...lines.map((line) => `      ${line}`)].join("\n");
}

/** The width of help texts: that of the terminal, 80 columns in a pipe. */
function helpWidth(stream: NodeJS.WritableStream): number {
  const width = measureWidth(stream);
  return Number.isFinite(width) ? width : 80;
}
