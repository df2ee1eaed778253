import { matchesModel } from "../../../core/values/model-pattern.js";

/** Quirks of the models whose ids match one of some patterns. */
export interface ModelQuirks<Q> {
  /** Model ids, in which `*` matches any text. */
  readonly match: readonly string[];
  readonly quirks: Omit<Q, "byModel">;
}

/** Quirks that can differ by model. */
interface ByModel<Q> {
  readonly byModel?: readonly ModelQuirks<Q>[];
}

/** The last model of which each provider's quirks were asked, and its quirks: every step of a call asks for them. */
const last = new WeakMap<object, { readonly model: string; readonly quirks: object }>();

/** The quirks that hold for a model: those of the first rule that matches it, over the provider's. */
export function forModel<Q extends ByModel<Q>>(quirks: Q, model: string): Q {
  const { byModel } = quirks;
  if (byModel === undefined) return quirks;
  const known = last.get(quirks);
  if (known?.model === model) return known.quirks as Q;
  const rule = byModel.find(({ match }) => match.some((pattern) => matchesModel(pattern, model)));
  const found = rule === undefined ? quirks : { ...quirks, ...rule.quirks };
  last.set(quirks, { model, quirks: found });
  return found;
}
