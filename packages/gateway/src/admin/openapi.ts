import { z } from "zod";
import { ADMIN_ERRORS, type AdminErrorCode } from "./errors.js";
import { PREFIX } from "./prefix.js";
import type { AdminRoute } from "./route.js";
import { EMPTY, ErrorBody, NO_BODY, named } from "./shapes.js";

type JsonObject = Readonly<Record<string, unknown>>;

/** Errors that every route may answer with, besides its own. */
const COMMON: readonly AdminErrorCode[] = ["invalid_request", "wrong_host", "internal", "store_unavailable"];

/** Writes the OpenAPI 3.1 document of a table of routes. */
export function openApiDocument(routes: readonly AdminRoute[], version: string): JsonObject {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = `${PREFIX}${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Admin API of ai-lib-gateway",
      version,
      description:
        "Keys, groups, usage, logs and the live state of a gateway. Errors have one shape and frozen codes.",
      license: { name: "MIT OR Apache-2.0", identifier: "MIT OR Apache-2.0" },
    },
    servers: [{ url: "http://127.0.0.1:4101" }],
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        token: { type: "http", scheme: "bearer", description: "A token of `admin.tokens`" },
        session: {
          type: "apiKey",
          in: "cookie",
          name: "__Host-ai_lib_session",
          description:
            "The session of a person who logged in. Over plain HTTP on loopback its name is `ai_lib_session`.",
        },
      },
    },
  };
}

function componentSchemas(): JsonObject {
  const { schemas } = z.toJSONSchema(named, { io: "output", uri: (id) => `#/components/schemas/${id}` });
  return Object.fromEntries(
    Object.entries(schemas).map(([id, schema]) => {
      const { $schema: _schema, $id: _id, id: _name, ...rest } = schema as Record<string, unknown>;
      return [id, rest];
    }),
  );
}

function operation(route: AdminRoute): JsonObject {
  const { id, tag, summary, role, body, isBodyOptional, action } = route;
  return {
    operationId: id,
    tags: [tag],
    summary,
    description: role === "anyone" ? "Needs neither token nor session." : `Needs the role ${role}.`,
    "x-role": role,
    security: role === "anyone" ? [] : [{ token: [] }, { session: [] }],
    parameters: parametersOf(route),
    ...(body !== NO_BODY && {
      requestBody: {
        required: !isBodyOptional,
        content: { "application/json": { schema: schemaOf(body) } },
      },
    }),
    responses: responsesOf(route),
    ...(action !== undefined && { "x-audit-action": action }),
  };
}

function parametersOf(route: AdminRoute): readonly JsonObject[] {
  return [
    ...fieldsOf(route.params, "path"),
    ...fieldsOf(route.query, "query"),
    ...(route.ifMatch === true
      ? [headerParameter("if-match", "The ETag that the change is for, or `*`", true)]
      : []),
    ...(route.versioned === true && route.method === "GET"
      ? [headerParameter("if-none-match", "Answers 304 where the ETag is still this one", false)]
      : []),
    ...(isRepeatable(route)
      ? [
          headerParameter(
            "idempotency-key",
            "Any text of your own, at most 200 characters. A repetition within a day has the answer of the first request",
            false,
          ),
        ]
      : []),
    ...(route.stream !== undefined
      ? [headerParameter("last-event-id", "The id of the last event that was received", false)]
      : []),
    ...(route.action !== undefined
      ? [headerParameter("x-csrf-token", "Of a session: the `csrfToken` of `GET /admin/v1/session`", false)]
      : []),
  ];
}

/** Whether `Idempotency-Key` has an effect: for changes whose repetition would have another effect. */
export function isRepeatable({ method, action }: Pick<AdminRoute, "method" | "action">): boolean {
  return method === "POST" && action !== undefined;
}

function headerParameter(name: string, description: string, required: boolean): JsonObject {
  return { name, in: "header", required, description, schema: { type: "string" } };
}

function fieldsOf(shape: z.ZodType, place: "path" | "query"): readonly JsonObject[] {
  if (shape === EMPTY) return [];
  const { properties = {}, required = [] } = schemaOf(shape, "input") as {
    readonly properties?: Readonly<Record<string, Record<string, unknown>>>;
    readonly required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    ...(description !== undefined && { description }),
    schema,
  }));
}

function responsesOf(route: AdminRoute): JsonObject {
  const { method, reply, versioned, stream } = route;
  const { status = reply === undefined && stream === undefined ? 204 : 200 } = route;
  const headers = versioned === true ? { etag: { schema: { type: "string" } } } : undefined;
  const content =
    stream !== undefined
      ? { "text/event-stream": { schema: { type: "string" } } }
      : reply === undefined
        ? undefined
        : { "application/json": { schema: schemaOf(reply) } };
  return {
    [status]: {
      description: status >= 300 ? "A redirection" : "Success",
      ...(headers !== undefined && { headers }),
      ...(content !== undefined && { content }),
    },
    ...(versioned === true && method === "GET" && { 304: { description: "Unchanged", headers } }),
    ...errorResponses(route),
  };
}

function errorResponses(route: AdminRoute): JsonObject {
  const byStatus = new Map<number, AdminErrorCode[]>();
  for (const code of errorsOf(route)) {
    const status = ADMIN_ERRORS[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\``).join(", "),
        content: { "application/json": { schema: schemaOf(ErrorBody) } },
      },
    ]),
  );
}

/** The codes that a route may answer with. */
function errorsOf(route: AdminRoute): readonly AdminErrorCode[] {
  const { role, action, body, ifMatch, errors = [] } = route;
  return [
    ...new Set<AdminErrorCode>([
      ...COMMON,
      ...(role === "anyone" ? [] : (["unauthenticated", "forbidden"] as const)),
      ...(action === undefined ? [] : (["csrf_failed", "rate_limited"] as const)),
      ...(body === NO_BODY ? [] : (["too_large", "unsupported_media_type"] as const)),
      ...(ifMatch === true ? (["precondition_required", "version_conflict"] as const) : []),
      ...(isRepeatable(route) ? (["idempotency_in_progress", "idempotency_mismatch"] as const) : []),
      ...errors,
    ]),
  ];
}

function schemaOf(shape: z.ZodType, io: "input" | "output" = "output"): JsonObject {
  const id = named.get(shape)?.id;
  if (id !== undefined) return { $ref: `#/components/schemas/${id}` };
  const { $schema: _schema, ...schema } = z.toJSONSchema(shape, { io }) as Record<string, unknown>;
  return schema;
}
