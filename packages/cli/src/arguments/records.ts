import type { Command } from "commander";
import type { Io } from "../io.js";

/** Adds the commands about recorded calls and saved conversations. */
export function addRecords(root: Command, io: Io): void {
  addLogs(root, io);
  addCost(root, io);
  addConversations(root, io);
}

function addCost(root: Command, io: Io): void {
  root
    .command("cost")
    .description("show what recorded calls cost, by provider and model")
    .option("--since <time>", "from a time such as 12h, 7d, 4w or 2026-11-01", "30d")
    .option("--json", "print JSON")
    .action(async (options) => (await import("../commands/cost.js")).showCost(io, options));
}

function addLogs(root: Command, io: Io): void {
  const logs = root
    .command("logs")
    .description("show recorded prompts and answers; recording is off until `ai-lib logs on`")
    .option("-n, --count <number>", "number of the latest entries; 0 for all", "5")
    .option("-q, --query <words>", "show only entries that contain these words, or words that begin so")
    .option("--json", "print JSON, one object per line")
    .option("--raw", "leave control sequences in entries on a terminal")
    .action(async (options) => (await import("../commands/logs.js")).showLogs(io, options));
  logs
    .command("on")
    .description("record prompts and answers from now on, in a file that only you can read")
    .action(async () => (await import("../commands/logs.js")).turnLogs(io, true));
  logs
    .command("off")
    .description("stop recording; recorded entries remain")
    .action(async () => (await import("../commands/logs.js")).turnLogs(io, false));
  logs
    .command("rm")
    .description("delete recorded entries")
    .option("--before <time>", "those before a time such as 30d or 2026-11-01")
    .option("--all", "all of them")
    .action(async (options) => (await import("../commands/logs.js")).removeLogs(io, options));
  logs
    .command("export")
    .description("print all entries as JSON, one object per line")
    .action(async () => (await import("../commands/logs.js")).showLogs(io, { count: "0", json: true }));
  logs
    .command("path")
    .description("print the path of the history file")
    .action(async () => (await import("../commands/logs.js")).showLogsPath(io));
}

function addConversations(root: Command, io: Io): void {
  const conversations = root
    .command("conversations")
    .description("conversations that -c and --conversation continue; AI_LIB_CONVERSATIONS=off saves none");
  conversations
    .command("list", { isDefault: true })
    .description("list the saved conversations")
    .option("--json", "print JSON")
    .action(async (options) => (await import("../commands/conversations.js")).showConversations(io, options));
  conversations
    .command("show <name>")
    .description("print a conversation")
    .option("--raw", "leave control sequences in it on a terminal")
    .action(async (name: string, options) =>
      (await import("../commands/conversations.js")).showConversation(io, name, options),
    );
  conversations
    .command("rm <name>")
    .description("delete a conversation")
    .action(async (name: string) =>
      (await import("../commands/conversations.js")).deleteConversation(io, name),
    );
}
