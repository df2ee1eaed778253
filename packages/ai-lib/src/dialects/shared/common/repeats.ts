import { isObject, tryParse } from "../../../core/values/json.js";

/**
 * What a whole text adds to the deltas before it: all of it where there were none, the rest where it continues them,
 * and nothing where it is another text.
 */
export function restOf(deltas: string, whole: string): string {
  if (deltas === "") return whole;
  return whole.startsWith(deltas) ? whole.slice(deltas.length) : "";
}

/**
 * Whether a piece of a call's arguments repeats all the pieces before it. Some servers send the whole call once more
 * with its last event. Nothing but white space can follow a whole object, so no piece that belongs there is taken for
 * a repeat. The check takes time in proportion to the piece.
 */
export function repeatsArguments(before: string, piece: string): boolean {
  if (before === "" || piece.length * 2 < before.length || piece.length < 2) return false;
  if (!piece.trimStart().startsWith("{") || !before.trimEnd().endsWith("}")) return false;
  const whole = tryParse(before);
  if (!isObject(whole)) return false;
  const again = piece.trim() === before.trim() ? whole : tryParse(piece);
  return isObject(again) && JSON.stringify(again) === JSON.stringify(whole);
}
