/** Words that people type for a command or an option of another name. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  version: "--version",
  auth: "keys",
  login: "keys",
  history: "logs",
  serve: "simulate",
  server: "simulate",
  simulator: "simulate",
};

/**
 * Finds the command that was meant by a word that is no command: another name for it, its singular or plural, or a
 * slip of the keys (letters missing, doubled, exchanged or wrong). Undefined if the word is not near any command.
 */
export function findMeantCommand(word: string, commands: readonly string[]): string | undefined {
  const typed = word.toLowerCase().replace(/^-+/, "");
  const other = Object.hasOwn(OTHER_NAMES, typed) ? OTHER_NAMES[typed] : undefined;
  if (other !== undefined) return other;
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const command of commands) {
    const distance = countSlips(typed, command);
    if (distance >= least || distance > allowedSlips(typed, command)) continue;
    best = command;
    least = distance;
  }
  return best;
}

/** Short words are near too many others: one slip, behind the same first letter. Long words may have two. */
function allowedSlips(typed: string, command: string): number {
  const length = Math.min(typed.length, command.length);
  if (length < 3) return 0;
  if (typed[0] !== command[0]) return length < 6 ? 0 : 1;
  return length < 8 ? 1 : 2;
}

/** The edit distance in which two letters that changed places count as one slip (optimal string alignment). */
function countSlips(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let slips = Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) slips = Math.min(slips, (before[j - 2] ?? 0) + 1);
      next.push(slips);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
