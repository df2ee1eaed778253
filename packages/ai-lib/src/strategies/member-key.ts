import { targetText } from "../core/recovery/member-cell.js";
import type { Entry } from "./member.js";

/**
 * A text for each member that is the same in every process and wherever the member is in the list. Members that
 * cannot be distinguished are numbered.
 */
export function memberKeys(entries: readonly Entry[]): readonly string[] {
  return numberTwins(entries.map(keyOf), (key, twins) => `${key}\n${twins}`);
}

/** The target of each member in words, such as `"groq (key a)"`, without its model. Equal ones are numbered. */
export function targetKeys(entries: readonly Entry[]): readonly string[] {
  const texts = entries.map(({ provider }) => targetText(provider));
  return numberTwins(texts, (text, twins) => (twins === 0 ? text : `${text} #${twins + 1}`));
}

function keyOf(entry: Entry): string {
  const { provider, model, key, account, region } = entry.target;
  const own = typeof entry.model === "string" ? entry.model : model;
  return JSON.stringify([entry.name, provider, own, key, account, region]);
}

function numberTwins(
  texts: readonly string[],
  name: (text: string, twins: number) => string,
): readonly string[] {
  const seen = new Map<string, number>();
  return texts.map((text) => {
    const twins = seen.get(text) ?? 0;
    seen.set(text, twins + 1);
    return name(text, twins);
  });
}
