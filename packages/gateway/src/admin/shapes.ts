import { z } from "zod";

/** No parameters. */
export const EMPTY = z.strictObject({});

/** No body. */
export const NO_BODY = z.undefined();

/** Schemas that the OpenAPI document names. */
export const named = z.registry<{ id: string; description?: string | undefined }>();

/** Gives a schema a name in the OpenAPI document. */
export function name<S extends z.ZodType>(id: string, schema: S): S {
  named.add(schema, { id });
  return schema;
}

/** A time, as the API writes it: RFC 3339 in UTC. */
export const Time = z.iso.datetime();

/** Writes epoch milliseconds as the API does. */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** The id of something, as a part of a path. */
export const Id = z.string().regex(/^[\w.@:+/-]{1,200}$/);

/** A text that a client looks for. PostgreSQL has no NUL in texts, and answers a question for one with an error. */
export const SearchText = z
  .string()
  .min(1)
  .max(300)
  .refine((text) => !text.includes("\0"), "must not contain NUL");

/** Entries of a page at most. */
export const MAX_PAGE = 200;

/** The query of a list. */
export const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(50).describe("Entries of a page"),
  cursor: z.string().min(1).max(1_000).optional().describe("The `nextCursor` of the page before"),
});

/** A page of a list. */
export function pageOf<S extends z.ZodType>(id: string, entry: S) {
  return name(
    id,
    z.object({
      data: z.array(entry),
      nextCursor: z.string().optional().describe("The cursor of the next page; absent on the last one"),
    }),
  );
}

/** The body of every error. */
export const ErrorBody = name(
  "Error",
  z.object({
    error: z.object({
      code: z.string().describe("One of the frozen codes"),
      message: z.string(),
      requestId: z.string(),
      details: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    }),
  }),
);
