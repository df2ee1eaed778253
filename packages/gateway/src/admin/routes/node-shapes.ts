import { z } from "zod";
import type { NodeRecord } from "../../keys/record.js";
import { name, Time, timeOf } from "../shapes.js";

/** The kinds of call of ai-lib. */
const KINDS = ["chat", "embed", "rerank", "moderate", "transcribe", "speak", "image", "countTokens"] as const;

const amount = z.number().positive();
const names = z.array(z.string().min(1).max(200)).max(1_000);

/** A limit, as `Limit` of the records describes it. */
export const LimitShape = name(
  "Limit",
  z.strictObject({
    requests: z.int().positive().optional().describe("Calls in each period"),
    tokens: z.int().positive().optional().describe("Tokens in each period, in and out"),
    dollars: amount.optional().describe("US dollars in each period"),
    concurrent: z.int().positive().optional().describe("Calls at a time"),
    per: z.enum(["minute", "hour", "day", "month", "total"]).optional(),
    window: z.enum(["aligned", "rolling"]).optional().describe("Default aligned"),
    routes: names.optional().describe("Count calls to these routes alone"),
    soft: z
      .boolean()
      .optional()
      .describe("Reserve what calls usually use, in place of the most. Default false"),
    onExhausted: z
      .union([z.literal("refuse"), z.strictObject({ route: z.string().min(1) })])
      .optional()
      .describe("Default refuse"),
  }),
);

/** What keys and groups have in common in a body. */
export const nodeFields = {
  name: z.string().min(1).max(200).optional().describe("For people. Default: the id"),
  limits: z.array(LimitShape).max(100).optional(),
  routes: names.optional().describe("Routes that calls may use; a name may end with `*`. Absent: all"),
  models: names.optional().describe("Models that calls may ask for; a name may end with `*`. Absent: all"),
  kinds: z.array(z.enum(KINDS)).optional().describe("Kinds of call. Absent: all"),
  networks: names.optional().describe("Networks of clients, such as 10.0.0.0/8. Absent: all"),
  disabled: z.boolean().optional().describe("Refuse every call. Default false"),
};

/** What keys and groups have in common in an answer. */
export const nodeViewFields = {
  ...nodeFields,
  id: z.string(),
  createdAt: Time,
  revision: z.int().describe("Each change adds 1; it is the ETag"),
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
    ...(kinds !== undefined && { kinds: kinds as readonly (typeof KINDS)[number][] }),
    ...(networks !== undefined && { networks }),
    ...(disabled !== undefined && { disabled }),
    createdAt: timeOf(createdAt),
    revision,
    managed,
  };
}
