import {
  asArray,
  asObject,
  asString,
  isObject,
  type JsonObject,
  type MutableJson,
} from "../../../core/values/json.js";
import { type CacheWrite, tokenCount, type Usage, type UsagePass } from "../../../core/values/usage.js";
import { defined, nonEmpty } from "../../shared/common/body-fields.js";
import {
  decodeCacheWrites,
  decodeToolUses,
  encodeCacheWrites,
  encodeToolUses,
} from "../../shared/common/usage-details.js";

/** The lifetimes of caches: https://platform.claude.com/docs/en/build-with-claude/prompt-caching#1-hour-cache-duration. */
const LIFETIMES = [
  ["5m", "ephemeral_5m_input_tokens"],
  ["1h", "ephemeral_1h_input_tokens"],
] as const;

/** The ending of the names of tools in `server_tool_use`. */
const USES = "_requests";

/** The most passes that are read from one usage object. */
const MAX_PASSES = 1_000;

/**
 * Totals of a `usage` object; undefined if it counts nothing. Anthropic counts cache reads and writes beside
 * `input_tokens`: https://platform.claude.com/docs/en/build-with-claude/prompt-caching#tracking-cache-performance.
 */
export function usageOf(raw: JsonObject | undefined): Usage | undefined {
  if (raw === undefined) return undefined;
  if (tokenCount(raw["input_tokens"]) === undefined && tokenCount(raw["output_tokens"]) === undefined)
    return undefined;
  const inner = innerPasses(raw);
  const input = total("input_tokens", raw, inner);
  const output = total("output_tokens", raw, inner);
  const read = total("cache_read_input_tokens", raw, inner);
  const written = total("cache_creation_input_tokens", raw, inner);
  return {
    inputTokens: (input ?? 0) + (read ?? 0) + (written ?? 0),
    outputTokens: output ?? 0,
    ...defined({
      cachedInputTokens: read,
      cacheWriteInputTokens: written,
      cacheWrites: writesOf(raw, inner),
      reasoningTokens: tokenCount(asObject(raw["output_tokens_details"])?.["thinking_tokens"]),
      toolUses: decodeToolUses(raw["server_tool_use"], USES),
      passes: decodePasses(raw["iterations"]),
    }),
    raw,
  };
}

/**
 * The passes that a call made besides its messages, such as compaction. The totals of a `usage` object count only the
 * iterations of type `message`, though all are billed:
 * https://platform.claude.com/docs/en/build-with-claude/compaction#understanding-usage.
 */
function innerPasses(raw: JsonObject): JsonObject[] {
  return asArray(raw["iterations"]).filter(
    (pass): pass is JsonObject => isObject(pass) && (pass["type"] ?? "message") !== "message",
  );
}

/** Writes to the cache by lifetime, those of the inner passes included. */
function writesOf(raw: JsonObject, inner: readonly JsonObject[]): readonly CacheWrite[] | undefined {
  const own = decodeCacheWrites(raw["cache_creation"], LIFETIMES);
  if (inner.length === 0) return own;
  return decodeCacheWrites(
    encodeCacheWrites([...(own ?? []), ...writesOfPasses(inner)], LIFETIMES),
    LIFETIMES,
  );
}

function writesOfPasses(inner: readonly JsonObject[]): readonly CacheWrite[] {
  return inner.flatMap((pass) => decodeCacheWrites(pass["cache_creation"], LIFETIMES) ?? []);
}

/** `cache_creation`, without the writes of the inner passes, which have one of their own. */
function encodeWrites({ cacheWrites }: Usage, inner: readonly JsonObject[]): JsonObject | undefined {
  if (cacheWrites === undefined) return undefined;
  const counted = writesOfPasses(inner).map(({ ttl, tokens }) => ({ ttl, tokens: -tokens }));
  return encodeCacheWrites([...cacheWrites, ...counted], LIFETIMES);
}

function decodePasses(iterations: unknown): readonly UsagePass[] | undefined {
  const passes = asArray(iterations).slice(0, MAX_PASSES).filter(isObject).map(decodePass);
  return passes.length === 0 ? undefined : passes;
}

function decodePass(pass: JsonObject): UsagePass {
  const read = tokenCount(pass["cache_read_input_tokens"]);
  const written = tokenCount(pass["cache_creation_input_tokens"]);
  return {
    type: asString(pass["type"]) ?? "message",
    inputTokens: (tokenCount(pass["input_tokens"]) ?? 0) + (read ?? 0) + (written ?? 0),
    outputTokens: tokenCount(pass["output_tokens"]) ?? 0,
    ...defined({
      model: nonEmpty(pass["model"]),
      // A pass always has these counts, so a 0 can also mean that the count is unknown.
      cachedInputTokens: read === 0 ? undefined : read,
      cacheWriteInputTokens: written === 0 ? undefined : written,
      cacheWrites: decodeCacheWrites(pass["cache_creation"], LIFETIMES),
    }),
  };
}

function encodePass({ type, model, ...counts }: UsagePass): JsonObject {
  const { inputTokens, outputTokens, cachedInputTokens: read, cacheWriteInputTokens: written } = counts;
  return {
    type,
    // Empty if another vendor answered and the model is unknown.
    model: model ?? "",
    input_tokens: Math.max(0, inputTokens - (read ?? 0) - (written ?? 0)),
    output_tokens: outputTokens,
    cache_read_input_tokens: read ?? 0,
    cache_creation_input_tokens: written ?? 0,
    cache_creation: encodeCacheWrites(counts.cacheWrites, LIFETIMES) ?? null,
  };
}

/** One count of a `usage` object and of its inner passes; undefined if none of them has it. */
function total(name: string, raw: JsonObject, inner: readonly JsonObject[]): number | undefined {
  let sum = tokenCount(raw[name]);
  for (const pass of inner) {
    const count = tokenCount(pass[name]);
    if (count !== undefined) sum = (sum ?? 0) + count;
  }
  return sum;
}

/** `message_delta.usage` is cumulative and overrides that of `message_start`; null fields leave what is known. */
export function mergeUsage(before: JsonObject | undefined, delta: unknown): JsonObject | undefined {
  if (!isObject(delta)) return before;
  if (before === undefined) return delta;
  // The mark of an estimate at the start, which this replaces.
  const { estimated: _mark, ...known } = before;
  const merged: MutableJson = known;
  for (const [key, value] of Object.entries(delta)) {
    if (value !== null || !(key in merged)) merged[key] = value;
  }
  return merged;
}

/** The parts of a `usage` object besides its totals. */
function encodeDetails(usage: Usage): JsonObject {
  const iterations = usage.passes?.map(encodePass);
  const uses = encodeToolUses(usage.toolUses, USES);
  return {
    iterations,
    server_tool_use:
      uses === undefined ? undefined : { web_fetch_requests: 0, web_search_requests: 0, ...uses },
    cache_creation: encodeWrites(usage, innerPasses({ iterations })),
  };
}

/** Fields of a `usage` object that Anthropic's SDK declares as present. */
const NOTHING_USED: JsonObject = {
  cache_creation: null,
  cache_creation_input_tokens: null,
  cache_read_input_tokens: null,
  fallback_credit: null,
  inference_geo: null,
  iterations: null,
  output_tokens_details: null,
  server_tool_use: null,
  service_tier: null,
  speed: null,
};

/** A `usage` object from totals; with the raw fields if the provider spoke this dialect. */
export function rawUsageOf(usage: Usage, serviceTier: string | undefined): MutableJson {
  const own =
    isObject(usage.raw) && ("cache_read_input_tokens" in usage.raw || "cache_creation" in usage.raw)
      ? usage.raw
      : encodeDetails(usage);
  const inner = innerPasses(own);
  const without = (name: string, sum: number): number => Math.max(0, sum - (total(name, {}, inner) ?? 0));
  const read = usage.cachedInputTokens;
  const written = usage.cacheWriteInputTokens;
  const details = asObject(own["output_tokens_details"]) ?? {};
  return {
    ...NOTHING_USED,
    ...(defined(own) as JsonObject),
    input_tokens: without("input_tokens", usage.inputTokens - (read ?? 0) - (written ?? 0)),
    output_tokens: without("output_tokens", usage.outputTokens),
    ...(read === undefined ? {} : { cache_read_input_tokens: without("cache_read_input_tokens", read) }),
    ...(written === undefined
      ? {}
      : { cache_creation_input_tokens: without("cache_creation_input_tokens", written) }),
    ...(usage.reasoningTokens === undefined
      ? {}
      : { output_tokens_details: { ...details, thinking_tokens: usage.reasoningTokens } }),
    ...(serviceTier === undefined
      ? {}
      : serviceTier === "fast"
        ? { speed: "fast" }
        : { service_tier: serviceTier }),
  };
}
