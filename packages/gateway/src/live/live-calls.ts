import { RouteCalls } from "./route-calls.js";

/** The calls of each route of a gateway. They survive reloads. */
export class LiveCalls {
  private readonly routes = new Map<string, RouteCalls>();

  /** Those of a route, which begin with its first call. */
  of(route: string): RouteCalls {
    const known = this.routes.get(route);
    if (known !== undefined) return known;
    const made = new RouteCalls();
    this.routes.set(route, made);
    return made;
  }

  /** Those of a route; undefined before its first call. */
  find(route: string): RouteCalls | undefined {
    return this.routes.get(route);
  }

  /** Forgets the routes that are not served any more. */
  retain(served: readonly { readonly name: string }[]): void {
    const names = new Set(served.map(({ name }) => name));
    for (const name of this.routes.keys()) if (!names.has(name)) this.routes.delete(name);
  }
}
