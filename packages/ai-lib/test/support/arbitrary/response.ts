import fc from "fast-check";
import { AiLibError, type AiLibErrorInit } from "../../../src/core/errors/error.js";
import { REACTIONS } from "../../../src/core/errors/reactions.js";
import { buildResponse } from "../../../src/core/kinds/chat/fold.js";
import type { RateLimit, RateLimits, Warning } from "../../../src/core/values/answer.js";
import type { Attempt } from "../../../src/core/values/attempt.js";
import type { ChatResponse, EndFacts } from "../../../src/core/values/chat-response.js";
import type { ErrorCode, ErrorScope } from "../../../src/core/values/error-code.js";
import type { ContentPart } from "../../../src/core/values/message.js";
import type { Target } from "../../../src/core/values/target.js";
import type { Usage, UsageStatus } from "../../../src/core/values/usage.js";
import { ANYWHERE, contentParts, cutCall, extensionsOf, object, prose, type Scope, word } from "./parts.js";
import { record } from "./record.js";

const count = fc.nat(9_999);
const epoch = fc.integer({ min: 1_700_000_000, max: 1_900_000_000 }).map((seconds) => seconds * 1_000);

/** Usage whose subsets are subsets. */
export const usage: fc.Arbitrary<Usage> = record<Usage>(
  {
    inputTokens: count,
    outputTokens: count,
    cachedInputTokens: fc.integer({ min: 1, max: 999 }),
    cacheWriteInputTokens: fc.integer({ min: 1, max: 999 }),
    reasoningTokens: fc.integer({ min: 1, max: 999 }),
    raw: object,
  },
  ["inputTokens", "outputTokens"],
  2,
).map((one) => ({
  ...one,
  inputTokens: one.inputTokens + (one.cachedInputTokens ?? 0) + (one.cacheWriteInputTokens ?? 0),
  outputTokens: one.outputTokens + (one.reasoningTokens ?? 0),
}));

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

export function endFacts(scope: Scope): fc.Arbitrary<EndFacts> {
  return record<EndFacts>(
    {
      finishReason: fc.constantFrom("stop", "length", "tool-calls", "content-filter", "paused", "other"),
      rawFinishReason: word,
      usage,
      id: word,
      model: word,
      serviceTier: word,
      extensions: extensionsOf(scope),
    },
    ["finishReason", "usage", "id", "model"],
    3,
  );
}

const usageStatus = fc.constantFrom<UsageStatus>("final", "estimated", "pending", "unsupported");
const errorCode = fc.constantFrom(...(Object.keys(REACTIONS) as ErrorCode[]));
const scopes = fc.constantFrom<ErrorScope>("request", "key", "account", "model", "region", "provider");
const cost = fc.double({ min: 0, max: 1, noNaN: true });
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
    .map(([content, facts, warnings, attempts, cut, rest]) => {
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

/** A source supports a text of the same answer, or nothing. */
function cited(part: ContentPart, all: readonly ContentPart[]): ContentPart {
  if (part.type !== "source" || part.cites === undefined) return part;
  const index = all.findIndex((one) => one.type === "text");
  const { cites, ...rest } = part;
  return index < 0 ? rest : { ...rest, cites: { ...cites, index } };
}

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
    cause: word,
  },
  ["code", "message"],
  2,
).map((init) => new AiLibError(init));
