import type { GroupLevel, GroupRecord } from "./record.js";

/** Groups within groups; deeper trees are refused. */
const MAX_DEPTH = 16;

/** What a group may be in. */
const PARENTS: Readonly<Record<GroupLevel, readonly GroupLevel[]>> = {
  organisation: [],
  team: ["organisation", "team"],
  user: ["organisation", "team"],
};

/** A group at a wrong place. */
interface Misplaced {
  readonly id: string;
  readonly message: string;
}

/**
 * The groups from an outermost one to a given one: of a wrong tree, those up to the first missing one, at most
 * {@link MAX_DEPTH}.
 * @param id the innermost group; undefined for none
 */
export function pathTo(
  groups: ReadonlyMap<string, GroupRecord>,
  id: string | undefined,
): readonly GroupRecord[] {
  const path: GroupRecord[] = [];
  for (
    let group = next(groups, id);
    group !== undefined && path.length < MAX_DEPTH;
    group = next(groups, group.parent)
  )
    path.unshift(group);
  return path;
}

/** Why nothing can be in a group: it, or one that it is in, is missing or at a wrong place. */
export function groupProblem(
  groups: ReadonlyMap<string, GroupRecord>,
  id: string | undefined,
): string | undefined {
  if (id === undefined) return undefined;
  if (!groups.has(id)) return `there is no group ${id}`;
  for (const group of pathTo(groups, id).toReversed()) {
    const message = placeProblem(groups, group);
    if (message !== undefined) return `group ${group.id}: ${message}`;
  }
  return undefined;
}

/** The first group that a change puts at a wrong place, and why. Those that were wrong before do not count. */
export function changeProblem(
  groups: ReadonlyMap<string, GroupRecord>,
  changed: GroupRecord,
): Misplaced | undefined {
  const after = new Map([...groups, [changed.id, changed]]);
  for (const group of [changed, ...groups.values()]) {
    const message = placeProblem(after, after.get(group.id) ?? group);
    if (message === undefined) continue;
    const before = groups.get(group.id);
    if (before === undefined || placeProblem(groups, before) !== message) return { id: group.id, message };
  }
  return undefined;
}

/**
 * The first group that is at a wrong place, and why; undefined where the groups are trees.
 * @param within those that are looked at. Default: all
 */
export function treeProblem(
  groups: ReadonlyMap<string, GroupRecord>,
  within: Iterable<GroupRecord> = groups.values(),
): Misplaced | undefined {
  for (const group of within) {
    const message = placeProblem(groups, group);
    if (message !== undefined) return { id: group.id, message };
  }
  return undefined;
}

function placeProblem(groups: ReadonlyMap<string, GroupRecord>, group: GroupRecord): string | undefined {
  const { id, level, parent } = group;
  if (parent === undefined) return undefined;
  const outer = groups.get(parent);
  if (outer === undefined) return `there is no group ${parent}`;
  if (level === "organisation") return "an organisation is in no group";
  if (!PARENTS[level].includes(outer.level))
    return `${parent} is of the level ${outer.level} and contains no ${level}`;
  let depth = 1;
  for (let one: GroupRecord | undefined = outer; one !== undefined; one = next(groups, one.parent)) {
    if (one.id === id) return `${id} contains itself`;
    if (++depth > MAX_DEPTH) return `a tree has at most ${MAX_DEPTH} groups on one path`;
  }
  return undefined;
}

function next(groups: ReadonlyMap<string, GroupRecord>, id: string | undefined): GroupRecord | undefined {
  return id === undefined ? undefined : groups.get(id);
}
