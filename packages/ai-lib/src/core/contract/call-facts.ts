import type { KindLaws, Requirements, TokenEstimate } from "../kinds/laws.js";
import { unmet } from "../kinds/requirements.js";
import type { EventOf, RequestOf, ResponseOf } from "../values/kinds.js";
import type { ModelFacts } from "../values/model.js";
import { tokenCount } from "../values/usage.js";
import { type Call, callWith } from "./call.js";
import { valueOr } from "./guard.js";
import type { ChatProvider } from "./provider.js";

/**
 * What layers may ask of a call without knowing its kind. TypeScript cannot see that `laws` and `request` of one call
 * are of the same kind; these functions assert it once for all layers.
 */
function lawsOf(call: Call): Omit<KindLaws, "validate"> & {
  estimate(request: RequestOf): TokenEstimate;
  requirements(request: RequestOf): Requirements;
  affinity?(request: RequestOf, limit: number): string;
} {
  return call.laws as never;
}

/** Whether a request names a model; absent, `""` and `"auto"` leave it to the target. */
export function namesModel({ model }: { readonly model?: string | undefined }): boolean {
  return model !== undefined && model !== "" && model !== "auto";
}

/** The model that a call asks for; undefined for the target's default. */
export function modelOf(call: Call): string | undefined {
  return namesModel(call.request) ? call.request.model : undefined;
}

/** The same call for another model; undefined for the target's default. */
export function withModel<C extends Call>(call: C, model: string | undefined): C {
  return callWith(call, { request: { ...call.request, model } });
}

/**
 * Whether two calls have the same request, for whichever model: no layer between them changed it. A call for the rest
 * of an answer counts as a call for the whole answer.
 */
export function isSameRequest(a: Call, b: Call): boolean {
  if (a.kind !== b.kind || !haveSameFields(a.context.headers, b.context.headers)) return false;
  const [left, right] = [a.continues ?? a.request, b.continues ?? b.request];
  return left === right || haveSameFields(left, right, "model");
}

/** Whether two flat objects have the same values, one field left out. */
function haveSameFields(a: object, b: object, except?: string): boolean {
  if (a === b) return true;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const name of Object.keys(left)) if (name !== except && left[name] !== right[name]) return false;
  for (const name of Object.keys(right)) if (name !== except && !(name in left)) return false;
  return true;
}

/** Tokens that a call is expected to use; 0 where a kind's estimate throws or is no number. */
export function estimate(call: Call): TokenEstimate {
  const given = valueOr(NO_ESTIMATE, () => lawsOf(call).estimate(call.request));
  const { units } = given;
  const inputTokens = tokenCount(given.inputTokens) ?? 0;
  const outputTokens = tokenCount(given.outputTokens) ?? 0;
  return units === undefined ? { inputTokens, outputTokens } : { inputTokens, outputTokens, units };
}

const NO_ESTIMATE: TokenEstimate = { inputTokens: 0, outputTokens: 0 };

/** The requirements of a call on a model. */
export function requirements(call: Call): Requirements {
  return lawsOf(call).requirements(call.request);
}

/** Why a model cannot take a call, as a phrase for the attempt log; undefined where it can, or may. */
export function unmetRequirement(call: Call, facts: ModelFacts | undefined): string | undefined {
  return facts === undefined ? undefined : unmet(requirements(call), facts, () => estimate(call).inputTokens);
}

/** The text that calls share when one cache can serve them; `""` for kinds without such a text. */
export function affinityOf(call: Call, limit: number): string {
  return lawsOf(call).affinity?.(call.request, limit) ?? "";
}

/** The name under which a caller wants similar calls to share a cache; undefined where it gave none. */
export function cacheKeyOf(call: Call): string | undefined {
  const { cacheKey } = call.request as { readonly cacheKey?: unknown };
  return typeof cacheKey === "string" ? cacheKey : undefined;
}

/** Whether an event of a call is content, after which a retry is no longer invisible. */
export function isContent(call: Call, event: EventOf): boolean {
  return (call.laws as KindLaws).isContent(event);
}

/** Whether a response to a call is the whole answer, which may be given again. */
export function isComplete(call: Call, response: ResponseOf): boolean {
  return (call.laws as KindLaws).isComplete?.(response) ?? true;
}

/** Facts of whichever model a provider would use for a call. */
export function factsFor(provider: ChatProvider, call: Call): ModelFacts | undefined {
  return provider.facts?.(modelOf(call));
}
