/** One place where a value does not fit its schema. */
export interface ValidationIssue {
  /** The keys and indexes that lead to it; empty for the value itself. */
  readonly path: readonly (string | number)[];
  /** What is wrong, in the words of the schema's library. */
  readonly message: string;
  /** The value there; absent if there is none. */
  readonly value?: unknown;
}

/** `items.0.price: expected number`. */
export function issueText({ path, message }: ValidationIssue): string {
  return `${path.length === 0 ? "(root)" : path.join(".")}: ${message}`;
}

/** The first issues as one text, at most `most` of them. */
export function issuesText(issues: readonly ValidationIssue[], most: number): string {
  const shown = issues.slice(0, most).map(issueText).join("; ");
  return issues.length > most ? `${shown}; and ${issues.length - most} more` : shown;
}

/** The value at a path; undefined if there is none. */
export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let at: unknown = value;
  for (const step of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at;
}
