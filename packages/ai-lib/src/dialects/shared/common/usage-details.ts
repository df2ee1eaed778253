import { isObject, type JsonObject } from "../../../core/values/json.js";
import {
  type CacheWrite,
  type TokensByModality,
  tokenCount,
  type Usage,
} from "../../../core/values/usage.js";

/** The most names of tools that are read from one usage object. */
const MAX_TOOLS = 64;

/** The counts of input and output, where the total holds one that is missing. */
export function countsBeside(
  total: number | undefined,
  input: number | undefined,
  output: number | undefined,
): readonly [input: number | undefined, output: number | undefined] {
  if (total === undefined || (input === undefined) === (output === undefined)) return [input, output];
  return input === undefined
    ? [Math.max(0, total - (output ?? 0)), output]
    : [input, Math.max(0, total - input)];
}

/** The modalities that OpenAI and those who follow it count: `text_tokens`, `audio_tokens`... */
const COUNTED = [
  ["text", "text_tokens"],
  ["image", "image_tokens"],
  ["audio", "audio_tokens"],
  ["video", "video_tokens"],
] as const;

/** Tokens by modality from fields such as `audio_tokens`; undefined if none is above 0. */
export function decodeModalities(details: JsonObject | undefined): TokensByModality | undefined {
  if (details === undefined) return undefined;
  let found: TokensByModality | undefined;
  for (const [modality, field] of COUNTED) {
    const tokens = tokenCount(details[field]);
    if (tokens === undefined || tokens === 0) continue;
    found ??= {};
    found[modality] = tokens;
  }
  return found;
}

/** The inverse of {@link decodeModalities}: fields for an object of details, which has no place for documents. */
export function encodeModalities(tokens: TokensByModality | undefined): JsonObject | undefined {
  if (tokens === undefined) return undefined;
  const { text, image, audio, video } = tokens;
  return { text_tokens: text, image_tokens: image, audio_tokens: audio, video_tokens: video };
}

/**
 * Uses of a provider's tools from fields such as `web_search_requests`; undefined if none is above 0.
 * @param ending what follows the names of the tools.
 */
export function decodeToolUses(counts: unknown, ending: string): Usage["toolUses"] {
  if (!isObject(counts)) return undefined;
  let found: Record<string, number> | undefined;
  for (const key of Object.keys(counts).slice(0, MAX_TOOLS)) {
    const uses = tokenCount(counts[key]) ?? 0;
    const name = key.slice(0, -ending.length);
    if (uses <= 0 || !key.endsWith(ending) || name === "__proto__") continue;
    found ??= {};
    found[name] = uses;
  }
  return found;
}

/** The inverse of {@link decodeToolUses}. */
export function encodeToolUses(uses: Usage["toolUses"], ending: string): JsonObject | undefined {
  if (uses === undefined) return undefined;
  return Object.fromEntries(Object.entries(uses).map(([name, count]) => [`${name}${ending}`, count]));
}

/**
 * Writes to a cache by lifetime; undefined if none is above 0.
 * @param fields the field that counts each lifetime.
 */
export function decodeCacheWrites(
  counts: unknown,
  fields: readonly (readonly [ttl: string, field: string])[],
): readonly CacheWrite[] | undefined {
  if (!isObject(counts)) return undefined;
  let writes: CacheWrite[] | undefined;
  for (const [ttl, field] of fields) {
    const tokens = tokenCount(counts[field]) ?? 0;
    if (tokens <= 0) continue;
    writes ??= [];
    writes.push({ ttl, tokens });
  }
  return writes;
}

/** The inverse of {@link decodeCacheWrites}; writes of other lifetimes have no place. */
export function encodeCacheWrites(
  writes: readonly CacheWrite[] | undefined,
  fields: readonly (readonly [ttl: string, field: string])[],
): JsonObject | undefined {
  if (writes === undefined) return undefined;
  const tokensOf = (ttl: string): number =>
    writes.reduce((sum, write) => (write.ttl === ttl ? sum + write.tokens : sum), 0);
  return Object.fromEntries(fields.map(([ttl, field]) => [field, tokensOf(ttl)]));
}
