import type { Capability } from "./capability.js";
import type { Subject } from "./subject.js";

/** The chapters of a report. */
export type ConformanceGroup =
  | "contract"
  | "folding"
  | "abort"
  | "timeouts"
  | "concurrency"
  | "text"
  | "turns"
  | "tools"
  | "content"
  | "reasoning"
  | "usage"
  | "errors"
  | "kinds";

/** One case as a group writes it. */
export interface CaseDefinition {
  readonly group: ConformanceGroup;
  /** A sentence about the provider that holds where it is right. */
  readonly name: string;
  /** Capabilities without which the sentence is not asked for. */
  readonly needs: readonly Capability[];
  /** @throws {ConformanceFailure} or whatever the provider throws where the sentence does not hold. */
  test(subject: Subject): Promise<void>;
}

/** Writes the cases of a group. */
export function group(
  name: ConformanceGroup,
  cases: readonly (readonly [
    name: string,
    test: (subject: Subject) => Promise<void>,
    ...needs: readonly Capability[],
  ])[],
): readonly CaseDefinition[] {
  return cases.map(([sentence, test, ...needs]) => ({ group: name, name: sentence, needs, test }));
}
