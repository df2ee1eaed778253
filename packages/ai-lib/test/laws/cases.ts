import fc from "fast-check";
import type { Cannot } from "../../src/core/contract/dialect.js";
import type { ChatResponse } from "../../src/core/values/chat-response.js";
import type { ContentPart } from "../../src/core/values/message.js";
import type { Scope } from "../support/arbitrary.js";
import { targetFor } from "../support/halves.js";
import type { Outcome } from "../support/recordings.js";
import { canonical } from "./leaves.js";
import type { LawSubject } from "./subject.js";

/**
 * The same cases each time, so that a change fails on its own faults alone: a few cases for each of several seeds.
 * `AI_LIB_LAWS_SEED=7 AI_LIB_LAWS_RUNS=500` looks for more; `laws.release.test.ts` runs twenty times as many.
 */
const { AI_LIB_LAWS_SEED: seed, AI_LIB_LAWS_RUNS: runs } = process.env;
export const SEEDS = seed === undefined ? [1, 2, 3] : [Number(seed)];
export const RUNS = Number(runs ?? 20);

/** Checks a property; `share` divides the cases among those that are themselves many. */
export function hold<T>(property: fc.IProperty<T>, share = 1): void {
  for (const one of SEEDS) fc.assert(property, { numRuns: Math.ceil(RUNS / share), seed: one });
}

/** Facts of a server that knows nothing of the request. */
export const FACTS = { id: "served", created: 0 };

/** The answer that a client half read. */
export function responseFrom(outcome: Outcome | undefined): ChatResponse {
  if (outcome === undefined) throw new Error("no ending");
  if ("error" in outcome) throw outcome.error;
  return outcome.response;
}

/**
 * The facts of an answer, without those of the call. Where the dialect fixes an order of its own, a
 * stream, which cannot go back, may hold to it less than a whole reply does.
 */
export function said(answer: ChatResponse, cannot: Cannot) {
  const { content, finishReason, usage, usageStatus, id, model, serviceTier, cacheMiss } = answer;
  const { raw: _raw, ...counts } = usage;
  const loose = "content.order" in cannot;
  return JSON.parse(
    canonical({
      content: loose ? serials(content) : content,
      finishReason,
      model,
      serviceTier,
      cacheMiss,
      ...(usageStatus === "final" ? { usage: counts } : {}),
      ...("id" in cannot ? {} : { id }),
    }),
  ) as unknown;
}

/** The generator's words, which come once each, whatever parts they are in now. */
function serials(content: readonly ContentPart[]): string[] {
  const parts = content.map((part) => ({
    ...part,
    logprobs: undefined,
    cites: undefined,
    id: undefined,
    origin: undefined,
  }));
  return (canonical(parts).match(/\bw[0-9a-z]+/g) ?? []).sort();
}

/** What the halves write for. */
export type Target = ReturnType<typeof targetFor>;

/** The target of a subject: its own provider and model, so that its own state is read. */
export function targetOf({ provider, model = "asked" }: LawSubject): Target {
  return { ...targetFor(provider), model };
}

/** What occurs in the generated requests and answers: vendor fields of the dialect, and a stranger's state and files. */
export function scopeOf({ client }: LawSubject): Scope {
  return { dialect: client.id, stranger: "elsewhere" };
}
