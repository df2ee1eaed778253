import { type Clock, systemClock } from "../../core/contract/clock.js";
import type { ChatProvider } from "../../core/contract/provider.js";
import { configError } from "../../core/errors/error.js";
import { refuseUnknown, wholeAtLeast } from "../../core/errors/options.js";
import { kindsOf } from "../../core/run/member.js";
import { abort } from "./abort.js";
import {
  CAPABILITIES,
  type Capabilities,
  type Capability,
  capabilitiesOf,
  declaredOf,
} from "./capability.js";
import { concurrency } from "./concurrency.js";
import { content } from "./content.js";
import { contract } from "./contract.js";
import type { CaseDefinition, ConformanceGroup } from "./definition.js";
import { errors } from "./errors.js";
import { folding } from "./folding.js";
import type { KindSample } from "./kind-samples.js";
import { kindCases } from "./kinds.js";
import { reasoning } from "./reasoning.js";
import type { CaseResult, ConformanceReport } from "./report.js";
import { Subject } from "./subject.js";
import { text } from "./text.js";
import { timeouts } from "./timeouts.js";
import { tools } from "./tools.js";
import { turns } from "./turns.js";
import { usage } from "./usage.js";

/** Settings of a conformance run. */
export interface ConformanceOptions {
  /** What the provider is declared to do. Default: see {@link capabilitiesOf}. */
  readonly capabilities?: Capabilities | undefined;
  /** The same endpoint with a wrong key, for the capability `wrongKey`. */
  readonly wrongKey?: ChatProvider | undefined;
  /** How many tokens are too many for the model, for the capability `tooLong`. They cost what they cost. */
  readonly tooLongTokens?: number | undefined;
  /** Milliseconds that one answer may take. Default 60,000. */
  readonly answerMs?: number | undefined;
  /** Milliseconds within which an abort or a passed limit must have ended a call. Default 1,000. */
  readonly promptMs?: number | undefined;
  /**
   * What the provider's kinds of call besides chat are checked with, such as kinds of your own. Every
   * kind of the library has a sample, which these replace; a kind of your own without one is not checked. A live provider
   * bills its pictures and sounds, three for each of these kinds.
   */
  readonly kinds?: readonly KindSample[] | undefined;
  /** Only the cases of these groups. Default: all. */
  readonly groups?: readonly ConformanceGroup[] | undefined;
  readonly clock?: Clock | undefined;
}

const OPTION_NAMES: ReadonlySet<string> = new Set([
  "capabilities",
  "wrongKey",
  "tooLongTokens",
  "answerMs",
  "promptMs",
  "kinds",
  "groups",
  "clock",
] satisfies (keyof ConformanceOptions)[]);

const DEFINITIONS: readonly CaseDefinition[] = [
  ...contract,
  ...folding,
  ...abort,
  ...timeouts,
  ...concurrency,
  ...text,
  ...turns,
  ...tools,
  ...content,
  ...reasoning,
  ...usage,
  ...errors,
];

/** The chapters of a report, in its order. */
export const CONFORMANCE_GROUPS: readonly ConformanceGroup[] = [
  ...new Set(DEFINITIONS.map(({ group }) => group)),
  "kinds",
];

/** One case, for any test runner. */
export interface ConformanceCase {
  readonly name: string;
  readonly group: ConformanceGroup;
  readonly needs: readonly Capability[];
  /** Everything that it needs is declared. A test runner may show the others as skipped. */
  readonly declared: boolean;
  /** Resolves where the case passes or is skipped. @throws {Error} that says what the provider does wrong. */
  run(): Promise<void>;
  /** The outcome; never rejects. Undeclared capabilities are tried too, to report those that work. */
  result(): Promise<CaseResult>;
}

/**
 * The cases that check the contract of a provider: a prebuilt one, your own, a strategy, or a client's whole stack.
 * Each runs by itself, so you can use any test runner.
 *
 * @example
 * for (const { group, name, run } of conformance(labs, { capabilities: { stream: true, tools: true } }))
 *   test(`${group}: ${name}`, run);
 * @throws {AiLibError} `CONFIG_ERROR` for an unknown or contradictory option.
 */
export function conformance(
  provider: ChatProvider,
  options: ConformanceOptions = {},
): readonly ConformanceCase[] {
  refuseUnknown("option of conformance", options, OPTION_NAMES);
  const declared = declaredOf(options.capabilities ?? capabilitiesOf(provider));
  if (declared.has("wrongKey") && options.wrongKey === undefined)
    throw configError('The capability "wrongKey" is checked with a second provider: pass wrongKey');
  if (declared.has("tooLong") && options.tooLongTokens === undefined)
    throw configError('The capability "tooLong" needs a length to check it with: pass tooLongTokens');
  const { groups, clock } = options;
  const unknown = groups?.find((name) => !CONFORMANCE_GROUPS.includes(name));
  if (unknown !== undefined)
    throw configError(`There is no group "${unknown}"; there are: ${CONFORMANCE_GROUPS.join(", ")}`);
  const subject = new Subject(provider, {
    answerMs: wholeAtLeast("answerMs", options.answerMs ?? 60_000, 1),
    promptMs: wholeAtLeast("promptMs", options.promptMs ?? 1_000, 1),
    wrongKey: options.wrongKey,
    tooLongTokens: options.tooLongTokens,
    clock,
  });
  // A provider of other kinds alone, such as one that transcribes, owes nothing of a chat.
  const chat = kindsOf(provider).has("chat") ? DEFINITIONS : [];
  const all = [...chat, ...kindCases(provider, options.kinds ?? [])];
  return all
    .filter(({ group }) => groups === undefined || groups.includes(group))
    .map((definition) => caseOf(definition, subject, declared));
}

function caseOf(
  { name, group, needs, test }: CaseDefinition,
  subject: Subject,
  all: ReadonlySet<Capability>,
): ConformanceCase {
  const missing = needs.filter((one) => !all.has(one));
  const declared = missing.length === 0;
  const given = (missing: Capability): boolean =>
    (missing !== "wrongKey" || subject.options.wrongKey !== undefined) &&
    (missing !== "tooLong" || subject.options.tooLongTokens !== undefined);
  return {
    name,
    group,
    needs,
    declared,
    run: () => (declared ? test(subject) : Promise.resolve()),
    async result() {
      const { clock } = subject;
      const began = clock.now();
      const result = (status: CaseResult["status"], message?: string): CaseResult => ({
        group,
        name,
        needs,
        status,
        ms: clock.now() - began,
        ...(message === undefined ? {} : { message }),
      });
      const skipped = `${missing.join(" and ")} not declared`;
      if (!missing.every(given)) return result("skipped", skipped);
      try {
        await test(subject);
        return declared ? result("passed") : result("undeclared", skipped);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        return declared ? result("failed", message) : result("skipped", `${skipped}, nor shown: ${message}`);
      }
    },
  };
}

/**
 * Runs every case, one after the other, and reports.
 * @param onResult Called after each case.
 * @throws {AiLibError} `CONFIG_ERROR` as {@link conformance} does; never for what a provider does wrong.
 */
export async function runConformance(
  provider: ChatProvider,
  options: ConformanceOptions = {},
  onResult?: (result: CaseResult) => void,
): Promise<ConformanceReport> {
  const declared = declaredOf(options.capabilities ?? capabilitiesOf(provider));
  const cases: CaseResult[] = [];
  for (const one of conformance(provider, { clock: systemClock, ...options })) {
    const result = await one.result();
    cases.push(result);
    onResult?.(result);
  }
  const model = provider.target?.model;
  return {
    provider: provider.name,
    ...(model === undefined ? {} : { model }),
    conforms: cases.every(({ status }) => status !== "failed"),
    declared: [...declared],
    undeclared: shownBesides(cases, declared),
    cases,
  };
}

/** Capabilities that were not declared although every case that asks for them alone showed them. */
function shownBesides(cases: readonly CaseResult[], declared: ReadonlySet<Capability>): Capability[] {
  const shown = new Set<Capability>();
  for (const capability of CAPABILITIES) {
    if (declared.has(capability)) continue;
    const asking = cases.filter(
      ({ needs }) =>
        needs.includes(capability) &&
        needs.every((one) => one === capability || declared.has(one) || shown.has(one)),
    );
    if (asking.length > 0 && asking.every(({ status }) => status === "undeclared")) shown.add(capability);
  }
  return [...shown];
}
