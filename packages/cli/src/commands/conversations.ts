import { textOf } from "ai-lib";
import { usageError } from "../errors.js";
import { type Io, measureWidth, selectColors } from "../io.js";
import {
  listConversations,
  readConversation,
  removeConversation,
  type SavedConversation,
} from "../saved/conversation.js";
import { formatTable } from "../table.js";
import { foreignText, leaveControls } from "../terminal.js";

/** Lists the saved conversations, the latest change last. */
export async function showConversations(io: Io, options: { readonly json?: boolean }): Promise<void> {
  const names = await listConversations(io.environment);
  const saved = await Promise.all(
    names.map(async (name) => ({ name, ...(await requireConversation(io, name)) })),
  );
  saved.sort((a, b) => a.updatedAt.localeCompare(b.updatedAt));
  const facts = saved.map(({ name, model, updatedAt, messages }) => ({
    name,
    model,
    updatedAt,
    messages: messages.length,
  }));
  if (options.json === true) io.stdout.write(`${JSON.stringify(facts, null, 2)}\n`);
  else if (facts.length === 0) io.stderr.write("No conversations are saved.\n");
  else {
    const columns = ["changed", "name", "messages", "model"].map((heading) => ({
      heading,
      right: heading === "messages",
    }));
    const rows = facts.map(({ name, model, updatedAt, messages }) => [
      updatedAt.slice(0, 16).replace("T", " "),
      name,
      String(messages),
      foreignText(io.stdout, model),
    ]);
    io.stdout.write(`${formatTable(columns, rows, measureWidth(io.stdout))}\n`);
  }
}

/** Prints the messages of a conversation. */
export async function showConversation(
  given: Io,
  name: string,
  options: { readonly raw?: boolean },
): Promise<void> {
  const io = leaveControls(given, options.raw);
  const { messages } = await requireConversation(io, name);
  const color = selectColors(io, io.stdout);
  for (const { role, content } of messages)
    io.stdout.write(`${color.cyan(`${role}>`)} ${foreignText(io.stdout, textOf(content)).trimEnd()}\n\n`);
}

/** Deletes a saved conversation. */
export async function deleteConversation(io: Io, name: string): Promise<void> {
  await requireConversation(io, name);
  await removeConversation(io.environment, name);
  io.stderr.write(`Removed the conversation ${name}.\n`);
}

async function requireConversation(io: Io, name: string): Promise<SavedConversation> {
  const found = await readConversation(io.environment, name);
  if (found === undefined)
    throw usageError(`There is no conversation "${name}"; see: ai-lib conversations list`);
  return found;
}
