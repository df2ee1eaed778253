import { z } from "zod";
import { Secret } from "./secret-schema.js";

const days = z.number().positive();

/** The store of the ledger, the keys and the audit log. */
export const StoreNode = z
  .union([
    z.literal("none").describe("Stores nothing: no ledger, and keys end with the process"),
    z.strictObject({
      sqlite: z
        .string()
        .min(1)
        .describe("A file, which is created; `:memory:` for one that ends with the process"),
    }),
    z.strictObject({ postgres: Secret.describe("postgres://user:password@host:port/database") }),
  ])
  .meta({ id: "Store" });

/** The data that the ledger stores, and for how long. */
export const LedgerNode = z
  .strictObject({
    days: days
      .optional()
      .describe("Days for which calls are stored. Sums by hour and by day are not deleted. Default 90"),
    auditDays: days.optional().describe("Days for which the audit log is stored. Default 365"),
    content: z
      .strictObject({ days: days.describe("Days for which they are stored; at most `days`") })
      .optional()
      .describe("Stores requests and answers, without secrets. Default: they are not stored"),
  })
  .meta({ id: "Ledger" });
