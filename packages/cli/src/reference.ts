import type { Command, Option } from "commander";

/** The commands that a user types, with those below them: `keys`, `keys set`, ... */
function listCommands(root: Command, path: readonly string[] = []): [string, Command][] {
  return root.commands
    .filter((command) => !command.name().startsWith("__") && command.name() !== "help")
    .flatMap((command) => {
      const name = [...path, command.name()];
      return [[name.join(" "), command] as [string, Command], ...listCommands(command, name)];
    });
}

function usageOf(name: string, command: Command): string {
  const words = command.registeredArguments.map((argument) => {
    const text = `${argument.name()}${argument.variadic ? "..." : ""}`;
    return argument.required ? `<${text}>` : `[${text}]`;
  });
  const options = command.options.length > 0 ? ["[options]"] : [];
  return ["ai-lib", name, ...options, ...words].join(" ");
}

function describeDefault({ defaultValue }: Option): string {
  return defaultValue === undefined || typeof defaultValue === "boolean"
    ? ""
    : ` (default: ${String(defaultValue)})`;
}

/** The commands and their options as Markdown. */
export function formatReference(root: Command): string {
  return listCommands(root)
    .map(([name, command]) => {
      const options = command.options.map(
        (option) => `| \`${option.flags}\` | ${escapeCell(option.description)}${describeDefault(option)} |`,
      );
      const table = options.length === 0 ? [] : ["", "| option | |", "| --- | --- |", ...options];
      return [
        `### \`${usageOf(name, command)}\``,
        "",
        `${escapeCell(capitalize(command.description()))}.`,
        ...table,
      ].join("\n");
    })
    .join("\n\n");
}

/** The manual page, in the macros of man (https://man7.org/linux/man-pages/man7/man.7.html). */
export function formatManPage(root: Command, version: string): string {
  const commands = listCommands(root).flatMap(([name, command]) => [
    ".TP",
    `.B ${escapeRoff(usageOf(name, command))}`,
    escapeRoff(`${capitalize(command.description())}.`),
    ...command.options.flatMap((option) => [
      ".RS",
      ".TP",
      `.B ${escapeRoff(option.flags)}`,
      escapeRoff(`${capitalize(option.description)}${describeDefault(option)}.`),
      ".RE",
    ]),
  ]);
  return [
    `.TH AI-LIB 1 "" "ai-lib-cli ${version}"`,
    ".SH NAME",
    `ai-lib \\- ${escapeRoff(root.description().replace(/\.$/, ""))}`,
    ".SH SYNOPSIS",
    '.B ai-lib\n.RI [ options ] " prompt"',
    ".br",
    ".B ai-lib\n.I command\n.RI [ options ]",
    ".SH COMMANDS",
    ...commands,
    ".SH EXIT STATUS",
    ".TP\n.B 0\nThe command succeeded.",
    ".TP\n.B 1\nA call failed.",
    ".TP\n.B 2\nWrong usage, or a wrong setting.",
    ".TP\n.B 130\nInterrupted by Ctrl-C.",
    "",
  ].join("\n");
}

/** A text as Markdown: a bar ends a cell, and `<` begins an element of HTML. */
function escapeCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "\\<");
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Text in which nothing is taken for a request of roff. */
function escapeRoff(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replace(/^([.'])/, "\\&$1");
}
