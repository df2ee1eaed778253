import type { ChatProvider } from "ai-lib";
import type { ConcurrencyProvider, RateLimitProvider } from "ai-lib/resilience";
import type { LeastBusyProvider } from "ai-lib/strategies";
import { z } from "zod";
import { routeNode } from "../../config/member-nodes.js";
import { NO_CALLS } from "../../live/call-window.js";
import { type LivePart, type LiveState, STATEFUL } from "../../live/live-state.js";
import {
  routeTree,
  type TargetState,
  type TreeMember,
  type TreeTarget,
  targetStates,
} from "../../live/route-tree.js";
import type { AdminParts } from "../parts.js";
import type { Sent } from "../route.js";
import { name, Time, timeOf } from "../shapes.js";
import { Activity, activityOf } from "./activity.js";

const Part = name(
  "RoutePart",
  z.object({
    id: z.string().describe("Such as `chat: circuitBreaker(openai)`"),
    kind: z.enum(STATEFUL),
    circuits: z
      .array(
        z.object({
          model: z.string().optional().describe("Absent for all models"),
          state: z.enum(["closed", "open", "half-open"]),
          until: Time.optional(),
          why: z.string().optional(),
        }),
      )
      .optional()
      .describe("Those that are not closed"),
    cooldowns: z
      .array(
        z.object({
          target: z.string(),
          model: z.string().optional(),
          until: Time,
          code: z.string().describe("Of the error that began it"),
        }),
      )
      .optional(),
    window: z
      .object({
        requests: z.number(),
        tokens: z.number(),
        running: z.int(),
        waiting: z.int(),
        requestsPerMinute: z.number().optional(),
        tokensPerMinute: z.number().optional(),
      })
      .optional()
      .describe("What the last minute used"),
    places: z
      .object({ running: z.int(), waiting: z.int(), limit: z.number().optional() })
      .optional()
      .describe("Calls at a time"),
    load: z
      .array(z.object({ member: z.string(), running: z.int() }))
      .optional()
      .describe("Running calls of each member"),
    cache: z.object({ hits: z.int(), misses: z.int() }).optional(),
  }),
);

const { shape: activity } = Activity;

const target = {
  provider: z.string(),
  model: z.string().optional().describe("As it is asked for; absent for the provider's own"),
  key: z.string().optional().describe("The name of its key, where there are several of one provider"),
};

const Target = name(
  "RouteTarget",
  z.object({
    ...target,
    ...activity,
    cooldown: z
      .object({ until: Time, code: z.string().describe("Of the error that began it") })
      .optional()
      .describe("Until when a `circuitBreaker` or `keys` of the route does not ask it"),
  }),
);

interface Member {
  readonly name: string;
  readonly skipped?: string | undefined;
  readonly waits?: string | undefined;
  readonly target?: Sent<typeof TargetName> | undefined;
  readonly members?: readonly Member[] | undefined;
}

const TargetName = z.object(target);

const MemberShape: z.ZodType<Member> = name(
  "RouteMember",
  z.object({
    name: z.string(),
    skipped: z
      .string()
      .optional()
      .describe("Why it is not asked now: an open circuit, a cooldown, a full limit"),
    waits: z.string().optional().describe("Why a call would wait here now"),
    target: TargetName.optional().describe("Of a provider: one of `targets`"),
    get members() {
      return z.array(MemberShape).optional();
    },
  }),
) as unknown as z.ZodType<Member>;

/** A route with its live state. */
export const RouteView = name(
  "Route",
  z.object({
    name: z.string(),
    kinds: z.array(z.string()),
    calls: Activity.describe("Calls that the route answers, from their arrival to their end"),
    member: MemberShape,
    targets: z
      .array(Target)
      .describe(
        "What its calls ask, with their attempts. Those that clients name appear once they were asked",
      ),
    parts: z.array(Part).describe("Its strategies and wrappers that have state"),
  }),
);

/** What answers under a name. */
export interface ServedRoute {
  readonly name: string;
  readonly provider: ChatProvider;
}

/** A route as the API shows it. @param now epoch milliseconds */
export function viewOf(
  { served }: AdminParts,
  { name: own, provider }: ServedRoute,
  now: number,
): Sent<typeof RouteView> {
  const plan = served.plan();
  const live = plan?.live;
  const calls = served.calls.find(own);
  const tree = routeTree({ provider, node: routeNode(plan?.config, own), model: undefined }, plan, now);
  return {
    name: own,
    kinds: [...(provider.kinds?.() ?? ["chat"])],
    calls: activityOf(calls?.activity(now) ?? NO_CALLS),
    member: memberOf(tree),
    targets: targetStates(tree, calls?.attempts(now) ?? []).map(targetView),
    parts: live?.parts.filter(({ route }) => route === own).map((part) => partOf(live, part, now)) ?? [],
  };
}

function memberOf({ name: own, obstacle, target: asked, members }: TreeMember): Member {
  return {
    name: own,
    ...(obstacle !== undefined && { [obstacle.refuses ? "skipped" : "waits"]: obstacle.why }),
    ...(asked !== undefined && { target: targetName(asked) }),
    ...(members.length > 0 && { members: members.map(memberOf) }),
  };
}

function targetName({ provider, model, key }: TreeTarget): Sent<typeof TargetName> {
  return { provider, ...(model !== undefined && { model }), ...(key !== undefined && { key }) };
}

function targetView({ target: asked, activity: attempts, cooldown }: TargetState): Sent<typeof Target> {
  return {
    ...targetName(asked),
    ...activityOf(attempts),
    ...(cooldown !== undefined && { cooldown: { until: timeOf(cooldown.until), code: cooldown.code } }),
  };
}

function partOf(live: LiveState, part: LivePart, now: number): Sent<typeof Part> {
  const { id, word: kind } = part;
  const cooldowns = () =>
    live.cooldowns(part, now).map(({ target, model, until, code }) => ({
      target,
      ...(model !== undefined && { model }),
      until: timeOf(until),
      // The message may quote a provider; the code does not.
      code,
    }));
  switch (kind) {
    case "circuitBreaker": {
      const circuits = live.circuits(part, now).map(({ until, ...circuit }) => ({
        ...circuit,
        ...(until !== undefined && { until: timeOf(until) }),
      }));
      return { id, kind, circuits, cooldowns: cooldowns() };
    }
    case "keys":
      return { id, kind, cooldowns: cooldowns() };
    case "rateLimit": {
      const limiter = part.provider as RateLimitProvider;
      const { requestsPerMinute, tokensPerMinute } = part.options;
      return {
        id,
        kind,
        window: {
          ...limiter.taken(now),
          running: limiter.reserved,
          waiting: limiter.waiting,
          ...(typeof requestsPerMinute === "number" && { requestsPerMinute }),
          ...(typeof tokensPerMinute === "number" && { tokensPerMinute }),
        },
      };
    }
    case "concurrencyLimit": {
      const { running, waiting } = part.provider as ConcurrencyProvider;
      const { limit } = part.options;
      return { id, kind, places: { running, waiting, ...(typeof limit === "number" && { limit }) } };
    }
    case "leastBusy": {
      const { load, members = [] } = part.provider as LeastBusyProvider;
      return {
        id,
        kind,
        load: load.map((running, index) => ({ member: members[index]?.name ?? String(index), running })),
      };
    }
    case "leastLatency":
      return { id, kind };
    case "cache": {
      const { hits = 0, misses = 0 } = part.cache ?? {};
      return { id, kind, cache: { hits, misses } };
    }
    default:
      return kind satisfies never;
  }
}
