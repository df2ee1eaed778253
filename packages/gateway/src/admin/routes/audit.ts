import { z } from "zod";
import { readCursor, writeCursor } from "../cursor.js";
import { defineRoute } from "../route.js";
import { name, PageQuery, pageOf, SearchText, Time, timeOf } from "../shapes.js";

const Entry = name(
  "AuditEntry",
  z.object({
    id: z.string(),
    at: Time,
    actor: z.string().describe("`token:<name>` or `oidc:<subject>`"),
    role: z.string(),
    action: z.string().describe("The action, such as `key.create`"),
    target: z.string().describe("The target of the change, such as the id of a key"),
    status: z.int().describe("Of the answer: 2xx for a change that was made"),
    details: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        "`requestId`, the actor's `name`, `code` of a refusal, and what the API showed `before` and `after`",
      ),
  }),
);

const text = SearchText.optional();

const Place = z.strictObject({ before: z.string().regex(/^[0-9a-f]{1,40}$/) });

export const listAudit = defineRoute({
  id: "listAudit",
  method: "GET",
  path: "/audit",
  tag: "audit",
  summary: "Every change that was made or refused, the latest first",
  role: "owner",
  query: PageQuery.extend({
    ...{ actor: text, action: text, target: text },
    from: Time.optional(),
    to: Time.optional().describe("Exclusive"),
  }),
  reply: pageOf("AuditPage", Entry),
  handle: async ({ parts, query }) => {
    const { limit, cursor, actor, action, target, from, to } = query;
    const before = readCursor(cursor, Place)?.before;
    const { entries, next } = await parts.audit.read({
      ...{ before, limit, actor, action, target },
      from: from === undefined ? undefined : Date.parse(from),
      to: to === undefined ? undefined : Date.parse(to),
    });
    return {
      body: {
        data: entries.map(({ details, ...entry }) => ({
          ...entry,
          at: timeOf(entry.at),
          ...(details !== undefined && { details: details as Record<string, unknown> }),
        })),
        ...(next !== undefined && { nextCursor: writeCursor({ before: next }) }),
      },
    };
  },
});
