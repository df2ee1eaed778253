import type { Attempt, ChatProvider, ChatRequest, Price } from "ai-lib";
import type { AdmissionRequest, CallEnd, Ticket } from "../../src/admission.js";
import type { ChosenRoute } from "../../src/chosen-route.js";
import type { KeyRecord, Limit } from "../../src/keys/record.js";
import { chainOf } from "../../src/limits/chain.js";
import { Counters } from "../../src/limits/counters.js";
import { Limiter, type MayDivert } from "../../src/limits/limiter.js";

/** The time of all calls. */
export const NOW = Date.UTC(2026, 10, 28, 13, 7, 5);

export const PRICE: Price = { input: 2, output: 10 };

/** What an attempt uses: 50 tokens, which cost 340,000 billionths of a dollar. */
const USED = { inputTokens: 20, outputTokens: 30 };

/** A provider with facts about all of its models. */
export function provider(facts: object = { price: PRICE }): ChatProvider {
  return { name: "up", target: { provider: "up" }, facts: () => facts } as unknown as ChatProvider;
}

/** A limiter of one key, and what the limits of the key have. */
export function limited(
  limits: readonly Limit[],
  routes: Readonly<Record<string, ChatProvider>> = { chat: provider() },
  maxTokens?: number,
  mayDivert: MayDivert = () => true,
) {
  const choose = (route: string, model?: string): ChosenRoute | undefined => {
    const one = routes[route];
    return one === undefined ? undefined : { route, provider: one, model };
  };
  const counters = new Counters();
  const chain = chainOf({ id: "ci", limits } as unknown as KeyRecord, [], counters);
  const limiter = new Limiter({ counters, route: choose, maxTokens });
  return {
    chain,
    /** What each limit has: used and held, dollars in billionths. */
    taken: () => chain.map(({ bucket }) => [bucket.used(NOW), bucket.held(NOW)]),
    /** Admits a call of 100 bytes. */
    admit: (request: Partial<ChatRequest> & object = {}, more: Partial<AdmissionRequest> = {}) =>
      limiter.admit(callOf(request, more), chain, mayDivert),
    /** What the admission of such a call would do. */
    preview: (request: Partial<ChatRequest> & object = {}) =>
      limiter.preview(callOf(request, {}), chain, mayDivert),
  };

  function callOf(request: Partial<ChatRequest> & object, more: Partial<AdmissionRequest>): AdmissionRequest {
    return {
      choice: choose("chat", "m"),
      kind: "chat",
      request: { messages: [{ role: "user", content: "Hi" }], ...request },
      bodyBytes: 100,
      estimate: { inputTokens: 10, outputTokens: 0 },
      deadline: NOW + 60_000,
      ...more,
    } as AdmissionRequest;
  }
}

/** An attempt that ended, with what it used. */
export function attempt(
  more: { readonly [Name in keyof Attempt]?: Attempt[Name] | undefined } = {},
): Attempt {
  return { outcome: "success", usage: USED, cost: 0.00034, ...more } as Attempt;
}

/** The end of a call. */
export function end(attempts: readonly Attempt[], more: Partial<CallEnd> = {}): CallEnd {
  return { status: "success", usage: undefined, estimated: false, attempts, ...more };
}

/** Asks a ticket for an attempt of a call that has made some. */
export function next(
  ticket: Ticket,
  attempts: readonly Attempt[] = [],
  { provider: name = "up", ...facts }: { readonly provider?: string; readonly price?: Price } = {
    price: PRICE,
  },
) {
  const call = { context: { attempts } } as never;
  return ticket.beforeAttempt?.({ target: { provider: name }, call, facts: () => facts });
}
