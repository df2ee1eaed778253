/** The words of effort that vendors use, from the least effort to the most. */
export const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh", "max"] as const;

/** A word of effort. Each endpoint accepts some of them. */
export type EffortWord = (typeof EFFORTS)[number];

/**
 * The accepted word that is closest to the wanted one: the higher of two that are as close, as DeepSeek maps `medium`.
 * `none` turns thinking off, so it replaces another word only if it is the only one accepted.
 */
export function closestEffort(wanted: EffortWord, accepted: readonly EffortWord[]): EffortWord {
  const place = EFFORTS.indexOf(wanted);
  let best: EffortWord | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const word of accepted) {
    const at = EFFORTS.indexOf(word);
    const turnsOff = word === "none" && wanted !== "none";
    const distance = Math.abs(at - place) - (at > place ? 0.5 : 0) + (turnsOff ? EFFORTS.length : 0);
    if (distance >= least) continue;
    least = distance;
    best = word;
  }
  return best ?? wanted;
}
