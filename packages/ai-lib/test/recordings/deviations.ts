/** A recording where the answer key or the recording is wrong, field by field, and why. */
export interface Deviation {
  readonly id: string;
  readonly field: string;
  readonly expected: unknown;
  readonly got: unknown;
  readonly why: string;
}

/** At most 1 % of a dialect's recordings may stand here. */
export const deviations: readonly Deviation[] = [];
