import type { z } from "zod";
import type { AdminPrincipal } from "./auth/principal.js";
import type { Role } from "./auth/roles.js";
import type { AdminErrorCode } from "./errors.js";
import type { AdminParts } from "./parts.js";
import { EMPTY, NO_BODY } from "./shapes.js";

/** The methods of the admin API. */
export type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

/** The parts of the document that calls are grouped by. */
export type Tag =
  | "gateway"
  | "config"
  | "keys"
  | "groups"
  | "usage"
  | "rates"
  | "logs"
  | "routes"
  | "audit"
  | "session";

/** A checked request to one route. */
export interface AdminRequest<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The version that `If-Match` names; undefined for `*`, and for routes that need none. */
  readonly version: string | undefined;
  readonly principal: AdminPrincipal;
  readonly parts: AdminParts;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The header `cookie`. */
  readonly cookie: string | undefined;
  /** The header `host`. */
  readonly host: string | undefined;
  /** The `last-event-id` of a client that connects to a stream again. */
  readonly lastEventId: string | undefined;
}

/** The effect of a change, for the audit log, without secrets. */
export interface AuditFacts {
  /** What was changed, such as the id of a key. */
  readonly target: string;
  readonly before?: unknown;
  readonly after?: unknown;
  /** The actor, if the call itself determined it. Default: the principal. */
  readonly actor?: AdminPrincipal | undefined;
}

/** An answer of one route. */
export interface AdminReply<R> {
  readonly body?: R;
  /** The version of the answer, for the header `etag`. */
  readonly version?: string | undefined;
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  readonly audit?: AuditFacts | undefined;
}

type Immutable<T> = T extends readonly (infer E)[]
  ? readonly Immutable<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Immutable<T[K]> }
    : T;

/** The value that a route returns for a shape: its arrays and objects may be those of the gateway's own records. */
export type Sent<S extends z.ZodType> = Immutable<z.input<S>>;

/** One event of a stream. */
export interface StreamEvent {
  readonly id?: string | undefined;
  readonly event: string;
  readonly data: unknown;
}

/** Starts a stream of events. @returns ends it */
export type StartStream = (send: (event: StreamEvent) => void) => () => void;

/** The declaration of one route. Routing, checks, authorization and documentation use it. */
export interface RouteSpec<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
> {
  /** The `operationId`. */
  readonly id: string;
  readonly method: Method;
  /** Below `/admin/v1`, with parameters in braces: `/keys/{id}`. */
  readonly path: string;
  readonly tag: Tag;
  readonly summary: string;
  /** The least role that may call it; `anyone` needs neither token nor session. */
  readonly role: Role | "anyone";
  readonly params?: P | undefined;
  readonly query?: Q | undefined;
  /** Default: no fields for a POST, no body for others. */
  readonly body?: B | undefined;
  /** The shape of the answer: fields that it does not name are not sent. Default: no body. */
  readonly reply?: R | undefined;
  /** Default 200, or 204 without a body. */
  readonly status?: number | undefined;
  /** The answer has an `etag`. */
  readonly versioned?: boolean | undefined;
  /** The request must have `If-Match`. */
  readonly ifMatch?: boolean | undefined;
  /** The word for the change in the audit log. A route that changes something has one. */
  readonly action?: string | undefined;
  /** Fields of the answer that are shown once: a repetition with the same Idempotency-Key lacks them. */
  readonly shownOnce?: readonly string[] | undefined;
  /** Codes that the route may answer with, beside those that follow from the rest. */
  readonly errors?: readonly AdminErrorCode[] | undefined;
  readonly handle: (
    request: AdminRequest<z.output<P>, z.output<Q>, z.output<B>>,
  ) => AdminReply<Sent<R>> | Promise<AdminReply<Sent<R>>>;
  /** Answers with server-sent events, in place of `handle`'s body. */
  readonly stream?:
    | ((request: AdminRequest<z.output<P>, z.output<Q>, z.output<B>>) => StartStream)
    | undefined;
}

/** A route of the table. */
export type AdminRoute = Omit<
  RouteSpec<z.ZodType, z.ZodType, z.ZodType, z.ZodType>,
  "params" | "query" | "body" | "handle" | "stream"
> & {
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body: z.ZodType;
  /** Whether a request without a body is one with `{}`. */
  readonly isBodyOptional: boolean;
  readonly handle: (
    request: AdminRequest<unknown, unknown, unknown>,
  ) => AdminReply<unknown> | Promise<AdminReply<unknown>>;
  readonly stream?: ((request: AdminRequest<unknown, unknown, unknown>) => StartStream) | undefined;
};

/** Declares a route, with the types of its parts. */
export function defineRoute<
  P extends z.ZodType = typeof EMPTY,
  Q extends z.ZodType = typeof EMPTY,
  B extends z.ZodType = typeof NO_BODY,
  R extends z.ZodType = typeof NO_BODY,
>(spec: RouteSpec<P, Q, B, R>): AdminRoute {
  const { params = EMPTY, query = EMPTY, method, status } = spec;
  const { body = method === "POST" ? EMPTY : NO_BODY } = spec;
  // What is made needs a body: without one, a client has lost it.
  const isBodyOptional = method === "POST" && status !== 201 && body.safeParse({}).success;
  // The router gives each route what its own shapes parsed.
  return { ...spec, params, query, body, isBodyOptional } as unknown as AdminRoute;
}
