import { z } from "zod";
import { AdminError } from "./errors.js";

/** Writes the position of the next page as a cursor, which is opaque to clients. */
export function writeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/**
 * Reads a cursor, which comes from a client and may be anything.
 * @throws {AdminError} `invalid_request` for a text that is no cursor of this list.
 */
export function readCursor<S extends z.ZodType>(
  cursor: string | undefined,
  shape: S,
): z.output<S> | undefined {
  if (cursor === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    value = undefined;
  }
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  throw new AdminError("invalid_request", "The cursor is not one of this list", {
    details: [{ path: "query.cursor", message: "not a cursor of this list" }],
  });
}

/** A cursor with a position in a list with a fixed order. */
export const Offset = z.strictObject({ after: z.string().max(500) });

/** One page of a list whose entries are in the order of their ids. */
export function pageByKey<T>(
  entries: readonly T[],
  keyOf: (entry: T) => string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
): { data: T[]; nextCursor?: string } {
  const after = readCursor(cursor, Offset)?.after;
  const sorted = [...entries].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const rest = after === undefined ? sorted : sorted.filter((entry) => keyOf(entry) > after);
  const data = rest.slice(0, limit);
  const last = data.at(-1);
  return rest.length > limit && last !== undefined
    ? { data, nextCursor: writeCursor({ after: keyOf(last) }) }
    : { data };
}
