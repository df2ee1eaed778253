import { type Check, listOf, type Shape, shapeOf, text } from "../../../core/values/check.js";
import type { ModelQuirks } from "./by-model.js";

/** Checks the quirk `byModel` against the values that each quirk accepts. */
export function modelQuirks<Q>(shape: Shape<Omit<Q, "byModel">>): Check<readonly ModelQuirks<Q>[]> {
  return listOf(
    shapeOf<ModelQuirks<Q>>({ match: listOf(text), quirks: shapeOf(shape) }, ["match", "quirks"]),
  );
}
