import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { nameModels } from "../client.js";
import { openEditor } from "../commands/templates.js";
import { usageError } from "../errors.js";
import type { Io } from "../io.js";
import { readAttachment } from "../prompt/attachments.js";
import { formatDollars } from "../report.js";
import { readSettings } from "../settings.js";
import { readSetup } from "../setup.js";
import type { LineReader } from "./line-reader.js";
import type { ChatSession } from "./session.js";

/** What a command can use. */
export interface CommandContext {
  readonly io: Io;
  readonly session: ChatSession;
  readonly reader: LineReader;
  /** Prints a line for the user. */
  say(text: string): void;
}

/** What happens after a command: the next input is read, a prompt is sent, or the chat ends. */
type Next = { readonly prompt: string } | "read" | "exit";

interface ChatCommand {
  readonly name: string;
  /** What follows the name, for the help. */
  readonly argument?: string;
  readonly description: string;
  run(context: CommandContext, argument: string): Promise<Next> | Next;
}

const COMMANDS: readonly ChatCommand[] = [
  {
    name: "model",
    argument: "[provider/model]",
    description: "let another model answer, or show who does",
    async run({ session, say }, model): Promise<Next> {
      if (model !== "") await session.switchModel(model);
      say(`${nameModels(session.client)} answers`);
      return "read";
    },
  },
  {
    name: "system",
    argument: "[text]",
    description: "set the system prompt; without text, remove it",
    run({ session, say }, text) {
      session.system = text === "" ? undefined : text;
      say(text === "" ? "No system prompt" : "The system prompt holds from the next message on");
      return "read";
    },
  },
  {
    name: "file",
    argument: "<path or URL>",
    description: "attach a picture, a document or a text to the next message",
    async run({ session, say }, path): Promise<Next> {
      if (path === "") throw usageError("/file takes a path or a URL");
      session.attached.push(await readAttachment(expandHome(path)));
      say(`Attached ${path}; it goes with the next message`);
      return "read";
    },
  },
  {
    name: "edit",
    argument: "[text]",
    description: "write the message in $EDITOR",
    async run({ io, reader }, text): Promise<Next> {
      const prompt = await reader.lend(() => editText(io, text));
      return prompt.trim() === "" ? "read" : { prompt };
    },
  },
  {
    name: "undo",
    description: "remove the last message and its answer",
    run({ session, say }) {
      const removed = session.undo();
      session.attached = [];
      say(removed === undefined ? "There is nothing to remove" : `Removed: ${removed.slice(0, 60)}`);
      return "read";
    },
  },
  {
    name: "retry",
    description: "ask for another answer to the last message",
    run({ session, say }) {
      const prompt = session.undo();
      if (prompt !== undefined) return { prompt };
      say("There is no message yet");
      return "read";
    },
  },
  {
    name: "save",
    argument: "<name>",
    description: "save the conversation under a name, for --conversation",
    async run({ session, say }, name): Promise<Next> {
      if (name === "") throw usageError("/save takes a name");
      session.name = name;
      await session.save();
      say(`Saved; continue it with: ai-lib chat --conversation ${name}`);
      return "read";
    },
  },
  {
    name: "cost",
    description: "show the tokens and the price so far",
    run({ session, say }) {
      say(session.describeCost(formatDollars));
      return "read";
    },
  },
  {
    name: "tools",
    description: "list the tools that the model may call",
    run({ session, say }) {
      const tools = session.tools?.tools ?? [];
      if (tools.length === 0) say("No tools; load some with: ai-lib chat -T tools.js");
      for (const { name, description = "" } of tools) say(`${name}  ${description}`);
      return "read";
    },
  },
  {
    name: "new",
    description: "start a new conversation",
    run({ session, say }) {
      session.restart();
      say("A new conversation");
      return "read";
    },
  },
  {
    name: "help",
    description: "show this list",
    run({ say }) {
      say(HELP);
      return "read";
    },
  },
  { name: "exit", description: "end the chat; Ctrl-D does, too", run: () => "exit" },
];

const HELP = [
  ...COMMANDS.map(({ name, argument, description }) => {
    const usage = `/${name}${argument === undefined ? "" : ` ${argument}`}`;
    return `${usage.padEnd(26)} ${description}`;
  }),
  "",
  "A message of several lines: paste it, end a line with \\, or put ::: before and after it.",
  "Ctrl-C stops an answer; what was said stays. // begins a message with a slash.",
].join("\n");

/**
 * Runs a command of the chat.
 * @param input what was typed, with the slash
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown command, with the nearest ones.
 */
export async function runChatCommand(context: CommandContext, input: string): Promise<Next> {
  const [, typed = "", argument = ""] = /^\/(\S*)\s*([\s\S]*)$/.exec(input) ?? [];
  const name = typed === "quit" ? "exit" : typed;
  const command = COMMANDS.find((each) => each.name === name);
  if (command === undefined) {
    const near = COMMANDS.filter((each) => typed !== "" && each.name.startsWith(typed[0] ?? "")).map(
      (each) => `/${each.name}`,
    );
    throw usageError(
      `There is no command /${typed}${near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`} /help lists all; // sends a message that begins with a slash`,
    );
  }
  return command.run(context, argument.trim());
}

/** Completes commands, models behind `/model`, and paths behind `/file`. */
export async function completeInput(io: Io, line: string): Promise<[string[], string]> {
  const model = /^\/model\s+(\S*)$/.exec(line)?.[1];
  if (model !== undefined) {
    const { factory } = await readSetup(io);
    const { aliases = {} } = await readSettings(io.environment);
    return [[...Object.keys(aliases), ...factory.ids()].filter((name) => name.startsWith(model)), model];
  }
  const path = /^\/file\s+(.*)$/.exec(line)?.[1];
  if (path !== undefined) return [await completePath(path), path];
  if (!line.startsWith("/")) return [[], line];
  return [COMMANDS.map(({ name }) => `/${name}`).filter((name) => name.startsWith(line)), line];
}

async function completePath(path: string): Promise<string[]> {
  const folder = path.endsWith("/") ? path : dirname(path);
  const begun = path.endsWith("/") ? "" : basename(path);
  const entries = await readdir(expandHome(folder === "" ? "." : folder), { withFileTypes: true });
  return entries
    .filter(({ name }) => name.startsWith(begun) && (begun.startsWith(".") || !name.startsWith(".")))
    .map((entry) => `${join(folder, entry.name)}${entry.isDirectory() ? "/" : ""}`)
    .slice(0, 200);
}

function expandHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
}

/** Opens the editor with a text, and returns what was written. */
async function editText(io: Io, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ai-lib-"));
  try {
    const path = join(folder, "message.md");
    await writeFile(path, text, { mode: 0o600 });
    await openEditor(io, path);
    return (await readFile(path, "utf8")).trimEnd();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
