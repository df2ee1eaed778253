import { REDACTED } from "./redact.js";
import { SecretFilter } from "./secret-filter.js";
import { formsOf, type SecretForm } from "./secret-forms.js";
import { unescapeText } from "./unescape-text.js";

/** Levels of escaping that are undone: JSON in a string of JSON in a query, for example. */
const LEVELS = 3;

/**
 * Masks known secrets in texts that come from outside: error messages, bodies, headers. It finds a secret in each form in
 * which a server repeats it: plain, escaped in JSON or HTML, percent-encoded, broken into lines, each of them up to three
 * levels deep, and in base64, base64url or hexadecimal digits. The time is linear in the text. Secrets of fewer than
 * four characters are not masked.
 *
 * Mask a text before you cut it: half of a secret is not found. {@link piece} masks a text that was cut before.
 */
export class SecretMask {
  // Private: a mask belongs to one request.
  readonly #secrets: () => Iterable<string>;
  #forms: readonly SecretForm[] | undefined;
  #filter: SecretFilter | undefined;
  /** {@link piece} as a bound function, made once for all requests with this mask. */
  readonly redact = (text: string): string => this.#mask(text, true);

  /** @param secrets called at the first text, since most requests need no mask before their reply. */
  constructor(secrets: () => Iterable<string>) {
    this.#secrets = secrets;
  }

  /** Masks a whole text. */
  text(text: string): string {
    return this.#mask(text, false);
  }

  /** Masks a text that may begin or end within a secret: the start of a body, a frame of a stream. */
  piece(text: string): string {
    return this.#mask(text, true);
  }

  /** Masks values of headers: the same object where there is nothing to mask. */
  headers(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    let masked: Record<string, string> | undefined;
    for (const name in headers) {
      const value = headers[name] ?? "";
      const safe = this.#mask(value, true);
      if (safe === value) continue;
      masked ??= { ...headers };
      masked[name] = safe;
    }
    return masked ?? headers;
  }

  #mask(text: string, cut: boolean): string {
    this.#forms ??= formsOf(this.#secrets());
    if (this.#forms.length === 0 || text === "") return text;
    this.#filter ??= new SecretFilter(this.#forms);
    if (!this.#filter.mayHoldSecret(text)) return text;
    const found = findForms(text, this.#forms, cut);
    let view = unescapeText(text);
    for (let level = 1; view !== undefined; level++) {
      const { at } = view;
      for (const [from, to] of findForms(view.text, this.#forms, cut))
        found.push([at[from] ?? 0, at[to] ?? 0]);
      const deeper = level < LEVELS ? unescapeText(view.text) : undefined;
      view = deeper && { text: deeper.text, at: deeper.at.map((position) => at[position] ?? 0) };
    }
    return found.length === 0 ? text : replaceRanges(text, found);
  }
}

type Range = readonly [from: number, to: number];

function findForms(text: string, forms: readonly SecretForm[], cut: boolean): Range[] {
  const found: Range[] = [];
  for (const { text: form, edge } of forms) {
    for (let at = text.indexOf(form); at !== -1; at = text.indexOf(form, at + form.length))
      found.push([at, at + form.length]);
    if (cut) findEdges(text, form, edge, found);
  }
  return found;
}

/** Finds the start of a form at the end of a text, its end at the start, and a text that is a part of it. */
function findEdges(text: string, form: string, least: number, found: Range[]): void {
  const most = Math.min(form.length - 1, text.length);
  // Most texts hold neither the start of a form near their end nor its end near their start.
  const starts = text.indexOf(form.slice(0, least), text.length - most) !== -1;
  const ends = text.lastIndexOf(form.slice(-least), most) !== -1;
  for (let length = most; starts && length >= least; length--) {
    if (!text.endsWith(form.slice(0, length))) continue;
    found.push([text.length - length, text.length]);
    break;
  }
  for (let length = most; ends && length >= least; length--) {
    if (!text.startsWith(form.slice(-length))) continue;
    found.push([0, length]);
    break;
  }
  if (text.length >= least && text.length < form.length && form.includes(text)) found.push([0, text.length]);
}

/** Replaces ranges, of which some may overlap, by the mask. */
function replaceRanges(text: string, ranges: Range[]): string {
  ranges.sort(([a], [b]) => a - b);
  let safe = "";
  let copied = 0;
  let end = -1;
  for (const [from, to] of ranges) {
    if (from > end) {
      if (end !== -1) copied = end;
      safe += text.slice(copied, from) + REDACTED;
    }
    end = Math.max(end, to);
  }
  return safe + text.slice(end);
}
