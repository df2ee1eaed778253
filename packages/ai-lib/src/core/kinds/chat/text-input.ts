import { isObject, tryParse } from "../../values/json.js";
import type { ToolCallPart } from "../../values/message.js";

/** The field of the function that represents a text tool. */
export const INPUT = "input";

/** The JSON before the text: of arguments in their usual order, the field is the first. */
const HEAD = /^\s*\{\s*"input"\s*:\s*"/;

/** Characters in which {@link HEAD} must come. */
const LONGEST_HEAD = 256;

/** An escape that has begun and not ended. */
const OPEN_ESCAPE = /\\(?:u[0-9a-fA-F]{0,3})?$/;

/**
 * Reads the text of a text tool from the JSON arguments of the function that represents it, in pieces and in linear
 * time: `{"input":"ls -l"}` as `ls -l`.
 */
export class TextInput {
  private readonly pieces: string[] = [];
  private readonly given: string[] = [];
  private state: "head" | "text" | "after" | "unusual" = "head";
  /** Input that is not read yet: the start of the JSON, or of an escape. */
  private unread = "";

  /** More of the JSON. @returns more of the text. */
  push(piece: string): string {
    this.pieces.push(piece);
    if (this.state === "after" || this.state === "unusual") return "";
    this.unread += piece;
    if (this.state === "head" && !this.readHead()) return "";
    const text = this.readText();
    this.given.push(text);
    return text;
  }

  /** The end of the JSON. @returns the rest of the text, and whether all of it is known. */
  end(): { readonly rest: string; readonly whole: boolean } {
    const value = tryParse(this.pieces.join(""));
    const input = isObject(value) ? value[INPUT] : undefined;
    const given = this.given.join("");
    return typeof input === "string" && input.startsWith(given)
      ? { rest: input.slice(given.length), whole: true }
      : { rest: "", whole: false };
  }

  private readHead(): boolean {
    const head = HEAD.exec(this.unread);
    if (head === null) {
      if (this.unread.length > LONGEST_HEAD) this.state = "unusual";
      return false;
    }
    this.unread = this.unread.slice(head[0].length);
    this.state = "text";
    return true;
  }

  private readText(): string {
    const { unread } = this;
    const end = endOfString(unread);
    const open = end === -1 ? OPEN_ESCAPE.exec(unread) : null;
    // A pair of backslashes is a whole escape.
    const until =
      end !== -1 ? end : open === null || isEscaped(unread, open.index) ? unread.length : open.index;
    const raw = unread.slice(0, until);
    this.unread = unread.slice(until);
    if (end !== -1) this.state = "after";
    if (!raw.includes("\\")) return raw;
    const text = tryParse(`"${raw}"`);
    if (typeof text === "string") return text;
    this.state = "unusual";
    return "";
  }
}

/** Where a JSON string ends, without its first quote; -1 if it does not end. */
function endOfString(text: string): number {
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1))
    if (!isEscaped(text, at)) return at;
  return -1;
}

/** Whether a character follows an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let from = at;
  while (from > 0 && text[from - 1] === "\\") from--;
  return (at - from) % 2 === 1;
}

/**
 * Converts a call of a text tool's function into a call of the tool. If its arguments do not contain the complete text,
 * the known part is in `argumentsText`: such a call must not run.
 */
export function textCallOf(call: ToolCallPart): ToolCallPart {
  const { arguments: given, argumentsText, ...rest } = call;
  const input = new TextInput();
  const text = input.push(argumentsText ?? JSON.stringify(given ?? {}));
  const end = input.end();
  return end.whole ? { ...rest, input: text + end.rest } : { ...rest, argumentsText: text + end.rest };
}
