/**
 * The error codes of the admin API with their statuses. They are frozen: a code is never renamed, and its meaning and
 * status never change. New ones may be added.
 */
export const ADMIN_ERRORS = {
  /** The request has a wrong shape; `details` lists where. */
  invalid_request: 400,
  /** No token and no session, or one that is wrong or has expired. */
  unauthenticated: 401,
  /** The role does not allow the call. */
  forbidden: 403,
  /** A session's request has no or a wrong `x-csrf-token`, or comes from another origin. */
  csrf_failed: 403,
  /** There is no such thing, or no such path. */
  not_found: 404,
  method_not_allowed: 405,
  /** The change contradicts the present state, such as a name in use. A repetition does not help. */
  conflict: 409,
  /** Another request with the same Idempotency-Key has not ended yet. */
  idempotency_in_progress: 409,
  /** `If-Match` names another version than the present one. Read it again, then repeat the change. */
  version_conflict: 412,
  too_large: 413,
  /** The body is not `application/json`. */
  unsupported_media_type: 415,
  /** The Host header names another host than this server. */
  wrong_host: 421,
  /** The Idempotency-Key was used for another request. */
  idempotency_mismatch: 422,
  /** The change needs `If-Match`. */
  precondition_required: 428,
  /** Too many changes in a minute; `Retry-After` says when the next one is allowed. */
  rate_limited: 429,
  internal: 500,
  /** The gateway lacks something that the call needs, such as a store. */
  not_configured: 501,
  /** The identity provider cannot be reached. */
  identity_provider_failed: 502,
  /** The store cannot be reached, or failed. A change may have been made: read what is there, then repeat it. */
  store_unavailable: 503,
} as const;

/** A code of {@link ADMIN_ERRORS}. */
export type AdminErrorCode = keyof typeof ADMIN_ERRORS;

/** What is wrong at one place of a request. */
export interface ErrorDetail {
  /** The place: `body.limits.0.requests`, `query.limit`. */
  readonly path: string;
  readonly message: string;
}

/** The fields of an {@link AdminError} besides its code and message. */
export interface AdminErrorOptions {
  readonly details?: readonly ErrorDetail[] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The refused principal, if the call itself determined it: a person without a role. */
  readonly actor?: { readonly id: string; readonly name: string } | undefined;
}

/** A refusal of the admin API. Its message is for the client: it names no secret. */
export class AdminError extends Error {
  readonly details: readonly ErrorDetail[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly actor: AdminErrorOptions["actor"];

  constructor(
    readonly code: AdminErrorCode,
    message: string,
    { details, headers = {}, actor }: AdminErrorOptions = {},
  ) {
    super(message);
    this.name = "AdminError";
    this.details = details;
    this.headers = headers;
    this.actor = actor;
  }

  get status(): number {
    return ADMIN_ERRORS[this.code];
  }
}

/** The refusal for something that is not there. */
export function notFound(what: string): AdminError {
  return new AdminError("not_found", `There is no ${what}`);
}
