import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { callOf, contextOf } from "../../src/core/contract/call.js";
import type { ClientHalf, DialectTarget, Quirks, StreamDecoder } from "../../src/core/contract/dialect.js";
import type { Frame } from "../../src/core/contract/transport.js";
import { AiLibError } from "../../src/core/errors/error.js";
import { chatLaws } from "../../src/core/kinds/chat/laws.js";
import type { AttemptRun } from "../../src/core/run/attempt.js";
import { openAttempt } from "../../src/core/run/open-attempt.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import type { Json, JsonObject } from "../../src/core/values/json.js";
import { scripted } from "../../src/testing/scripted.js";
import { IDLE_FLOW } from "./calls.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../../../..");

/** Exchanges made by hand, which come with the repository; each shows a fact of its API. */
const handMade = join(root, "packages/ai-lib/test/fixtures/exchanges");

/**
 * The folders that hold exchanges: the one in the repository, and one with recorded exchanges where there is one.
 * `AI_LIB_RECORDINGS` names it; the default is `../shared/wire` beside the repository.
 */
const folders: readonly string[] = (() => {
  const named = process.env["AI_LIB_RECORDINGS"];
  const recorded = resolve(root, named ?? "../shared/wire");
  if (existsSync(join(recorded, "INDEX.jsonl"))) return [handMade, recorded];
  if (named !== undefined) throw new Error(`AI_LIB_RECORDINGS: there is no INDEX.jsonl in ${recorded}`);
  return [handMade];
})();

export interface Recording {
  readonly id: string;
  readonly provider: string;
  readonly api: string;
  readonly model: string | null;
  readonly stream: boolean;
  readonly streamFormat: "sse" | "aws-eventstream" | "ndjson" | "json-array" | null;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Record<string, string>;
    readonly body: Json;
    readonly elided?: unknown;
  } | null;
  readonly response: {
    readonly status: number;
    readonly headers: Record<string, string>;
    readonly body: string;
    readonly bodyEncoding: "utf8" | "base64";
  };
  readonly session?: string;
}

export interface Expected {
  readonly id: string;
  readonly outcome: "response" | "error" | "truncated" | null;
  readonly text: string | null;
  readonly reasoning: string | null;
  readonly refusal: string | null;
  readonly toolCalls: readonly { readonly name: string; readonly arguments: JsonObject | null }[] | null;
  readonly finish: string | null;
  readonly usage: { readonly [field: string]: number | null } | null;
  readonly model: string | null;
  readonly responseId: string | null;
  readonly sources: number | null;
  readonly error: {
    readonly status: number | null;
    readonly class: string | null;
    readonly classes?: readonly string[];
    readonly inBand: boolean;
  } | null;
}

export interface Case {
  readonly recording: Recording;
  readonly expected: Expected;
}

/** A line of INDEX.jsonl. */
interface IndexEntry {
  readonly id: string;
  readonly file: string;
  readonly api: string;
  readonly stream: boolean;
}

/** The exchanges whose line in the index is wanted; by default those of all folders. */
export function recordings(
  wanted: (entry: IndexEntry) => boolean,
  from: readonly string[] = folders,
): Recording[] {
  return from.flatMap((folder) =>
    lines<IndexEntry>(join(folder, "INDEX.jsonl"))
      .filter(wanted)
      .map(({ file }) => JSON.parse(readFileSync(join(folder, file), "utf8")) as Recording),
  );
}

/**
 * The chat exchanges of an API that have an answer in the key.
 * @throws if there is none: a test of no exchange tests nothing.
 */
export function recordedCases(api: string, from: readonly string[] = folders): Case[] {
  const key = new Map(
    from.flatMap((folder) =>
      lines<Expected>(join(folder, "expected.jsonl")).map((line) => [line.id, line] as const),
    ),
  );
  const cases = recordings((entry) => entry.api === api, from).flatMap((recording) => {
    const expected = key.get(recording.id);
    return expected === undefined ? [] : [{ recording, expected }];
  });
  if (cases.length === 0) throw new Error(`No exchange of the API ${api}`);
  return cases;
}

/** The cases of {@link recordedCases} that come with the repository, for tests that would take long with all. */
export function handMadeCases(api: string): Case[] {
  return recordedCases(api, [handMade]);
}

function lines<T>(file: string): T[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}

/** The bytes that the server sent. */
export function bodyBytes(recording: Recording): Buffer {
  return Buffer.from(
    recording.response.body,
    recording.response.bodyEncoding === "base64" ? "base64" : "utf8",
  );
}

/** What a call ended with. */
export type Outcome = { readonly response: ChatResponse } | { readonly error: AiLibError };

/** One asserted field that is not as the key says. */
export interface Difference {
  readonly field: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** Holds an outcome against the key; `null` in the key means "not asserted". */
export function differences(expected: Expected, outcome: Outcome): Difference[] {
  const found: Difference[] = [];
  const check = (field: string, want: unknown, got: unknown) => {
    if (want !== null && want !== undefined && canonical(want) !== canonical(got))
      found.push({ field, expected: want, got });
  };
  const got =
    "response" in outcome ? "response" : outcome.error.code === "STREAM_TRUNCATED" ? "truncated" : "error";
  check("outcome", expected.outcome, got);
  if (found.length > 0) {
    if ("error" in outcome) found.push({ field: "error", expected: null, got: outcome.error.message });
    return found;
  }
  const answer = "response" in outcome ? outcome.response : outcome.error.partial;
  check("text", expected.text, answer?.text ?? "");
  if (expected.reasoning !== null)
    check(
      "reasoning",
      expected.reasoning.replace(/\s+/g, ""),
      (answer?.reasoningText ?? "").replace(/\s+/g, ""),
    );
  if ("error" in outcome) {
    const { error } = outcome;
    if (expected.error?.class != null) check("error.class", expected.error.class, error.code);
    else if (expected.error?.classes !== undefined && !expected.error.classes.includes(error.code))
      found.push({ field: "error.classes", expected: expected.error.classes, got: error.code });
    if (expected.error?.inBand === false) check("error.status", expected.error.status, error.status);
    return found;
  }
  const { response } = outcome;
  const refusal = response.content.flatMap((part) => (part.type === "refusal" ? [part.text] : [])).join("");
  const hasRefusal = response.content.some((part) => part.type === "refusal");
  if (expected.refusal !== null) check("refusal", expected.refusal, refusal);
  else if (hasRefusal && refusal !== "") found.push({ field: "refusal", expected: null, got: refusal });
  if (expected.toolCalls !== null) {
    check(
      "toolCalls.names",
      expected.toolCalls.map((call) => call.name),
      response.toolCalls.map((call) => call.name),
    );
    expected.toolCalls.forEach((call, i) => {
      check(`toolCalls.${i}.arguments`, call.arguments, response.toolCalls[i]?.arguments ?? {});
    });
  }
  check("finish", expected.finish, response.finishReason);
  for (const [field, tokens] of Object.entries(expected.usage ?? {})) {
    const counted = (response.usage as unknown as Record<string, number | undefined>)[field];
    check(`usage.${field}`, tokens, counted ?? (tokens === 0 ? 0 : undefined));
  }
  check("model", expected.model, response.model);
  check("responseId", expected.responseId, response.id);
  check("sources", expected.sources, response.content.filter((part) => part.type === "source").length);
  return found;
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? "undefined"
  );
}

/** Frames of a recorded text stream, split plainly; the wire room has the real framers. */
export function framesOf(recording: Recording): Frame[] {
  const { body } = recording.response;
  if (recording.streamFormat === "ndjson")
    return body
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((data) => ({ data }));
  if (recording.streamFormat === "json-array")
    return (JSON.parse(body) as unknown[]).map((item) => ({ data: JSON.stringify(item) }));
  const frames: Frame[] = [];
  for (const block of body
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .split("\n\n")) {
    let event: string | undefined;
    const data: string[] = [];
    for (const line of block.split("\n")) {
      if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
      else if (line.startsWith("event:")) event = line.slice(6).trim();
    }
    if (data.length > 0) frames.push({ ...(event === undefined ? {} : { event }), data: data.join("\n") });
  }
  return frames;
}

/**
 * Replays a recording through a client half alone, without a transport.
 * @param frames those of the stream, or what feeds its decoder. Default: those that were recorded
 */
export function replayHalf(
  half: ClientHalf,
  recording: Recording,
  quirks: Quirks = {},
  frames?: Frame[] | ((decoder: StreamDecoder) => void),
): Outcome {
  const target: DialectTarget = {
    provider: recording.provider,
    model: recording.model ?? "recorded",
    quirks,
    now: 1_760_000_000_000,
  };
  const { status, headers, body } = recording.response;
  if (status < 200 || status > 299) return { error: half.error({ status, headers, body }, target) };
  const mode = recording.stream ? "stream" : "unary";
  const request = { messages: [{ role: "user" as const, content: "recorded" }] };
  let outcome: Outcome | undefined;
  let run: AttemptRun | undefined;
  openAttempt<"chat">(
    { provider: scripted(recording.provider), target: { provider: recording.provider, model: target.model } },
    callOf(chatLaws, request, mode, contextOf()),
    {
      event() {},
      finish(response) {
        outcome = { response };
      },
      fail(error) {
        outcome = { error };
      },
    },
    (opened) => {
      run = opened;
      return IDLE_FLOW;
    },
  );
  if (run === undefined) throw new Error(`${recording.id}: not opened`);
  if (recording.stream) {
    const decoder = half.decoder(target, run);
    if (typeof frames === "function") frames(decoder);
    else for (const frame of frames ?? framesOf(recording)) decoder.frame(frame);
    decoder.end();
  } else {
    try {
      run.reply(half.decode({ status, headers, body }, target));
    } catch (error) {
      run.fail(AiLibError.from(error));
    }
  }
  if (outcome === undefined) throw new Error(`${recording.id}: no ending`);
  return outcome;
}
