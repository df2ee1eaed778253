import { markdownTable, replaceMarked } from "./marked.mjs";

/** What each limit bounds, and the phase of its error. */
const MEANINGS = {
  connectMs:
    "time to establish the connection, including TLS; enforced by the transport, fails with `NETWORK_ERROR`",
  headMs:
    "streams: until the head of the response; applies only while another provider could answer, and not to a model that is known to reason, unless its provider sends the head early",
  firstContentMs: "streams: from an attempt's start to its first content",
  answerMs: "unary calls: the whole answer of an attempt",
  idleMs: "streams: time without any byte, after content has begun",
  stallMs: "streams: time without progress although bytes arrive (comments, pings, empty deltas)",
  attemptMs: "one whole attempt",
  streamMs: "streams: from the first content to the end",
  totalMs: "all attempts and waits until an answer begins",
};

/** The page of defaults, with its table of timeouts. */
export function timeoutsPage({ defaults, production }, page) {
  return replaceMarked(page, "timeouts", timeoutsTable(defaults, production));
}

function timeoutsTable(defaults, production) {
  const rows = Object.entries(defaults).map(([name, ms]) => {
    const meaning = MEANINGS[name];
    if (meaning === undefined) throw new Error(`Describe the timeout ${name} in timeouts-page.mjs`);
    return [`\`${name}\``, meaning, inWords(ms), inWords(production[name] ?? ms)];
  });
  return markdownTable([["limit", "bounds", "default", "`forProduction()`"], ...rows]);
}

function inWords(ms) {
  if (ms === Number.POSITIVE_INFINITY) return "off";
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  return ms % 60_000 === 0 && ms >= 600_000 ? `${ms / 60_000} min` : `${ms / 1000} s`;
}
