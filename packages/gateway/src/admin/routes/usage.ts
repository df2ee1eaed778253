import { z } from "zod";
import { USAGE_DIMENSIONS, type UsageDimension, type UsageSum } from "../../store/queries.js";
import type { UsageReader } from "../../store/store.js";
import { AdminError } from "../errors.js";
import type { AdminParts } from "../parts.js";
import { defineRoute, type Sent } from "../route.js";
import { name, SearchText, Time, timeOf } from "../shapes.js";

const DAY_MS = 86_400_000;

/** The times that can be written as RFC 3339, in whole days. */
const FIRST = Date.parse("0000-01-01T00:00:00Z");
const LAST = Date.parse("9999-12-31T00:00:00Z");

const text = SearchText.optional();

const Meters = {
  input: z.number().describe("Prompt tokens, cache reads and writes included"),
  output: z.number().describe("Generated tokens, reasoning included"),
  cached: z.number(),
  cacheWrite: z.number(),
  reasoning: z.number(),
};

export const MetersShape = name("Meters", z.object(Meters));

const Sum = name(
  "UsageSum",
  z.object({
    calls: z.int(),
    errors: z.int().describe("Calls that failed; a part of `calls`"),
    attempts: z.int().describe("Attempts with usage"),
    estimated: z.int().describe("Attempts whose usage or cost is an estimate"),
    dollars: z.number().describe("Of all attempts whose price is known, by the present rates"),
    unpriced: z.int().describe("Attempts whose price is unknown"),
    ...Meters,
  }),
);

const Report = name(
  "UsageReport",
  z.object({
    from: Time.describe("The time that the sums cover: whole hours"),
    to: Time,
    groups: z.array(
      z.object({
        by: z
          .record(z.string(), z.string())
          .describe("The values of the dimensions; absent for calls that have none"),
        sum: Sum,
      }),
    ),
    omitted: z.int().describe("Groups that the limit left out"),
    total: Sum,
  }),
);

const dimensions = z
  .string()
  .max(100)
  .transform((list) => list.split(","))
  .pipe(z.array(z.enum(USAGE_DIMENSIONS)).min(1).max(3));

export const getUsage = defineRoute({
  id: "getUsage",
  method: "GET",
  path: "/usage",
  tag: "usage",
  summary: "What was used, by up to three dimensions",
  role: "viewer",
  query: z.strictObject({
    from: Time.optional().describe(
      "Rounded down to the hour, for sessions to the day. Default: a day before `to`",
    ),
    to: Time.optional().describe("Exclusive, rounded up to the hour, for sessions to the day. Default: now"),
    groupBy: dimensions
      .optional()
      .describe(`Up to three of ${USAGE_DIMENSIONS.join(", ")}, with commas. Default: one sum`),
    limit: z.coerce.number().int().min(1).max(10_000).optional().describe("Groups at most. Default 1000"),
    ...{
      key: text,
      group: text,
      user: text,
      session: text.describe("Whole days, for this one"),
      tag: text,
      route: text,
      kind: text,
      provider: text,
      model: text,
    },
  }),
  reply: Report,
  errors: ["not_configured"],
  handle: async ({ parts, query: { from, to, groupBy, limit, ...filter }, now }) => {
    const end = Math.min(to === undefined ? now : Date.parse(to), LAST);
    const begin = Math.max(from === undefined ? end - DAY_MS : Date.parse(from), FIRST);
    if (begin >= end) throw wrong("query.from", "must be before `to`");
    if (groupBy?.includes("hour") === true && end - begin > 31 * DAY_MS)
      throw wrong("query.groupBy", "`hour` covers 31 days at most");
    if (groupBy?.includes("session") === true && filter.session === undefined && end - begin > 7 * DAY_MS)
      throw wrong("query.groupBy", "`session` covers 7 days at most");
    if (groupBy?.includes("hour") === true && (groupBy.includes("session") || filter.session !== undefined))
      throw wrong("query.groupBy", "usage of sessions is given by the day");
    if (groupBy?.includes("hour") === true && groupBy.includes("day"))
      throw wrong("query.groupBy", "takes `hour` or `day`, not both");
    if (new Set(groupBy).size !== (groupBy ?? []).length)
      throw wrong("query.groupBy", "a dimension is there twice");
    const report = await usageOf(parts).usage({ from: begin, to: end, groupBy, filter, limit });
    return {
      body: {
        from: timeOf(report.from),
        to: timeOf(report.to),
        groups: report.groups.map(({ by, ...sum }) => ({ by: valuesOf(by), sum: sumOf(sum) })),
        omitted: report.omitted,
        total: sumOf(report.total),
      },
    };
  },
});

/** The reader of the ledger. @throws {AdminError} `not_configured` for a gateway without a store. */
export function usageOf({ usage }: AdminParts): UsageReader {
  if (usage !== undefined) return usage;
  throw new AdminError("not_configured", "The gateway runs without a store, so that it keeps no ledger");
}

function valuesOf(
  by: { readonly [D in UsageDimension]?: string | number | undefined },
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(by).flatMap(([dimension, value]) =>
      value === undefined ? [] : [[dimension, typeof value === "number" ? timeOf(value) : value]],
    ),
  );
}

function sumOf({ others: _others, ...sum }: UsageSum): Sent<typeof Sum> {
  return sum;
}

function wrong(path: string, message: string): AdminError {
  return new AdminError("invalid_request", "The query of the request is wrong", {
    details: [{ path, message }],
  });
}
