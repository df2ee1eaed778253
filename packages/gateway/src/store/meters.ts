import { costOf, type Price, type Usage } from "ai-lib";
import type { Meters } from "./call-record.js";

/** The meters of some usage. */
export function metersOf(usage: Usage): Meters {
  const others = othersOf(usage);
  return {
    input: usage.inputTokens,
    output: usage.outputTokens,
    cached: usage.cachedInputTokens ?? 0,
    cacheWrite: usage.cacheWriteInputTokens ?? 0,
    reasoning: usage.reasoningTokens ?? 0,
    others,
  };
}

/** The rarer classes; undefined where there are none. */
function othersOf(usage: Usage): Meters["others"] {
  const { cacheWrites, inputByModality, outputByModality, toolUses, units } = usage;
  if ((cacheWrites ?? inputByModality ?? outputByModality ?? toolUses ?? units) === undefined)
    return undefined;
  const others: Record<string, number> = {};
  const add = (prefix: string, name: string, amount: number | undefined) => {
    if (amount !== undefined && amount > 0)
      others[`${prefix}:${name}`] = (others[`${prefix}:${name}`] ?? 0) + amount;
  };
  for (const { ttl, tokens } of usage.cacheWrites ?? []) add("write", ttl, tokens);
  for (const [name, tokens] of Object.entries(usage.inputByModality ?? {})) add("in", name, tokens);
  for (const [name, tokens] of Object.entries(usage.outputByModality ?? {})) add("out", name, tokens);
  for (const [name, uses] of Object.entries(usage.toolUses ?? {})) add("tool", name, uses);
  for (const [name, amount] of Object.entries(usage.units ?? {})) add("unit", name, amount);
  return Object.keys(others).length > 0 ? others : undefined;
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
