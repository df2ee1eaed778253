import { AdminError } from "./errors.js";
import { PREFIX } from "./prefix.js";
import type { AdminRoute, Method } from "./route.js";

/** A route that a path leads to, with the parameters in it. */
export interface Match {
  readonly route: AdminRoute;
  readonly params: Readonly<Record<string, string>>;
}

interface Entry {
  readonly route: AdminRoute;
  readonly segments: readonly string[];
}

/** Finds the route of a method and a path. A literal segment takes precedence over a parameter. */
export class Router {
  private readonly byLength = new Map<number, Entry[]>();

  constructor(routes: readonly AdminRoute[]) {
    for (const route of routes) {
      const segments = route.path.split("/").slice(1);
      const entries = this.byLength.get(segments.length) ?? [];
      entries.push({ route, segments });
      this.byLength.set(segments.length, entries);
    }
    for (const entries of this.byLength.values())
      entries.sort((a, b) => parametersOf(a.segments) - parametersOf(b.segments));
  }

  /**
   * @param path as the client sent it, without a query
   * @throws {AdminError} `not_found`, and `method_not_allowed` with the header `allow`.
   */
  find(method: string, path: string): Match {
    const given = path.startsWith(`${PREFIX}/`) ? path.slice(PREFIX.length + 1).split("/") : undefined;
    const found = (given === undefined ? [] : (this.byLength.get(given.length) ?? [])).flatMap((entry) => {
      const params = given === undefined ? undefined : match(entry.segments, given);
      return params === undefined ? [] : [{ route: entry.route, params }];
    });
    const right = found.find(({ route }) => route.method === method);
    if (right !== undefined) return right;
    if (found.length === 0) throw new AdminError("not_found", "The admin API has no such path");
    const allow = [...new Set(found.map(({ route }): Method => route.method))].sort().join(", ");
    throw new AdminError("method_not_allowed", `This path takes ${allow}`, { headers: { allow } });
  }
}

/** The names of the parameters of a path. */
export function parameterNames(path: string): readonly string[] {
  return path
    .split("/")
    .filter((segment) => segment.startsWith("{"))
    .map((segment) => segment.slice(1, -1));
}

function parametersOf(segments: readonly string[]): number {
  return segments.filter((segment) => segment.startsWith("{")).length;
}

function match(
  segments: readonly string[],
  given: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const text = given[index] ?? "";
    if (segment.startsWith("{")) {
      const value = decode(text);
      if (value === undefined || value === "") return undefined;
      params[segment.slice(1, -1)] = value;
    } else if (segment !== text) return undefined;
  }
  return params;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
