import { z } from "zod";
import { positive } from "./number-schema.js";

const options = z
  .record(z.string(), z.unknown())
  .describe("Options of the strategy or wrapper, by the names that its function in ai-lib has");

/** Strategies, which have several members; the names are those of the functions in ai-lib. */
export const STRATEGIES = [
  "failover",
  "roundRobin",
  "weighted",
  "leastLatency",
  "leastBusy",
  "cheapest",
  "hedged",
  "sticky",
  "keys",
] as const;

/** Wrappers, which have one member. */
export const WRAPPERS = [
  "retry",
  "timeout",
  "circuitBreaker",
  "rateLimit",
  "concurrencyLimit",
  "cache",
  "mirror",
] as const;

const memberFields = {
  provider: z.string().optional().describe("A provider: its id, or `id/model`"),
  route: z.string().optional().describe("Another route"),
  get failover() {
    return members.optional().describe("Ask one member after another until one answers");
  },
  get roundRobin() {
    return members.optional().describe("Take turns");
  },
  get weighted() {
    return members.optional().describe("Take turns by weight: canaries, and shares of contracts");
  },
  get leastLatency() {
    return members.optional().describe("Prefer the member with the shortest time to first content");
  },
  get leastBusy() {
    return members.optional().describe("Prefer the member with the fewest running calls");
  },
  get cheapest() {
    return members.optional().describe("Prefer the member with the lowest price for the call");
  },
  get hedged() {
    return members
      .optional()
      .describe("Ask a second member when the first is slow, and take the first answer");
  },
  get sticky() {
    return members.optional().describe("Keep a session on one member");
  },
  get keys() {
    return members.optional().describe("Several keys of one provider");
  },
  get retry() {
    return Member.optional().describe("Repeat after temporary errors");
  },
  get timeout() {
    return Member.optional().describe("Timeouts of a part of the route; `options` are the timeouts");
  },
  get circuitBreaker() {
    return Member.optional().describe("Stop asking a member that keeps failing");
  },
  get rateLimit() {
    return Member.optional().describe("At most so many requests or tokens a minute");
  },
  get concurrencyLimit() {
    return Member.optional().describe("At most so many calls at a time");
  },
  get cache() {
    return Member.optional().describe("Answer an identical request from memory");
  },
  get mirror() {
    return Member.optional().describe(
      "Send a share of the calls to another member as well, whose answers are dropped",
    );
  },
  get to() {
    return Member.optional().describe("Of `mirror`: the member that gets the copies");
  },
  options: options.optional(),
  model: z
    .union([z.string(), z.record(z.string(), z.string())])
    .optional()
    .describe("The model to request from this member, or a table from the requested model"),
  weight: positive.optional().describe("The share in `weighted`"),
};

/** A member: a provider, another route, or a strategy or wrapper around others. */
export const Member: z.ZodType<MemberNode> = z
  .lazy(() =>
    z.union([z.string().min(1).describe("A provider: its id, or `id/model`"), z.strictObject(memberFields)]),
  )
  .meta({ id: "Member" }) as unknown as z.ZodType<MemberNode>;

const members = z.lazy(() => z.array(Member).min(1)) as unknown as z.ZodArray<z.ZodType<MemberNode>>;

/** A member as an object. Exactly one of `provider`, `route`, a strategy and a wrapper is set. */
export interface MemberObject {
  readonly provider?: string | undefined;
  readonly route?: string | undefined;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  readonly model?: string | Readonly<Record<string, string>> | undefined;
  readonly weight?: number | undefined;
  readonly to?: MemberNode | undefined;
}

/** A member in the file. */
export type MemberNode =
  | string
  | (MemberObject & { readonly [K in (typeof STRATEGIES)[number]]?: readonly MemberNode[] | undefined } & {
      readonly [K in (typeof WRAPPERS)[number]]?: MemberNode | undefined;
    });
