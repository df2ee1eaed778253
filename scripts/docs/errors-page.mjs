// The table in docs/errors.md, from the one that the code acts on. The prose around its markers is written by hand.
const BEGIN = "<!-- reactions: written by `npm run docs` -->";
const END = "<!-- /reactions -->";

/** The page with its table renewed. */
export function errorsPage(reactions, page = "") {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin)
    throw new Error(`docs/errors.md has lost the markers of its table: ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${reactionsTable(reactions)}\n\n${page.slice(end)}`;
}

const SAME = {
  backoff: "after a back-off",
  once: "once",
  "retry-at": "if `retryAt` fits the deadline",
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
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function word(words, value) {
  const found = words[value];
  if (found === undefined) throw new Error(`No word for the reaction "${value}"`);
  return found;
}
