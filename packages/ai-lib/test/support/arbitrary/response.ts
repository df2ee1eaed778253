import fc from "fast-check";
import { AiLibError, type AiLibErrorInit } from "../../../src/core/errors/error.js";
import { REACTIONS } from "../../../src/core/errors/reactions.js";
import { buildResponse } from "../../../src/core/kinds/chat/response.js";
import type { RateLimit, RateLimits, Warning } from "../../../src/core/values/answer.js";
import type { Attempt } from "../../../src/core/values/attempt.js";
import type { ChatResponse, EndFacts, RefusalDetails } from "../../../src/core/values/chat-response.js";
import type { ErrorCode, ErrorScope } from "../../../src/core/values/error-code.js";
import type { ContentPart } from "../../../src/core/values/message.js";
import type { Target } from "../../../src/core/values/target.js";
import type { ToolRunProgress } from "../../../src/core/values/tool-run.js";
import type {
  CacheWrite,
  TokenCounts,
  TokensByModality,
  Usage,
  UsagePass,
  UsageStatus,
} from "../../../src/core/values/usage.js";
import { ANYWHERE, contentParts, cutCall, extensionsOf, object, prose, type Scope, word } from "./parts.js";
import { type Every, record } from "./record.js";

const count = fc.nat(9_999);
const epoch = fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }).map((seconds) => seconds * 1_000);

const some = fc.integer({ min: 1, max: 999 });

/** Counts of tokens, with writes to caches of some lifetimes. */
function countsOf(...lifetimes: readonly string[]): Every<TokenCounts> {
  const write = fc.record<CacheWrite>({ ttl: fc.constantFrom(...lifetimes), tokens: some });
  return {
    inputTokens: count,
    outputTokens: count,
    cachedInputTokens: some,
    cacheWriteInputTokens: some,
    cacheWrites: fc
      .uniqueArray(write, { minLength: 1, maxLength: 2, selector: ({ ttl }) => ttl })
      .map((writes) => merged(writes)),
  };
}

/** Counts whose subsets are subsets. */
function added<T extends TokenCounts>(one: T): T {
  const written = one.cacheWrites?.reduce((sum, { tokens }) => sum + tokens, 0) ?? one.cacheWriteInputTokens;
  return {
    ...one,
    ...(written === undefined ? {} : { cacheWriteInputTokens: written }),
    inputTokens: one.inputTokens + (one.cachedInputTokens ?? 0) + (written ?? 0),
  };
}

const pass = record<UsagePass>(
  // Anthropic alone counts passes.
  { ...countsOf("5m", "1h"), type: fc.constantFrom("message", "compaction", "advisor_message"), model: word },
  ["type", "inputTokens", "outputTokens"],
  4,
).map(added);

const byModality = record<TokensByModality>(
  { text: some, image: some, audio: some, video: some, pdf: some },
  ["text"],
  2,
);

/** Usage whose subsets are subsets. */
export const usage: fc.Arbitrary<Usage> = record<Usage>(
  {
    ...countsOf("5m", "1h", "30m", "12h"),
    reasoningTokens: some,
    inputByModality: byModality,
    outputByModality: byModality,
    toolUses: fc.dictionary(word, some, { minKeys: 1, maxKeys: 2 }),
    units: fc.constant({}),
    passes: fc.array(pass, { minLength: 1, maxLength: 2 }),
    raw: object,
  },
  ["inputTokens", "outputTokens"],
  4,
).map((one) => {
  const sum = (field: "inputTokens" | "outputTokens" | "cachedInputTokens" | "cacheWriteInputTokens") =>
    one.passes?.reduce((total, each) => total + (each[field] ?? 0), 0) ?? 0;
  const whole = added(one);
  const cached = (one.cachedInputTokens ?? 0) + sum("cachedInputTokens");
  const written = (whole.cacheWriteInputTokens ?? 0) + sum("cacheWriteInputTokens");
  const writes = [
    ...(one.cacheWrites ?? []),
    ...(one.passes ?? []).flatMap(({ cacheWrites = [] }) => cacheWrites),
  ];
  return {
    ...whole,
    ...(cached === 0 ? {} : { cachedInputTokens: cached }),
    ...(written === 0 ? {} : { cacheWriteInputTokens: written }),
    ...(writes.length === 0 ? {} : { cacheWrites: merged(writes) }),
    inputTokens: whole.inputTokens + sum("inputTokens"),
    outputTokens: one.outputTokens + (one.reasoningTokens ?? 0) + sum("outputTokens"),
  };
});

/** Writes of one lifetime as one, the shortest lifetime first. */
function merged(writes: readonly CacheWrite[]): CacheWrite[] {
  return ["5m", "1h", "30m", "12h"].flatMap((ttl) => {
    const tokens = writes.reduce((sum, one) => (one.ttl === ttl ? sum + one.tokens : sum), 0);
    return tokens === 0 ? [] : [{ ttl, tokens }];
  });
}

export const warning: fc.Arbitrary<Warning> = record<Warning>(
  {
    code: fc.constantFrom("unsupported", "changed", "state-dropped", "malformed", "other"),
    message: prose,
    field: fc.constantFrom("topK", "messages.0.content.1"),
  },
  ["code", "message"],
  2,
);

const rateLimit = record<RateLimit>({ limit: count, remaining: count, resetAt: epoch }, [], 2);

const cost = fc.double({ min: 0, max: 1, noNaN: true });

export function endFacts(scope: Scope): fc.Arbitrary<EndFacts> {
  return record<EndFacts>(
    {
      finishReason: fc.constantFrom("stop", "length", "tool-calls", "content-filter", "paused", "other"),
      rawFinishReason: word,
      usage,
      id: word,
      model: word,
      serviceTier: word,
      cost,
      refusal: record<RefusalDetails>({ category: word, explanation: prose }, ["category"], 2),
      cacheMiss: word,
      extensions: extensionsOf(scope),
    },
    ["finishReason", "usage", "id", "model"],
    3,
  );
}

const usageStatus = fc.constantFrom<UsageStatus>("final", "estimated", "pending", "unsupported");
const errorCode = fc.constantFrom(...(Object.keys(REACTIONS) as ErrorCode[]));
const scopes = fc.constantFrom<ErrorScope>("request", "key", "account", "model", "region", "provider");
const target = record<Target>(
  { provider: word, model: word, key: word, account: word, region: word },
  ["provider"],
  2,
);

const attempt = record<Attempt>(
  {
    target,
    outcome: fc.constantFrom("running", "success", "error", "cancelled", "skipped"),
    startedAt: epoch,
    endedAt: epoch,
    firstContentMs: count,
    code: errorCode,
    scope: scopes,
    retryAt: epoch,
    status: fc.integer({ min: 200, max: 599 }),
    message: prose,
    waitMs: count,
    waitReason: word,
    usage,
    usageStatus,
    cost,
  },
  ["target", "outcome", "startedAt"],
  2,
);

/** Answers as the leaf builds them, so that text, calls, message and finish reason agree with the content. */
export function chatResponse(scope: Scope, parts = contentParts(scope)): fc.Arbitrary<ChatResponse> {
  const more = record<
    Pick<ChatResponse, "usageStatus" | "cost" | "cached" | "rateLimits" | "requestId" | "headers" | "raw">
  >(
    {
      usageStatus,
      cost,
      cached: fc.constant(true as const),
      requestId: word,
      headers: fc.dictionary(word, word),
      rateLimits: record<RateLimits>({ requests: rateLimit, tokens: rateLimit }, [], 2),
      raw: object,
    },
    [],
    3,
  );
  return fc
    .tuple(
      parts,
      endFacts(scope),
      fc.array(warning, { maxLength: 2 }),
      fc.array(attempt, { maxLength: 2 }),
      cutCall,
      more,
    )
    .map(([content, given, warnings, attempts, cut, rest]) => {
      const facts = withoutCutInput(content, given);
      // Arguments are cut by the token limit alone, and what was cut was the last.
      const all = facts.finishReason === "length" && warnings.length > 1 ? [...content, cut] : content;
      const frame = { provider: "upstream", model: "asked", id: "given", attempts, estimateInput: () => 0 };
      return {
        ...buildResponse(
          all.map((part) => cited(part, all)),
          facts,
          warnings,
          frame,
        ),
        ...rest,
      };
    });
}

/**
 * How an answer ends. Nothing says that the input of a text tool is whole, so that an answer with such a call does not
 * end early: by the token limit, a filter or a pause.
 */
export function withoutCutInput<F extends Pick<EndFacts, "finishReason">>(
  content: readonly ContentPart[],
  facts: F,
): F {
  const text = content.some((part) => part.type === "tool-call" && part.input !== undefined);
  const whole = facts.finishReason === "stop" || facts.finishReason === "tool-calls";
  return text && !whole ? { ...facts, finishReason: "stop" } : facts;
}

/** A source supports a text of the same answer, or nothing. */
function cited(part: ContentPart, all: readonly ContentPart[]): ContentPart {
  if (part.type !== "source" || part.cites === undefined) return part;
  const index = all.findIndex((one) => one.type === "text");
  const { cites, ...rest } = part;
  return index < 0 ? rest : { ...rest, cites: { ...cites, index } };
}

/** What an error of a run of tools carries. */
const toolRun: ToolRunProgress = {
  messages: [],
  rounds: [],
  usage: { inputTokens: 1, outputTokens: 2 },
  usageStatus: "final",
  state: {
    type: "tool-run",
    version: 1,
    request: { messages: [] },
    round: 1,
    pauses: 0,
    usage: { inputTokens: 1, outputTokens: 2 },
    usageStatus: "final",
  },
};

/** Errors of every code, with every fact that one may tell. */
export const aiLibError: fc.Arbitrary<AiLibError> = record<AiLibErrorInit>(
  {
    code: errorCode,
    message: prose,
    scope: scopes,
    retryAt: epoch,
    local: fc.boolean(),
    phase: fc.constantFrom("first-content", "idle", "attempt", "total"),
    target,
    status: fc.integer({ min: 400, max: 599 }),
    requestId: word,
    headers: fc.dictionary(word, word, { maxKeys: 2 }),
    body: prose,
    attempts: fc.array(attempt, { maxLength: 2 }),
    committed: fc.boolean(),
    partial: chatResponse(ANYWHERE),
    issues: fc.array(
      fc.record({ path: fc.array(fc.oneof(word, fc.nat(9)), { maxLength: 3 }), message: prose, value: word }),
      { maxLength: 2 },
    ),
    toolRun: fc.constant(toolRun),
    cause: word,
  },
  ["code", "message"],
  2,
).map((init) => new AiLibError(init));
