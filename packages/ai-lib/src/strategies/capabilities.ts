import type { Modality, ModelFacts } from "../core/values/model.js";

/**
 * Merges the facts of several models into those of their composition. A capability is true where one model has it, and
 * false only where every model is known to lack it.
 */
export function mergeCapabilities(all: readonly (ModelFacts | undefined)[]): ModelFacts | undefined {
  const [first, ...others] = all;
  if (others.length === 0) return first;
  if (all.every((facts) => facts === undefined)) return undefined;
  const contextWindow = largest(all.map((facts) => facts?.contextWindow));
  const maxOutputTokens = largest(all.map((facts) => facts?.maxOutputTokens));
  const input = union(all.map((facts) => facts?.input));
  const output = union(all.map((facts) => facts?.output));
  const tools = any(all.map((facts) => facts?.tools));
  const structuredOutput = any(all.map((facts) => facts?.structuredOutput));
  const reasoning = any(all.map((facts) => facts?.reasoning));
  const prefill = any(all.map((facts) => facts?.prefill));
  // The price of the first member is what a call most likely costs.
  const price = first?.price;
  return {
    ...(contextWindow === undefined ? {} : { contextWindow }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(input === undefined ? {} : { input }),
    ...(output === undefined ? {} : { output }),
    ...(tools === undefined ? {} : { tools }),
    ...(structuredOutput === undefined ? {} : { structuredOutput }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(prefill === undefined ? {} : { prefill }),
    ...(price === undefined ? {} : { price }),
  };
}

function largest(values: readonly (number | undefined)[]): number | undefined {
  let most: number | undefined;
  for (const value of values) {
    if (value === undefined) return undefined;
    most = most === undefined ? value : Math.max(most, value);
  }
  return most;
}

function union(values: readonly (readonly Modality[] | undefined)[]): readonly Modality[] | undefined {
  const all = new Set<Modality>();
  for (const value of values) {
    if (value === undefined) return undefined;
    for (const modality of value) all.add(modality);
  }
  return [...all];
}

function any(values: readonly (boolean | undefined)[]): boolean | undefined {
  if (values.includes(true)) return true;
  return values.includes(undefined) ? undefined : false;
}
