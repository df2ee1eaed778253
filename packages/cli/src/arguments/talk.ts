import type { Command } from "commander";
import { findMeantCommand } from "../command-words.js";
import type { Io } from "../io.js";

/**
 * Adds the commands that talk to models: ask, chat, compare.
 * @param commands the names of all commands: a word that is near one is not sent as a prompt
 */
export function addTalk(root: Command, io: Io, commands: readonly string[]): void {
  addAsk(root, io, commands);
  addChat(root, io);
  addCompare(root, io);
}

/** The command that takes a prompt without the word `ask`; no user types its name. */
const PROMPT = "__prompt";

function addAsk(root: Command, io: Io, commands: readonly string[]): void {
  const named = root
    .command("ask [words...]")
    .description('answer a prompt; also: ai-lib "prompt", and: ... | ai-lib "prompt"');
  addAskOptions(named).action(async (words: string[], options) =>
    (await import("../commands/ask.js")).ask(io, words, options),
  );
  const unnamed = root.command(`${PROMPT} [words...]`, { isDefault: true, hidden: true });
  addAskOptions(unnamed).action(async (words: string[], options) => {
    const [first = ""] = words;
    const meant = findMeantCommand(first, commands);
    if (meant !== undefined)
      throw (await import("../errors.js")).unknownCommandError(first, meant, words.slice(1));
    await (await import("../commands/ask.js")).ask(io, words, options);
  });
}

function addAskOptions(command: Command): Command {
  return command
    .option(
      "-m, --model <provider/model>",
      "model that answers; repeat it for models that stand in when the one before fails",
      collect,
    )
    .option("-s, --system <text>", "system prompt")
    .option("-c, --continue", "continue the latest conversation")
    .option("--conversation <name>", "begin or continue the conversation of this name")
    .option("-a, --attach <file>", "attach a picture, a sound, a document or a URL; may be repeated", collect)
    .option("-f, --fragment <file>", "put a text file above the prompt; may be repeated", collect)
    .option("-t, --template <name>", "use a template (see `ai-lib templates`)")
    .option("-p, --param <name=value>", "value of a variable of the template; may be repeated", collect)
    .option("--schema <schema>", 'answer in JSON: a JSON Schema file, or fields such as "name, age int"')
    .option(
      "-o, --option <field=value>",
      "a field of the request, such as temperature=0.2; may be repeated",
      collect,
    )
    .option(
      "-T, --tools <module>",
      "let the model call the tools that a module exports; may be repeated",
      collect,
    )
    .option(
      "--mcp <command or URL>",
      "let the model call the tools of an MCP server; may be repeated",
      collect,
    )
    .option("-y, --yes", "run tools without asking")
    .option("--retry <number>", "how often a target that failed is asked again (default: 2)")
    .option("--dry-run", "print the request without sending it")
    .option("--allow-secrets", "send standard input even if it looks like an API key")
    .option("--json", "print the whole response as JSON")
    .option("--no-stream", "print the answer when it is complete")
    .option("--no-markdown", "print Markdown as it is, also on a terminal")
    .option(
      "--raw",
      "leave control sequences in an answer on a terminal; a model can then drive your terminal",
    )
    .option("-q, --quiet", "print only the answer")
    .option("--trace", "print a timeline of the call and every attempt");
}

function addChat(root: Command, io: Io): void {
  root
    .command("chat")
    .description("have a conversation; Ctrl-C stops an answer, Ctrl-D exits, /help lists what else there is")
    .option("-m, --model <provider/model>", "model that answers; repeat it for models that stand in", collect)
    .option("-s, --system <text>", "system prompt")
    .option("-c, --continue", "continue the latest conversation")
    .option("--conversation <name>", "begin or continue the conversation of this name")
    .option("-a, --attach <file>", "attach a file or a URL to the first message; may be repeated", collect)
    .option("-o, --option <field=value>", "a field of the requests, such as temperature=0.2", collect)
    .option(
      "-T, --tools <module>",
      "let the model call the tools that a module exports; may be repeated",
      collect,
    )
    .option(
      "--mcp <command or URL>",
      "let the model call the tools of an MCP server; may be repeated",
      collect,
    )
    .option("-y, --yes", "run tools without asking")
    .option("--no-markdown", "print Markdown as it is, also on a terminal")
    .option("--raw", "leave control sequences in answers on a terminal; a model can then drive your terminal")
    .option("-q, --quiet", "print only the answers")
    .action(async (options) => (await import("../commands/chat.js")).chat(io, options));
}

function addCompare(root: Command, io: Io): void {
  root
    .command("compare [words...]")
    .description("send one prompt to several models; compare speed, tokens and cost")
    .option("-m, --model <provider/model>", "a model to compare; repeat the option for each", collect)
    .option("-s, --system <text>", "system prompt")
    .option("--allow-secrets", "send standard input even if it looks like an API key")
    .option("--raw", "leave control sequences in answers on a terminal; a model can then drive your terminal")
    .option("--json", "print the answers and the measurements as JSON")
    .action(async (words: string[], options) =>
      (await import("../commands/compare.js")).compare(io, words, options),
    );
}

/** Collects the values of an option that is given several times. */
function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
