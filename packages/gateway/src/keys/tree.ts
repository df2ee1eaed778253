import type { GroupLevel, GroupRecord } from "./record.js";

/** Groups within groups; deeper trees are refused. */
const MAX_DEPTH = 16;

/** What a group may be in. */
const PARENTS: Readonly<Record<GroupLevel, readonly GroupLevel[]>> = {
  organisation: [],
  team: ["organisation", "team"],
  user: ["organisation", "team"],
};

/**
 * The groups from an outermost one to a given one. The tree must have passed {@link treeProblem}.
 * @param id the innermost group; undefined for none
 */
export function pathTo(
  groups: ReadonlyMap<string, GroupRecord>,
  id: string | undefined,
): readonly GroupRecord[] {
  const path: GroupRecord[] = [];
  for (let group = next(groups, id); group !== undefined; group = next(groups, group.parent))
    path.unshift(group);
  return path;
}

/** The first group that is at a wrong place, and why; undefined where the groups are trees. */
export function treeProblem(
  groups: ReadonlyMap<string, GroupRecord>,
): { readonly id: string; readonly message: string } | undefined {
  for (const group of groups.values()) {
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
