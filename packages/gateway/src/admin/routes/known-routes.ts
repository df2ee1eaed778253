import type { Limit } from "../../keys/record.js";
import { AdminError, type ErrorDetail } from "../errors.js";
import type { AdminParts } from "../parts.js";

/** The fields of a key or a group that name routes; null removes one. */
interface RouteNames {
  readonly routes?: readonly string[] | null | undefined;
  readonly limits?: readonly Limit[] | null | undefined;
}

/**
 * Refuses names of routes that lead nowhere, as the file does. Only what a request sets is checked: a route may be gone
 * since it was named.
 * @throws {AdminError} `invalid_request`
 */
export function checkRoutes({ served }: AdminParts, { routes, limits }: RouteNames): void {
  const table = served.table();
  const known = new Set(table.served().map(({ name }) => name));
  const details: ErrorDetail[] = [];
  const add = (path: string, name: string) => details.push({ path, message: `there is no route ${name}` });
  const check = (names: readonly string[], path: string) => {
    for (const [index, name] of names.entries())
      if (!name.endsWith("*") && !known.has(name)) add(`${path}.${index}`, name);
  };
  check(routes ?? [], "body.routes");
  for (const [index, { routes: counted = [], onExhausted }] of (limits ?? []).entries()) {
    check(counted, `body.limits.${index}.routes`);
    if (typeof onExhausted === "object" && !table.leads(onExhausted.route))
      add(`body.limits.${index}.onExhausted.route`, onExhausted.route);
  }
  if (details.length > 0)
    throw new AdminError("invalid_request", "The body of the request names a route that is not there", {
      details: details.slice(0, MAX_DETAILS),
    });
}

/** Places that one answer names. */
const MAX_DETAILS = 50;
