import type { BatchExecutor } from "../core/contract/batch-job.js";
import type { BatchService } from "../core/contract/batch-service.js";
import type { ChatProvider } from "../core/contract/provider.js";
import { AiLibError } from "../core/errors/error.js";
import { kindsOf } from "../core/run/member.js";

/** A leaf that may answer rows. */
export interface Candidate {
  readonly provider: ChatProvider;
  readonly id: string;
  readonly model: string;
  readonly batches: BatchService | undefined;
}

/** Who answers rows of one kind and model. */
export interface Choice extends Candidate {
  /** Live calls go to this leaf first, because it costs less than the others. */
  readonly preferred?: boolean;
  readonly executor: BatchExecutor;
  readonly why: string;
  readonly windowHours: number;
}

/** What the choice depends on. */
export interface Wish {
  readonly kind: string;
  readonly executor: BatchExecutor | "auto";
  /** Hours within which results are needed. */
  readonly hours: number;
  readonly webhook: string | undefined;
}

/** The leaves of a provider: those that are made of no others. */
export function leavesOf(provider: ChatProvider): ChatProvider[] {
  const { members } = provider;
  return members === undefined ? [provider] : members.flatMap(leavesOf);
}

/** The leaves that answer a kind. @param model the one that the rows name; undefined where each has its own. */
export function candidatesOf(provider: ChatProvider, kind: string, model: string | undefined): Candidate[] {
  return leavesOf(provider).flatMap((leaf) => {
    if (!kindsOf(leaf).has(kind)) return [];
    const { batches } = leaf;
    const named = model ?? batches?.model(kind as never) ?? leaf.target?.model;
    return [{ provider: leaf, id: leaf.target?.provider ?? leaf.name, model: named ?? "", batches }];
  });
}

/**
 * Chooses by deadline and price. A vendor's batch meets the deadline where its shortest window does; the cheapest one
 * counts, by the list prices of the models and the vendor's share for batches. With `"auto"`, live calls of a provider
 * whose list price is below the price of every such batch come before them. A price that is not known decides nothing.
 * @throws {AiLibError} `UNSUPPORTED_FEATURE` where batches were asked for and none fits; `CONFIG_ERROR` without a provider.
 */
export function choose(candidates: readonly Candidate[], wish: Wish): Choice {
  const { kind, executor, hours, webhook } = wish;
  const [first] = candidates;
  if (first === undefined) throw unsupported(`No provider answers calls of the kind "${kind}"`);
  if (executor === "live") return live(first, "live calls were requested");
  const reasons: string[] = [];
  const fitting = candidates.flatMap((candidate): Choice[] => {
    const reason = unfit(candidate, wish);
    if (reason !== undefined) {
      reasons.push(reason);
      return [];
    }
    const windows = candidate.batches?.facts.windows ?? [];
    const windowHours = windows.filter((each) => each <= hours).at(-1) ?? 24;
    return [{ ...candidate, executor: "batch", windowHours, why: "" }];
  });
  const cheapest = fitting.reduce<Choice | undefined>(
    (best, each) => (best === undefined || priceOf(each) < priceOf(best) ? each : best),
    undefined,
  );
  if (cheapest !== undefined) {
    const cheaper =
      executor === "auto" && webhook === undefined ? cheaperLive(candidates, cheapest) : undefined;
    return cheaper ?? { ...cheapest, why: whyBatch(cheapest, fitting.length, hours) };
  }
  if (executor === "batch" || webhook !== undefined) throw unsupported(reasons.join("; "));
  return live(first, reasons.join("; "));
}

function live(candidate: Candidate, why: string): Choice {
  return { ...candidate, executor: "live", why, windowHours: 0 };
}

function unfit({ id, batches }: Candidate, { kind, hours, webhook }: Wish): string | undefined {
  if (batches === undefined) return `${id} has no batches`;
  const { kinds, windows, webhook: calls, missing } = batches.facts;
  if (missing !== undefined) return `${id} has no batches without ${missing}`;
  if (!kinds.includes(kind)) return `batches of ${id} have no rows of the kind "${kind}"`;
  const shortest = windows[0] ?? 24;
  if (shortest > hours)
    return `batches of ${id} may take ${shortest} hours, and results are needed in ${round(hours)}`;
  if (webhook !== undefined && calls !== true)
    return `${id} takes no webhook with a batch: set it in its settings and pass its events to notify()`;
  return undefined;
}

/** Live calls that cost less than a batch, where both prices are known. */
function cheaperLive(candidates: readonly Candidate[], batch: Choice): Choice | undefined {
  const limit = batch.batches?.facts.price === undefined ? Number.POSITIVE_INFINITY : priceOf(batch);
  if (limit === Number.POSITIVE_INFINITY) return undefined;
  const best = candidates.reduce((a, b) => (listPriceOf(b) < listPriceOf(a) ? b : a));
  const price = listPriceOf(best);
  if (price >= limit) return undefined;
  const why = `live calls of ${best.id} cost ${round(price)} US dollars for a million tokens each way, and a batch of ${batch.id} ${round(limit)}`;
  return { ...live(best, why), preferred: true };
}

/** Dollars for a million tokens each way, at the price of batches; infinite where it is unknown. */
function priceOf(candidate: Candidate): number {
  // Where the share differs by model, the list price is the most that a batch costs.
  return listPriceOf(candidate) * (candidate.batches?.facts.price ?? 1);
}

/** Dollars for a million tokens each way; infinite where it is unknown, or where other units are billed. */
function listPriceOf({ provider, model }: Candidate): number {
  const price = provider.facts?.(model === "" ? undefined : model)?.price;
  const sum = price === undefined ? 0 : price.input + price.output;
  return sum > 0 || (price !== undefined && price.units === undefined) ? sum : Number.POSITIVE_INFINITY;
}

function whyBatch(choice: Choice, fitting: number, hours: number): string {
  const { batches, id, windowHours } = choice;
  const share = batches?.facts.price;
  const price =
    share === undefined
      ? "at the vendor's price for batches"
      : `at ${round(share * 100)} % of the list price`;
  const among =
    fitting > 1 && priceOf(choice) < Number.POSITIVE_INFINITY ? `, the cheapest of ${fitting}` : "";
  return `a batch of ${id} answers within ${windowHours} hours (needed within ${round(hours)}), ${price}${among}`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function unsupported(reason: string): AiLibError {
  return new AiLibError({
    code: "UNSUPPORTED_FEATURE",
    message: `No vendor takes these rows as a batch: ${reason}. The executors "auto" and "live" make calls instead`,
    local: true,
  });
}
