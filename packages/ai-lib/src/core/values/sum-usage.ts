import type { CacheWrite, TokensByModality, Usage, UsageStatus } from "./usage.js";

/** The sum of two usages. `passes` and `raw` are left out, since each concerns one call. */
export function sumUsage(a: Usage, b: Usage): Usage {
  const sum: Usage = {
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
  };
  const cached = add(a.cachedInputTokens, b.cachedInputTokens);
  const written = add(a.cacheWriteInputTokens, b.cacheWriteInputTokens);
  const reasoning = add(a.reasoningTokens, b.reasoningTokens);
  const writes = addWrites(a.cacheWrites, b.cacheWrites);
  const input = addCounts<TokensByModality>(a.inputByModality, b.inputByModality);
  const output = addCounts<TokensByModality>(a.outputByModality, b.outputByModality);
  const tools = addCounts<Readonly<Record<string, number>>>(a.toolUses, b.toolUses);
  if (cached !== undefined) sum.cachedInputTokens = cached;
  if (written !== undefined) sum.cacheWriteInputTokens = written;
  if (reasoning !== undefined) sum.reasoningTokens = reasoning;
  if (writes !== undefined) sum.cacheWrites = writes;
  if (input !== undefined) sum.inputByModality = input;
  if (output !== undefined) sum.outputByModality = output;
  if (tools !== undefined) sum.toolUses = tools;
  return sum;
}

const TRUST: readonly UsageStatus[] = ["final", "pending", "estimated", "unsupported"];

/** The status of a sum: that of its least certain part. */
export function sumStatus(a: UsageStatus, b: UsageStatus): UsageStatus {
  return TRUST.indexOf(a) >= TRUST.indexOf(b) ? a : b;
}

function add(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : a + (b ?? 0);
}

function addWrites(
  a: readonly CacheWrite[] | undefined,
  b: readonly CacheWrite[] | undefined,
): readonly CacheWrite[] | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const sums = new Map<string, number>();
  for (const { ttl, tokens } of [...a, ...b]) sums.set(ttl, (sums.get(ttl) ?? 0) + tokens);
  return [...sums].map(([ttl, tokens]) => ({ ttl, tokens }));
}

function addCounts<T extends Readonly<Record<string, number>>>(
  a: T | undefined,
  b: T | undefined,
): T | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const sums = new Map<string, number>(Object.entries(a));
  for (const [name, count] of Object.entries(b)) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(sums) as unknown as T;
}
