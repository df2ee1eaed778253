import { Lexer, type Token } from "marked";
import type { Colors } from "../io.js";

/** Formats the inline Markdown of one line: emphasis, code, links. The text holds no control characters. */
export function formatInline(text: string, color: Colors): string {
  return formatTokens(Lexer.lexInline(text) as Token[], color);
}

function formatTokens(tokens: readonly Token[], color: Colors): string {
  return tokens.map((token) => formatToken(token, color)).join("");
}

function formatToken(token: Token, color: Colors): string {
  const inner = () =>
    "tokens" in token && token.tokens !== undefined ? formatTokens(token.tokens, color) : token.raw;
  switch (token.type) {
    case "strong":
      return color.bold(inner());
    case "em":
      return color.italic(inner());
    case "codespan":
      return color.cyan(token["text"] as string);
    case "link":
      return formatLink(inner(), token["href"] as string, color);
    case "image":
      return formatLink(token["text"] as string, token["href"] as string, color);
    case "escape":
      return token["text"] as string;
    default:
      return token.raw;
  }
}

/** A link shows its address, so that its text cannot pass for another one. */
function formatLink(text: string, href: string, color: Colors): string {
  return text === href || `mailto:${text}` === href ? color.blue(href) : `${text} ${color.blue(`(${href})`)}`;
}

/**
 * The length of the beginning of a line that can be formatted before the rest arrives: up to the last space outside
 * emphasis, code and links. 0 if there is none.
 */
export function stablePrefix(line: string): number {
  let stable = 0;
  let open = "";
  for (let i = 0; i < line.length; i++) {
    const char = line[i] ?? "";
    if (char === "\\") i++;
    else if (char === "`") {
      const run = runOf(line, i, "`");
      if (open === "") open = run;
      else if (open === run) open = "";
      i += run.length - 1;
    } else if (open.startsWith("`")) continue;
    else if (char === "*" || char === "_" || char === "~") {
      const run = runOf(line, i, char);
      if (open === run) open = "";
      else if (open === "" && /\S/.test(line[i + run.length] ?? "")) open = run;
      i += run.length - 1;
    } else if (char === "[" && open === "") open = "[";
    else if (char === "]" && open === "[" && line[i + 1] !== "(") open = "";
    else if (char === ")" && open === "[") open = "";
    else if (char === " " && open === "") stable = i + 1;
  }
  return stable;
}

function runOf(line: string, from: number, char: string): string {
  let end = from;
  while (line[end] === char) end++;
  return line.slice(from, end);
}
