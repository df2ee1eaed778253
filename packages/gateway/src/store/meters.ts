import { costOf, type Price, type Usage } from "ai-lib";
import type { Meters } from "./call-record.js";
import { cleanText } from "./clean-text.js";

/** The most of one meter that one attempt counts, so that sums stay exact: a thousand times what models take. */
const MAX_AMOUNT = 1e9;

/** Rarer classes of one attempt, and characters of the name of one. */
const MAX_OTHERS = 50;
const MAX_NAME = 100;

/** The meters of some usage. What a provider says is brought into the range that stores take. */
export function metersOf(usage: Usage): Meters {
  const others = othersOf(usage);
  const cached = countOf(usage.cachedInputTokens);
  const cacheWrite = countOf(usage.cacheWriteInputTokens);
  return {
    // Where the parts are more than the whole, dollars of sums would be less than those of their rows.
    input: Math.max(countOf(usage.inputTokens), cached + cacheWrite),
    output: countOf(usage.outputTokens),
    cached,
    cacheWrite,
    reasoning: countOf(usage.reasoningTokens),
    others,
  };
}

/** A whole number that is not negative. */
function countOf(tokens: number | undefined): number {
  return tokens !== undefined && tokens > 0 ? Math.round(Math.min(tokens, MAX_AMOUNT)) : 0;
}

/** The rarer classes; undefined where there are none. */
function othersOf(usage: Usage): Meters["others"] {
  const { cacheWrites, inputByModality, outputByModality, toolUses, units } = usage;
  if ((cacheWrites ?? inputByModality ?? outputByModality ?? toolUses ?? units) === undefined)
    return undefined;
  const others = new Map<string, number>();
  const add = (prefix: string, name: string, amount: number | undefined) => {
    if (amount === undefined || !(amount > 0)) return;
    const full = `${prefix}:${cleanText(name, MAX_NAME)}`;
    if (others.has(full) || others.size < MAX_OTHERS)
      others.set(full, Math.min((others.get(full) ?? 0) + amount, MAX_AMOUNT));
  };
  for (const { ttl, tokens } of usage.cacheWrites ?? []) add("write", ttl, tokens);
  for (const [name, tokens] of Object.entries(usage.inputByModality ?? {})) add("in", name, tokens);
  for (const [name, tokens] of Object.entries(usage.outputByModality ?? {})) add("out", name, tokens);
  for (const [name, uses] of Object.entries(usage.toolUses ?? {})) add("tool", name, uses);
  for (const [name, amount] of Object.entries(usage.units ?? {})) add("unit", name, amount);
  return others.size > 0 ? Object.fromEntries(others) : undefined;
}

/**
 * US dollars for the meters of one or more attempts; undefined where a part of the price is unknown.
 * @param price without thresholds and tiers, so that what attempts cost adds up
 */
export function dollarsOf(meters: Meters, attempts: number, price: Price | undefined): number | undefined {
  if (price === undefined) return undefined;
  // `costOf` adds the price of one request.
  const cost = costOf(usageOf(meters), price);
  return cost === undefined ? undefined : cost + (price.request ?? 0) * (attempts - 1);
}

/** The usage that has some meters. */
function usageOf({ input, output, cached, cacheWrite, others }: Meters): Usage {
  const tokens = {
    inputTokens: input,
    outputTokens: output,
    cachedInputTokens: cached,
    cacheWriteInputTokens: cacheWrite,
  };
  if (others === undefined) return tokens;
  const named = (prefix: string) =>
    Object.entries(others).flatMap(([name, amount]): [string, number][] =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), amount]] : [],
    );
  const writes = named("write:");
  return {
    ...tokens,
    ...(writes.length > 0 && { cacheWrites: writes.map(([ttl, tokens]) => ({ ttl, tokens })) }),
    inputByModality: Object.fromEntries(named("in:")),
    outputByModality: Object.fromEntries(named("out:")),
    toolUses: Object.fromEntries(named("tool:")),
    units: Object.fromEntries(named("unit:")),
  };
}
