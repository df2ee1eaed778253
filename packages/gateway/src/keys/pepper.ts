import { hash } from "node:crypto";
import type { KeyRecord } from "./record.js";

/** Hexadecimal digits of a mark: too few to find the pepper by it, and enough to notice another one. */
const DIGITS = 8;

/** Marks the secrets that were made with a pepper. @param pepper `""` for none */
export function pepperMark(pepper: string): string {
  return hash("sha256", `the mark of a pepper\n${pepper}`, "hex").slice(0, DIGITS);
}

/**
 * Whether all secrets of a key that have not expired were made with another pepper, so that the gateway knows none of
 * them.
 * @param now epoch milliseconds
 */
export function hasOtherPepper({ secrets }: KeyRecord, mark: string, now: number): boolean {
  const valid = secrets.filter(({ expiresAt }) => expiresAt === undefined || now < expiresAt);
  return valid.length > 0 && valid.every(({ pepper }) => pepper !== undefined && pepper !== mark);
}

/** What an operator reads where keys have another pepper; none without such keys. @param now epoch milliseconds */
export function otherPepperLines(keys: Iterable<KeyRecord>, pepper: string, now: number): readonly string[] {
  const mark = pepperMark(pepper);
  const [first, ...others] = [...keys].filter((key) => hasOtherPepper(key, mark, now));
  if (first === undefined) return [];
  const count = others.length + 1;
  return [
    `The \`pepper\` differs from that with which keys of the store were made, so that ${count} of them, such as ${first.id}, are refused: start with the former pepper, or rotate these keys`,
  ];
}
