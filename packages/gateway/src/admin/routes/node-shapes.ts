import { createHash } from "node:crypto";
import { z } from "zod";
import type { NodeRecord } from "../../keys/record.js";
import { LimitShape } from "../../keys/shapes.js";
import { name, Time, timeOf } from "../shapes.js";

name("Limit", LimitShape);

/** The fields that keys and groups have in common in an answer. */
export const nodeViewFields = {
  id: z.string(),
  createdAt: Time,
  revision: z.int().describe("Each change adds 1. `If-Match` takes it, as it takes the ETag"),
  managed: z
    .enum(["file", "store"])
    .describe("`file`: declared in the configuration, and changed there alone"),
};

/** Makes every field of a body optional, and lets `null` remove it. */
export function patchOf<S extends Readonly<Record<string, z.ZodType>>>(
  fields: S,
): z.ZodObject<{ [K in keyof S]: z.ZodOptional<z.ZodNullable<S[K]>> }> {
  return z.strictObject(
    Object.fromEntries(Object.entries(fields).map(([key, shape]) => [key, shape.nullable().optional()])),
  ) as unknown as z.ZodObject<{ [K in keyof S]: z.ZodOptional<z.ZodNullable<S[K]>> }>;
}

/** A draft with a patch on it: given fields replace, `null` removes. */
export function patched<D extends object>(draft: D, patch: Readonly<Record<string, unknown>>): D {
  return Object.fromEntries(
    Object.entries({ ...draft, ...patch }).filter(([, value]) => value !== null && value !== undefined),
  ) as unknown as D;
}

/** The fields of a record that keys and groups have in common, as the API shows them. */
export function viewOfNode(record: NodeRecord) {
  const {
    id,
    name: named,
    limits,
    routes,
    models,
    kinds,
    networks,
    disabled,
    createdAt,
    revision,
    managed,
  } = record;
  return {
    id,
    ...(named !== undefined && { name: named }),
    ...(limits !== undefined && { limits }),
    ...(routes !== undefined && { routes }),
    ...(models !== undefined && { models }),
    ...(kinds !== undefined && { kinds }),
    ...(networks !== undefined && { networks }),
    ...(disabled !== undefined && { disabled }),
    createdAt: timeOf(createdAt),
    revision,
    managed,
  };
}

/**
 * The version of a record, for its ETag. A record of the file, and one that was deleted and made again, differ from those
 * before while their revision is the same. That a key was used is no other version.
 */
export function versionOf(view: Readonly<Record<string, unknown>> & { readonly revision: number }): string {
  const { lastUsedAt: _, ...rest } = view;
  const text = JSON.stringify(rest);
  return `${view.revision}-${createHash("sha256").update(text).digest("hex").slice(0, 12)}`;
}

/**
 * The facts of a change besides its answer: the new version, and the entry of the audit log.
 * @param before the record that was changed; undefined for a new one
 */
export function changeOf<R extends NodeRecord>(
  record: R,
  before: R | undefined,
  viewOf: (record: R) => Readonly<Record<string, unknown>> & { readonly revision: number },
) {
  const after = viewOf(record);
  return {
    version: versionOf(after),
    audit: {
      target: record.id,
      ...(before !== undefined && { before: viewOf(before) }),
      after,
    },
  };
}
