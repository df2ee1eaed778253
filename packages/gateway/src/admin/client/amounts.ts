/** Dollars with as many digits as small amounts need. */
export function formatDollars(dollars: number): string {
  return dollars.toFixed(dollars !== 0 && dollars < 1 ? 6 : 2);
}

/** An amount of a limit. Sums of dollars have digits that no price has; of tokens and calls there are whole ones. */
export function formatAmount(amount: number, { dollars }: { readonly dollars?: number }): string {
  return String(Number(amount.toFixed(dollars === undefined ? 0 : 6)));
}

/** A number with its noun, such as `1 attempt has` and `2 attempts have`. */
export function countOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
