import type { ChatProvider, Target } from "ai-lib";
import type { CooldownView } from "ai-lib/state";
import { type NamedMember, namedMembers } from "../config/member-nodes.js";
import type { Plan } from "../config/plan.js";
import { type CallActivity, NO_CALLS } from "./call-window.js";
import type { Obstacle } from "./live-state.js";
import type { TargetCalls } from "./route-calls.js";

/** What a provider is asked for. */
export type TreeTarget = Pick<Target, "provider" | "model" | "key" | "account" | "region">;

/** A strategy, a wrapper or a provider of a route, and what a call would find there now. */
export interface TreeMember {
  readonly name: string;
  readonly obstacle: Obstacle | undefined;
  /** Of a provider. */
  readonly target: TreeTarget | undefined;
  readonly members: readonly TreeMember[];
}

/** A target of a route with its attempts. */
export interface TargetState extends TargetCalls {
  readonly target: TreeTarget;
  /** That of itself, or of a member around it. */
  readonly cooldown: CooldownView | undefined;
}

/** The members of a route as a tree. @param now epoch milliseconds */
export function routeTree(
  root: NamedMember,
  plan: Pick<Plan, "config" | "live"> | undefined,
  now: number,
): TreeMember {
  return treeOf(root, plan?.live.obstacle(root.provider, root.model, now), plan, now);
}

function treeOf(
  member: NamedMember,
  obstacle: Obstacle | undefined,
  plan: Pick<Plan, "config" | "live"> | undefined,
  now: number,
): TreeMember {
  const { provider, model } = member;
  const members = namedMembers(member, plan?.config).map((one, index) => {
    const own =
      plan?.live.memberObstacle(provider, index, one.model, now) ??
      plan?.live.obstacle(one.provider, one.model, now);
    return treeOf(one, own, plan, now);
  });
  return {
    name: provider.name,
    obstacle,
    target: members.length > 0 ? undefined : targetAsked(provider, model),
    members,
  };
}

function targetAsked({ target, name }: ChatProvider, model: string | undefined): TreeTarget {
  return { provider: name, ...target, ...(model !== undefined && { model }) };
}

/** The targets of a tree, and behind them those that were asked besides, such as models that clients name. */
export function targetStates(tree: TreeMember, asked: readonly TargetCalls[]): readonly TargetState[] {
  const states = new Map<string, TargetState>();
  const activities = new Map(asked.map((one) => [textOf(one.target), one] as const));
  const add = (member: TreeMember, around: CooldownView | undefined): void => {
    const { target, obstacle, members } = member;
    const cooldown = obstacle?.cooldown ?? around;
    for (const one of members) add(one, cooldown);
    if (target === undefined) return;
    const text = textOf(target);
    const activity: CallActivity = activities.get(text)?.activity ?? NO_CALLS;
    // A target may be in several places, of which one may still ask it.
    const known = states.get(text);
    if (known === undefined || cooldown === undefined) states.set(text, { target, activity, cooldown });
  };
  add(tree, undefined);
  for (const [text, { target, activity }] of activities)
    if (!states.has(text)) states.set(text, { target, activity, cooldown: undefined });
  return [...states.values()];
}

function textOf({ provider, model, key, account, region }: TreeTarget): string {
  return JSON.stringify([provider, model, key, account, region]);
}
