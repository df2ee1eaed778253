import { type Check, listOf, type Shape, shapeOf, text } from "../../../core/values/check.js";

/** Quirks of the models whose ids match one of some patterns. */
export interface ModelQuirks<Q> {
  /** Model ids, in which `*` stands for any text. */
  readonly match: readonly string[];
  readonly quirks: Omit<Q, "byModel">;
}

/** Quirks that may hold for some models alone. */
interface ByModel<Q> {
  readonly byModel?: readonly ModelQuirks<Q>[];
}

/** Checks the quirk `byModel`, by what each other quirk may be. */
export function modelQuirks<Q>(shape: Shape<Omit<Q, "byModel">>): Check<readonly ModelQuirks<Q>[]> {
  return listOf(
    shapeOf<ModelQuirks<Q>>({ match: listOf(text), quirks: shapeOf(shape) }, ["match", "quirks"]),
  );
}

/** The quirks that hold for a model: those of the first rule that matches it, over the provider's. */
export function forModel<Q extends ByModel<Q>>(quirks: Q, model: string): Q {
  for (const rule of quirks.byModel ?? []) {
    if (rule.match.some((pattern) => matchesModel(pattern, model))) return { ...quirks, ...rule.quirks };
  }
  return quirks;
}

/** Whether a model id fits a pattern in which `*` stands for any text. */
function matchesModel(pattern: string, model: string): boolean {
  const pieces = pattern.split("*");
  const first = pieces[0] ?? "";
  if (pieces.length === 1) return pattern === model;
  if (!model.startsWith(first)) return false;
  let at = first.length;
  for (let i = 1; i < pieces.length - 1; i++) {
    const piece = pieces[i] ?? "";
    const found = model.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  const last = pieces[pieces.length - 1] ?? "";
  return model.length - last.length >= at && model.endsWith(last);
}
