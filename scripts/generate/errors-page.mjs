// The table in docs/errors.md, from the table that the code uses.
import { markdownTable, replaceMarked } from "./marked.mjs";

/** The page with its table renewed. */
export function errorsPage(reactions, page) {
  return replaceMarked(page, "reactions", reactionsTable(reactions));
}

const SAME = {
  backoff: "after a back-off",
  once: "once",
  "retry-at": "at `retryAt`, or after a back-off, if that fits the deadline",
  never: "no",
};
const KEY = { yes: "yes", "by-scope": "if its scope is the key", no: "no" };
const OTHER = {
  yes: "yes",
  mapped: "if it is asked for another model",
  larger: "if its context window is larger",
  "opt-in": "opt-in",
  no: "no",
};
const BREAKER = {
  counts: "counts",
  cooldown: "cools down",
  "long-cooldown": "cools down for long",
  none: "none",
};

function reactionsTable(reactions) {
  const head = [
    "code",
    "severity",
    "scope",
    "same target again",
    "another key",
    "another provider",
    "breaker",
  ];
  const rows = Object.entries(reactions).map(([code, row]) => [
    `\`${code}\``,
    row.severity,
    row.scope,
    word(SAME, row.sameTarget),
    word(KEY, row.otherKey),
    word(OTHER, row.otherProvider),
    word(BREAKER, row.breaker),
  ]);
  return markdownTable([head, ...rows]);
}

function word(words, value) {
  const found = words[value];
  if (found === undefined) throw new Error(`No word for the reaction "${value}"`);
  return found;
}
