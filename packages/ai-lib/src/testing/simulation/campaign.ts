import type { DialectId, ServerHalf } from "../../core/contract/dialect.js";
import { dialectClient } from "../../providers/endpoint/dialects.js";
import { serverHalves } from "../../serve/halves.js";
import { FAULT_NAMES } from "./faults.js";
import { simulatedCalls } from "./kinds.js";
import { count, REACHABLE_CODES, runSeed, type SimulatedKind, type Tally } from "./run.js";
import { DIALECTS, LAYER_NAMES } from "./topology.js";

/** Times that everything must have occurred for a campaign to mean something. */
export const LEAST_OCCURRENCES = 30;

/** The outcome of a campaign of seeds. */
export interface CampaignResult {
  readonly seeds: number;
  /** Seeds that broke a rule, with what they broke. */
  readonly failures: readonly { readonly seed: number; readonly violations: readonly string[] }[];
  readonly tallies: Readonly<Record<"faults" | "layers" | "codes" | "aborts", Tally>>;
  /** What occurred too seldom. */
  readonly missing: readonly string[];
}

/** Options of a campaign. */
export interface CampaignOptions {
  readonly seeds: number;
  /** The first seed. Default 1. */
  readonly first?: number | undefined;
  /** The kind of the calls. Default `"chat"`. */
  readonly kind?: SimulatedKind | undefined;
  /** Stop at the first seed that fails. Default false: at most 20 are reported. */
  readonly stopAtFirst?: boolean | undefined;
  readonly onProgress?: ((done: number) => void) | undefined;
}

const MOST_FAILURES = 20;

/** Runs seeds one after another. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const halves = new Map<string, ServerHalf>((await serverHalves()).map((half) => [half.id, half]));
  // Virtual time does not wait for files: what is loaded lazily must be there before it passes.
  const { kind = "chat" } = options;
  const dialects: readonly DialectId[] = kind === "chat" ? DIALECTS : simulatedCalls(kind).dialects;
  await Promise.all(dialects.map((id) => dialectClient(id)));
  const tallies = {
    faults: new Map(),
    layers: new Map(),
    codes: new Map(),
    aborts: new Map(),
  } as CampaignResult["tallies"];
  const failures: { seed: number; violations: readonly string[] }[] = [];
  const first = options.first ?? 1;
  let done = 0;
  for (let seed = first; seed < first + options.seeds; seed++) {
    const result = await runSeed(seed, halves, kind);
    for (const name of ["faults", "layers", "codes", "aborts"] as const)
      for (const [what, times] of result[name]) count(tallies[name], what, times);
    if (result.violations.length > 0) failures.push({ seed, violations: result.violations });
    done++;
    options.onProgress?.(done);
    if (failures.length >= (options.stopAtFirst === true ? 1 : MOST_FAILURES)) break;
  }
  return { seeds: done, failures, tallies, missing: missingFrom(tallies) };
}

function missingFrom(tallies: CampaignResult["tallies"]): string[] {
  const wanted: [Tally, readonly string[], string][] = [
    [tallies.faults, FAULT_NAMES, "fault"],
    [tallies.layers, LAYER_NAMES, "layer"],
    [tallies.codes, REACHABLE_CODES, "error code"],
    [tallies.aborts, ["before commit", "after commit"], "abort"],
  ];
  return wanted.flatMap(([tally, names, kind]) =>
    names
      .filter((name) => (tally.get(name) ?? 0) < LEAST_OCCURRENCES)
      .map((name) => `${kind} "${name}" occurred ${tally.get(name) ?? 0} times`),
  );
}
