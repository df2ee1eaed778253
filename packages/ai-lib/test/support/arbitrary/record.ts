import fc from "fast-check";

/** A value for every field of `T`: one that the type gains must be given here, or its generator does not compile. */
export type Every<T> = { readonly [K in keyof T]-?: fc.Arbitrary<Exclude<T[K], undefined>> };

/** An object with the required fields and, one time in `rarity`, each of the others. */
export function record<T extends object>(
  fields: Every<T>,
  required: readonly (keyof T)[],
  rarity = 6,
): fc.Arbitrary<T> {
  const absent = { weight: rarity - 1, arbitrary: fc.constant(undefined) };
  const model: Record<string, fc.Arbitrary<unknown>> = {};
  for (const key of Object.keys(fields) as (keyof T & string)[])
    model[key] = required.includes(key) ? fields[key] : fc.oneof(absent, fields[key]);
  return fc
    .record(model)
    .map((value) => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T);
}
