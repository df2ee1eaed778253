import { isListed } from "../limits/names.js";
import type { Access, GroupRecord, KeyRecord } from "./record.js";
import { pathTo } from "./tree.js";

/** Lines that a report has at most. */
const MAX_LINES = 10;

/** Whether a key may ask for a model that leads to a route. @param access its own lists, and those of its groups */
export function mayAsk(access: readonly Access[], route: string, model: string): boolean {
  return closedLists(access, route, model).length === 0;
}

/** What is missing in lists before a key may ask for a model that leads to a route, in words; nothing where it may. */
function closedLists(access: readonly Access[], route: string, model: string): readonly string[] {
  return [
    ...(access.every(({ routes }) => isListed(routes, route)) ? [] : [`${route} to the \`routes\``]),
    ...(access.every(({ models }) => isListed(models, model)) ? [] : [`${model} to the \`models\``]),
  ];
}

/**
 * What an operator reads about limits that send calls to a route for which the key may not ask: they refuse its calls.
 * @param routeOf the route that a name leads to; undefined for none, whose limits refuse as others do
 */
export function closedDiversions(
  keys: Iterable<KeyRecord>,
  groups: ReadonlyMap<string, GroupRecord>,
  routeOf: (name: string) => string | undefined,
): readonly string[] {
  const lines: string[] = [];
  let others = 0;
  for (const key of keys) {
    const path = [...pathTo(groups, key.group), key];
    const names = new Set(
      path.flatMap(({ limits = [] }) =>
        limits.flatMap(({ onExhausted }) => (typeof onExhausted === "object" ? [onExhausted.route] : [])),
      ),
    );
    for (const name of names) {
      const route = routeOf(name);
      if (route === undefined) continue;
      const closed = closedLists(path, route, name);
      if (closed.length === 0) continue;
      if (lines.length < MAX_LINES)
        lines.push(
          `The key ${key.id} may not ask for ${name}, so its calls are refused where an exhausted limit names it: add ${closed.join(" and ")} of the key and of its groups that have such a list, or remove \`onExhausted\``,
        );
      else others++;
    }
  }
  return others === 0 ? lines : [...lines, `${others} more limits of keys name such routes`];
}
