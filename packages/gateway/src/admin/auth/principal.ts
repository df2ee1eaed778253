import type { Role } from "./roles.js";

/** Who calls the admin API. */
export interface AdminPrincipal {
  /** `token:<name>` or `oidc:<subject>`, for the audit log and the access log. */
  readonly id: string;
  /** A name for people. */
  readonly name: string;
  readonly role: Role;
  /** The session of a person who logged in; undefined for a token. */
  readonly session?: SessionFacts | undefined;
}

/** The session of a request. */
export interface SessionFacts {
  /** What `x-csrf-token` must say in each change. */
  readonly csrfToken: string;
  /** Epoch milliseconds at which the session ends at the latest. */
  readonly expiresAt: number;
}
