/** The roles, the lowest first. Each includes the permissions of those before it. */
export const ROLES = ["viewer", "operator", "owner"] as const;

/**
 * `viewer` reads; `operator` also changes keys, groups and the state of routes; `owner` also reads the audit log and
 * reloads the configuration.
 */
export type Role = (typeof ROLES)[number];

/** Whether a role may do what needs another. */
export function allows(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** The highest of several roles; undefined for none. */
export function highest(roles: readonly Role[]): Role | undefined {
  return roles.reduce<Role | undefined>(
    (best, role) => (best === undefined || allows(role, best) ? role : best),
    undefined,
  );
}
