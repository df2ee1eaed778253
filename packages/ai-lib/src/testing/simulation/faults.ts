import type { ErrorCode } from "../../core/values/error-code.js";
import type { SeededRandom } from "./seeded-random.js";

/** What one upstream attempt does. Times are milliseconds. */
export interface UpstreamPlan {
  /** The name that it is counted under. */
  readonly name: string;
  /** Answers with this error in the dialect's own shape. */
  readonly refusal?: {
    readonly code: ErrorCode;
    readonly retryAfterS?: number;
    /** Names the time as a date, by a clock that differs from the client's by so many milliseconds. */
    readonly skewMs?: number;
  };
  /** Refuses the connection, or does not answer its attempts. */
  readonly refuse?: boolean | "deaf";
  /** Sends the body in pieces of so many bytes, each after `frameDelayMs`. */
  readonly pieces?: number;
  /** Sends so many bytes in place of a body. */
  readonly oversize?: number;
  /** Gives the answer an id that other answers have, too. */
  readonly sameId?: boolean;
  /** A body in place of the answer. */
  readonly body?: string;
  readonly headDelayMs?: number;
  readonly firstDelayMs?: number;
  readonly frameDelayMs?: number;
  /** Frames after which it happens; 0 is before the first. */
  readonly at?: number;
  readonly ends?: "reset" | "cut" | "stall" | "comments" | "error" | "malformed";
  /** Nothing after the head, or not even a head. */
  readonly silent?: "head" | "first";
  readonly noTerminator?: boolean;
  /** The connection stays open behind the whole answer. */
  readonly lingers?: boolean;
}

type Make = (random: SeededRandom) => Omit<UpstreamPlan, "name">;

/** Everything that can go wrong upstream, by name. */
const FAULTS: Readonly<Record<string, Make>> = {
  "429 with retry-after": (random) => ({ refusal: { code: "RATE_LIMIT", retryAfterS: random.whole(1, 6) } }),
  "429 without": () => ({ refusal: { code: "RATE_LIMIT" } }),
  "429 with a date": (random) => ({
    refusal: { code: "RATE_LIMIT", retryAfterS: random.whole(1, 6), skewMs: 0 },
  }),
  "429 with a date by a clock that is off": (random) => ({
    refusal: {
      code: "RATE_LIMIT",
      retryAfterS: random.whole(1, 6),
      skewMs: random.pick([-1, 1]) * 7_200_000,
    },
  }),
  "429 with a date long past": () => ({
    refusal: { code: "RATE_LIMIT", retryAfterS: -86_400, skewMs: 0 },
  }),
  "429 with a date just past": () => ({ refusal: { code: "RATE_LIMIT", retryAfterS: -20, skewMs: 0 } }),
  "429 for a week": () => ({ refusal: { code: "RATE_LIMIT", retryAfterS: 604_800 } }),
  "429 for years": () => ({ refusal: { code: "RATE_LIMIT", retryAfterS: 99_999_999 } }),
  "no money for a week": () => ({ refusal: { code: "QUOTA_EXHAUSTED", retryAfterS: 604_800 } }),
  "500": () => ({ refusal: { code: "PROVIDER_ERROR" } }),
  overloaded: () => ({ refusal: { code: "OVERLOADED" } }),
  "overloaded with retry-after": (random) => ({
    refusal: { code: "OVERLOADED", retryAfterS: random.whole(1, 4) },
  }),
  "bad key": () => ({ refusal: { code: "AUTH_FAILED" } }),
  "no money": () => ({ refusal: { code: "QUOTA_EXHAUSTED" } }),
  forbidden: () => ({ refusal: { code: "PERMISSION_DENIED" } }),
  "no such model": () => ({ refusal: { code: "MODEL_NOT_FOUND" } }),
  "context too long": () => ({ refusal: { code: "CONTEXT_TOO_LONG" } }),
  "content filter": () => ({ refusal: { code: "CONTENT_FILTERED" } }),
  "bad request": () => ({ refusal: { code: "INVALID_REQUEST" } }),
  "connection refused": () => ({ refuse: true }),
  "a connection that nobody answers": () => ({ refuse: "deaf" }),
  dribbles: (random) => ({ pieces: random.whole(1, 40), frameDelayMs: random.whole(1, 8) }),
  "an endless error": () => ({ refusal: { code: "PROVIDER_ERROR" }, oversize: 3 * 1024 * 1024 }),
  "a limit with an endless body": (random) => ({
    refusal: { code: "RATE_LIMIT", retryAfterS: random.whole(1, 4) },
    oversize: 3 * 1024 * 1024,
  }),
  "an id that other answers have": () => ({ sameId: true }),
  "reset before head": (random) => ({ ends: "reset", at: -1, headDelayMs: random.whole(0, 200) }),
  "silent before head": () => ({ silent: "head" }),
  "silent after head": () => ({ silent: "first" }),
  "slow head": (random) => ({ headDelayMs: random.whole(300, 4_000) }),
  "slow first token": (random) => ({ firstDelayMs: random.whole(300, 4_000) }),
  "slow tokens": (random) => ({ frameDelayMs: random.whole(100, 1_200) }),
  "reset midway": (random) => ({ ends: "reset", at: random.whole(0, 8) }),
  "cut midway": (random) => ({ ends: "cut", at: random.whole(0, 8) }),
  "stall midway": (random) => ({ ends: "stall", at: random.whole(1, 8) }),
  "error in stream": (random) => ({ ends: "error", at: random.whole(0, 6) }),
  "malformed frame": (random) => ({ ends: "malformed", at: random.whole(0, 6) }),
  "no terminator": () => ({ noTerminator: true }),
  "comments without end": (random) => ({ ends: "comments", at: random.whole(0, 6) }),
  "open behind the answer": () => ({ lingers: true }),
  "open behind the answer, no terminator": () => ({ lingers: true, noTerminator: true }),
  "an error without its body": () => ({ refusal: { code: "PROVIDER_ERROR" }, silent: "first" }),
  "a limit without its body": (random) => ({
    refusal: { code: "RATE_LIMIT", retryAfterS: random.whole(1, 4) },
    silent: "first",
  }),
  html: () => ({ body: "<html><body>502 Bad Gateway</body></html>" }),
  "empty body": () => ({ body: "" }),
  "slow, then reset": (random) => ({
    firstDelayMs: random.whole(100, 1_500),
    ends: "reset",
    at: random.whole(1, 6),
  }),
  "slow, then cut": (random) => ({
    frameDelayMs: random.whole(50, 500),
    ends: "cut",
    at: random.whole(1, 6),
  }),
  "slow, then error": (random) => ({
    headDelayMs: random.whole(100, 1_500),
    ends: "error",
    at: random.whole(1, 4),
  }),
};

/** The names of all faults. */
export const FAULT_NAMES: readonly string[] = Object.keys(FAULTS);

/** What an attempt does: goes well, or one of the faults. */
export function planOf(random: SeededRandom, faultShare: number): UpstreamPlan {
  const pace = {
    headDelayMs: random.whole(0, 80),
    frameDelayMs: random.chance(0.5) ? 0 : random.whole(1, 40),
  };
  if (!random.chance(faultShare)) return { name: "none", ...pace };
  const name = random.pick(FAULT_NAMES);
  const fault = FAULTS[name];
  return { name, ...pace, ...fault?.(random) };
}
