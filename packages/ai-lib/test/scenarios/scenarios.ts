import type { CallOptions } from "../../src/core/contract/call.js";
import type { ChatRequest } from "../../src/core/values/chat-request.js";
import type { ErrorCode } from "../../src/core/values/error-code.js";
import type { StrategyOptions } from "../../src/strategies/index.js";
import type { Fault } from "../../src/testing/fault.js";
import { QUESTION } from "./stage.js";

/** How a call must end: the members that are asked, and the code where it fails. */
interface Ending {
  readonly asked: readonly number[];
  readonly code?: ErrorCode;
  readonly restarts?: number;
}

/** What a chain of three members meets, and how a call to it must end. */
export interface Scenario {
  readonly what: string;
  /** What the first attempts at a member do, by member; the rest go well. */
  readonly script?: Readonly<Record<number, readonly Fault[]>>;
  /** What every attempt at a member does. */
  readonly always?: Readonly<Record<number, Fault>>;
  /** Faults of the first member that differ between whole and streamed answers. */
  readonly unaryAlways?: Fault;
  readonly failoverOn?: StrategyOptions["failoverOn"];
  readonly options?: CallOptions;
  readonly request?: ChatRequest;
  readonly unary: Ending;
  readonly stream: Ending;
  /** Milliseconds that must lie between the last two attempts. */
  readonly repeatedAfterMs?: number;
  /** The streamed answer tells that something was wrong with it. */
  readonly warned?: boolean;
}

/** Ends the same way whole and streamed. */
const both = (asked: readonly number[], code?: ErrorCode) => {
  const ending: Ending = code === undefined ? { asked } : { asked, code };
  return { unary: ending, stream: ending };
};
const once = (fault: Fault) => ({ script: { 0: [fault] } });
const restart: CallOptions = { midStream: "restart" };
const splice: CallOptions = { midStream: "splice" };
const fault = (code: ErrorCode, message = "The simulator was told so"): Fault => ({
  error: { code, message },
});
const prefill = "This model does not support assistant message prefill";
const prefilled: ChatRequest = {
  messages: [...QUESTION.messages, { role: "assistant", content: "You said" }],
};

/** The scenarios; a chain behind a gateway meets those that a file can express. */
export const SCENARIOS: readonly Scenario[] = [
  { what: "no fault", ...both([0]) },
  {
    what: "429 with Retry-After",
    ...once({ status: 429, headers: { "retry-after": "2" } }),
    ...both([0, 1]),
  },
  {
    what: "429 with Retry-After everywhere",
    script: Object.fromEntries([0, 1, 2].map((i) => [i, [{ status: 429, headers: { "retry-after": "2" } }]])),
    ...both([0, 1, 2, 2]),
    repeatedAfterMs: 2_000,
  },
  {
    what: "429 with Retry-After past the deadline",
    ...once({ status: 429, headers: { "retry-after": "600" } }),
    ...both([0, 1]),
  },
  { what: "429 without Retry-After", ...once({ status: 429 }), ...both([0, 1]) },
  { what: "one 500", ...once({ status: 500 }), ...both([0, 1]) },
  { what: "a lasting 500", always: { 0: { status: 500 } }, ...both([0, 1]) },
  { what: "a lasting 503", always: { 0: { status: 503 } }, ...both([0, 1]) },
  {
    what: "a lasting 503 everywhere",
    always: { 0: { status: 503 }, 1: { status: 503 }, 2: { status: 503 } },
    ...both([0, 1, 2, 2, 0, 1], "OVERLOADED"),
  },
  {
    what: "a lasting 500 everywhere: four repeats end it",
    always: { 0: { status: 500 }, 1: { status: 500 }, 2: { status: 500 } },
    ...both([0, 1, 2, 2, 2, 0, 0], "PROVIDER_ERROR"),
  },
  { what: "a reset before the head", ...once({ reset: "head" }), ...both([0, 1]) },
  { what: "resets before the head", always: { 0: { reset: "head" } }, ...both([0, 1]) },
  { what: "silence", always: { 0: { silent: "head" } }, ...both([0, 1]) },
  { what: "silence after the head", always: { 0: { silent: 0 } }, ...both([0, 1]) },
  {
    what: "silence everywhere",
    always: { 0: { silent: "head" }, 1: { silent: "head" }, 2: { silent: "head" } },
    unary: { asked: [0, 1], code: "TIMEOUT" },
    stream: { asked: [0, 1, 2], code: "TIMEOUT" },
  },
  {
    what: "a slow first token",
    always: { 0: { firstFrameDelayMs: 20_000 } },
    unaryAlways: { headDelayMs: 20_000 },
    ...both([0]),
  },
  {
    what: "a first token that is too slow",
    always: { 0: { firstFrameDelayMs: 130_000 } },
    unaryAlways: { headDelayMs: 610_000 },
    ...both([0, 1]),
  },
  {
    what: "an overload told in the stream before any content",
    ...once({ inBand: { after: 0, error: { code: "OVERLOADED", message: "busy" } } }),
    unary: { asked: [0] },
    stream: { asked: [0, 1] },
  },
  {
    what: "an overload told midway",
    ...once({ inBand: { after: 5, error: { code: "OVERLOADED", message: "busy" } } }),
    unary: { asked: [0] },
    stream: { asked: [0], code: "OVERLOADED" },
  },
  { what: "a cut before any content", ...once({ cut: 0 }), ...both([0, 1]) },
  {
    what: "a cut midway",
    ...once({ cut: 5 }),
    unary: { asked: [0, 1] },
    stream: { asked: [0], code: "STREAM_TRUNCATED" },
  },
  {
    what: "a cut midway, to be begun anew",
    ...once({ cut: 5 }),
    options: restart,
    unary: { asked: [0, 1] },
    stream: { asked: [0, 1], restarts: 1 },
  },
  { what: "a cut midway, to be spliced", ...once({ cut: 5 }), options: splice, ...both([0, 1]) },
  {
    what: "cuts midway, to be spliced by another",
    always: { 0: { cut: 5 }, 1: { cut: 6 } },
    options: splice,
    ...both([0, 1, 2]),
  },
  {
    what: "a reset midway",
    ...once({ reset: 5 }),
    unary: { asked: [0, 1] },
    stream: { asked: [0], code: "STREAM_TRUNCATED" },
  },
  {
    what: "a stall midway",
    ...once({ silent: 5 }),
    unary: { asked: [0, 1] },
    stream: { asked: [0], code: "TIMEOUT" },
  },
  {
    what: "a stall midway, to be begun anew",
    ...once({ silent: 5 }),
    options: restart,
    unary: { asked: [0, 1] },
    stream: { asked: [0, 1], restarts: 1 },
  },
  { what: "a malformed reply", ...once({ body: '{"broken":' }), ...both([0, 1]) },
  { what: "a malformed frame midway", ...once({ malformed: 5 }), ...both([0]), warned: true },
  {
    what: "no terminator",
    ...once({ noTerminator: true }),
    unary: { asked: [0] },
    stream: { asked: [0], code: "STREAM_TRUNCATED" },
  },
  {
    what: "no terminator, to be spliced",
    ...once({ noTerminator: true }),
    options: splice,
    unary: { asked: [0] },
    stream: { asked: [0, 1] },
  },
  {
    what: "a context too long: a larger window takes it",
    always: { 0: fault("CONTEXT_TOO_LONG") },
    ...both([0, 2]),
  },
  {
    what: "a context too long for all",
    always: { 0: fault("CONTEXT_TOO_LONG"), 2: fault("CONTEXT_TOO_LONG") },
    ...both([0, 2], "CONTEXT_TOO_LONG"),
  },
  {
    what: "a content filter: the caller is told",
    always: { 0: fault("CONTENT_FILTERED") },
    ...both([0], "CONTENT_FILTERED"),
  },
  {
    what: "a content filter: the next member, opted into",
    always: { 0: fault("CONTENT_FILTERED") },
    failoverOn: { contentFiltered: true },
    ...both([0, 1]),
  },
  {
    what: "a fallback that lacks assistant prefills",
    always: { 0: { status: 503 }, 1: fault("UNSUPPORTED_FEATURE", prefill) },
    request: prefilled,
    ...both([0, 1, 2]),
  },
  {
    what: "a fallback that calls an assistant prefill invalid",
    always: { 0: { status: 503 }, 1: fault("INVALID_REQUEST", prefill) },
    request: prefilled,
    ...both([0, 1], "INVALID_REQUEST"),
  },
  {
    what: "a fallback that calls an assistant prefill invalid, moving on opted into",
    always: { 0: { status: 503 }, 1: fault("INVALID_REQUEST", prefill) },
    request: prefilled,
    failoverOn: { invalidRequest: true },
    ...both([0, 1, 2]),
  },
  { what: "a bad key", always: { 0: { status: 401 } }, ...both([0, 1]) },
  { what: "no money", always: { 0: fault("QUOTA_EXHAUSTED") }, ...both([0, 1]) },
];
