import { z } from "zod";
import { Secret } from "./secret-schema.js";

const days = z.number().positive();

/** The store of the ledger, the keys and the audit log. */
export const StoreNode = z
  .union([
    z.literal("none").describe("Nothing is kept: no ledger, and keys end with the process"),
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
    days: days.optional().describe("Days that calls are kept. Sums by hour are kept for ever. Default 90"),
    auditDays: days.optional().describe("Days that the audit log is kept. Default 365"),
    content: z
      .strictObject({ days: days.describe("Days that they are kept") })
      .optional()
      .describe("Keep requests and answers, without secrets. Default: they are not kept"),
  })
  .meta({ id: "Ledger" });
