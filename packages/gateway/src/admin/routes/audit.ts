import { z } from "zod";
import { ROLES } from "../auth/roles.js";
import { readCursor, writeCursor } from "../cursor.js";
import { defineRoute } from "../route.js";
import { name, PageQuery, pageOf, Time, timeOf } from "../shapes.js";

const Entry = name(
  "AuditEntry",
  z.object({
    id: z.string(),
    at: Time,
    actor: z.object({ id: z.string(), name: z.string(), role: z.enum(ROLES).optional() }),
    action: z.string(),
    target: z.string().optional(),
    outcome: z.enum(["done", "refused", "failed"]),
    code: z.string().optional().describe("Why it was refused"),
    requestId: z.string(),
    before: z.unknown().optional().describe("What was changed, as the API showed it before"),
    after: z.unknown().optional(),
  }),
);

const text = z.string().min(1).max(300).optional();

export const listAudit = defineRoute({
  id: "listAudit",
  method: "GET",
  path: "/audit",
  tag: "audit",
  summary: "Every change that was made or refused, the latest first",
  role: "owner",
  query: PageQuery.extend({ actor: text, action: text, target: text }),
  reply: pageOf("AuditPage", Entry),
  handle: async ({ parts, query: { limit, cursor, actor, action, target } }) => {
    const before = readCursor(cursor, z.strictObject({ before: z.string().max(100) }))?.before;
    const found = await parts.audit.list({ before, limit: limit + 1, actor, action, target });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      body: {
        data: page.map((entry) => ({ ...entry, at: timeOf(entry.at) })),
        ...(found.length > limit && last !== undefined && { nextCursor: writeCursor({ before: last.id }) }),
      },
    };
  },
});
