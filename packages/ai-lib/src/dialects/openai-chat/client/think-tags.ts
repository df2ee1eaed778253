import type { ContentPiece } from "./content.js";

const OPEN = "<think>";
const CLOSE = "</think>";

/** Splits a `<think>` block at the start of an answer from its text, in place. */
export function splitThink(pieces: ContentPiece[]): void {
  const first = pieces[0];
  if (first?.type !== "text") return;
  const splitter = new ThinkSplitter();
  const found: ContentPiece[] = [];
  const take = (reasoning: boolean, text: string): void => {
    const last = found[found.length - 1];
    const type = reasoning ? "reasoning" : "text";
    if (last?.type === type) found[found.length - 1] = { type, text: last.text + text };
    else found.push({ type, text });
  };
  splitter.push(first.text, take);
  splitter.end(take);
  pieces.splice(0, 1, ...found);
}

/** Receives reasoning (`true`) and text. */
export type TakeThink = (reasoning: boolean, text: string) => void;

/**
 * Splits a text that comes in pieces. Only a tag at the start counts, after white space at most, so that an answer about
 * such tags is not split. White space after the closing tag is left out.
 */
export class ThinkSplitter {
  private state: "head" | "thinking" | "gap" | "text" = "head";
  private held = "";

  push(piece: string, take: TakeThink): void {
    if (this.state === "text") {
      take(false, piece);
      return;
    }
    let text = this.held + piece;
    this.held = "";
    if (this.state === "head") {
      const start = text.trimStart();
      if (OPEN.startsWith(start.slice(0, OPEN.length)) && start.length < OPEN.length) {
        this.held = text;
        return;
      }
      if (!start.startsWith(OPEN)) {
        this.state = "text";
        take(false, text);
        return;
      }
      this.state = "thinking";
      text = start.slice(OPEN.length);
    }
    if (this.state === "thinking") {
      const close = text.indexOf(CLOSE);
      if (close < 0) {
        const kept = partialTag(text);
        const clear = text.slice(0, text.length - kept);
        this.held = text.slice(text.length - kept);
        if (clear !== "") take(true, clear);
        return;
      }
      if (close > 0) take(true, text.slice(0, close));
      this.state = "gap";
      text = text.slice(close + CLOSE.length);
    }
    const answer = text.trimStart();
    if (answer === "") return;
    this.state = "text";
    take(false, answer);
  }

  /** Ends the answer: an incomplete tag is text. */
  end(take: TakeThink): void {
    if (this.held !== "") take(this.state === "thinking", this.held);
    this.held = "";
  }
}

/** The number of characters at the end of a text that may be the start of a closing tag. */
function partialTag(text: string): number {
  for (let length = Math.min(CLOSE.length - 1, text.length); length > 0; length--) {
    if (CLOSE.startsWith(text.slice(text.length - length))) return length;
  }
  return 0;
}
