import { markdownTable, replaceMarked } from "./marked.mjs";

/** What each limit bounds, and the phase of its error. */
const MEANINGS = {
  connectMs: "until the connection stands, TLS included; enforced by the transport, as `NETWORK_ERROR`",
  headMs:
    "streams: until the head of the response; only while another provider could answer, and not for a model that is known to reason, unless its provider sends the head before",
  firstContentMs: "streams: from an attempt's start to its first content",
  answerMs: "unary calls: the whole answer of an attempt",
  idleMs: "streams: without a byte, once content has begun",
  stallMs: "streams: bytes arrive (comments, pings, empty deltas), and no progress",
  attemptMs: "one attempt, whole",
  streamMs: "streams: from the first content to the end",
  totalMs: "trying and waiting: every attempt and wait until an answer begins",
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
