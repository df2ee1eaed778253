import type { Attempt } from "ai-lib";
import type { Charged, LedgerRow } from "../admission.js";
import { hasUnknownCost, reportsNoTokens } from "../call-end.js";
import type { AttemptRecord, CallRecord } from "../store/call-record.js";
import { cleanText } from "../store/clean-text.js";
import { metersOf } from "../store/meters.js";
import type { Rate } from "../store/rates.js";
import type { CallRates, Pricing } from "./call-rates.js";
import type { ProviderDialects } from "./provider-dialects.js";

/** Characters of a text of the client or of a provider that the ledger has. */
const MAX_TEXT = 256;

/** What the ledger knows of attempts besides what the calls have. */
export interface AttemptFacts {
  /** Finds the rates of attempts. */
  readonly rates: CallRates;
  /** Finds the dialects of providers. Default: none is known. */
  readonly dialects?: ProviderDialects | undefined;
}

/**
 * A finished call as the store has it.
 * @param earliest epoch milliseconds; a call that ended before has this as its end
 * @param found receives each rate that the call names
 */
export function recordOf(
  row: LedgerRow,
  earliest: number,
  facts: AttemptFacts,
  found: (rate: Rate) => void,
): CallRecord {
  const { principal, tags, end } = row;
  // Written out, here and below, since every call has one: a spread takes far longer.
  return {
    id: row.id,
    endedAt: Math.max(earliest, Math.floor(row.endedAt)),
    startedAt: Math.floor(row.startedAt),
    firstContentMs: rounded(row.firstContentMs),
    key: principal.id,
    groups: principal.path ?? [],
    user: clean(row.user),
    session: clean(row.session),
    tags: tags.length === 0 ? tags : [...new Set(tags.map((tag) => clean(tag) ?? ""))].sort(),
    route: row.route,
    kind: row.kind,
    mode: row.mode,
    dialect: row.dialect,
    model: clean(row.model),
    status: end.status,
    code: row.code,
    attempts: attemptsOf(row, facts, found),
  };
}

function attemptsOf(row: LedgerRow, facts: AttemptFacts, found: (rate: Rate) => void): AttemptRecord[] {
  const { attempts } = row.end;
  const charged = chargedEach(row);
  let last = attempts.length - 1;
  while (last >= 0 && attempts[last]?.outcome !== "success") last--;
  const records: AttemptRecord[] = [];
  for (const attempt of attempts) {
    // The tier is that of the answer, which the last attempt that succeeded gave.
    const tier = records.length === last ? tierOf(row.serviceTier) : undefined;
    records.push(attemptOf(attempt, row, { tier, charged }, facts, found));
  }
  return records;
}

const NO_PRICING: Pricing = {};

/** What limits counted for each attempt whose cost is unknown, and for each whose provider reports no tokens. */
function chargedEach({ charged, end }: LedgerRow): Charged | undefined {
  if (charged === undefined) return undefined;
  const { tokens, dollars } = charged;
  return {
    tokens: tokens === 0 ? 0 : Math.round(tokens / end.attempts.filter(reportsNoTokens).length),
    dollars: dollars === undefined ? undefined : dollars / end.attempts.filter(hasUnknownCost).length,
  };
}

/** What attempts do not say themselves. */
interface AttemptEnd {
  /** The service tier of the answer, for the attempt that gave it. */
  readonly tier: string | undefined;
  /** See {@link chargedEach}. */
  readonly charged: Charged | undefined;
}

function attemptOf(
  attempt: Attempt,
  { kind, endedAt }: LedgerRow,
  { tier, charged }: AttemptEnd,
  { rates, dialects }: AttemptFacts,
  found: (rate: Rate) => void,
): AttemptRecord {
  const { target, outcome, usage, usageStatus } = attempt;
  const reported = usage === undefined || outcome === "skipped" ? undefined : metersOf(usage);
  const tokens = charged !== undefined && reportsNoTokens(attempt) ? charged.tokens : 0;
  const dollars = charged !== undefined && hasUnknownCost(attempt) ? charged.dollars : undefined;
  const { rate, billed } =
    reported === undefined
      ? NO_PRICING
      : dollars !== undefined
        ? { billed: dollars }
        : pricingOf(attempt, rates.of(attempt, reported, tier), tokens);
  const meters = reported === undefined || tokens === 0 ? reported : { ...reported, input: tokens };
  if (rate !== undefined) found(rate);
  return {
    provider: clean(target.provider) ?? "",
    model: clean(target.model) ?? "",
    dialect: dialects?.of(target.provider, kind),
    outcome: outcome === "running" ? "cancelled" : outcome,
    code: attempt.code,
    status: attempt.status,
    startedAt: Math.floor(attempt.startedAt),
    endedAt: Math.floor(attempt.endedAt ?? endedAt),
    firstContentMs: rounded(attempt.firstContentMs),
    meters,
    rate: rate?.id,
    billed,
    estimated:
      meters !== undefined &&
      (dollars !== undefined || (usageStatus !== undefined && usageStatus !== "final")),
  };
}

/** Tokens that limits counted, and that no provider reported, change no known cost. */
function pricingOf({ cost }: Attempt, pricing: Pricing, tokens: number): Pricing {
  return tokens === 0 || cost === undefined ? pricing : { billed: cost };
}

/** The name of a service tier. A provider may write anything there, and the rate card would show it. */
function tierOf(text: string | undefined): string | undefined {
  return text === undefined || /^(?:[a-z][a-z_-]{0,39}|[A-Z][A-Z_]{0,39})$/.test(text) ? text : "other";
}

function clean(text: string | undefined): string | undefined {
  return text === undefined ? undefined : cleanText(text, MAX_TEXT);
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value);
}
