import type { Kind } from "ai-lib";
import { systemClock } from "ai-lib";
import { z } from "zod";
import type { CallEntry } from "../../store/call-record.js";
import type { CallCursor, CallFilter } from "../../store/queries.js";
import { readCursor, writeCursor } from "../cursor.js";
import { notFound } from "../errors.js";
import type { StartStream } from "../route.js";
import { type AdminRoute, defineRoute, type Sent } from "../route.js";
import { name, PageQuery, pageOf, SearchText, Time, timeOf } from "../shapes.js";
import { MetersShape, usageOf } from "./usage.js";

const Attempt = name(
  "LogAttempt",
  z.object({
    provider: z.string(),
    model: z.string(),
    dialect: z
      .string()
      .optional()
      .describe(
        "That of the provider, or its own API for the kind, such as `deepgram-speak`; absent where it is unknown",
      ),
    outcome: z.enum(["success", "error", "cancelled", "skipped"]),
    code: z.string().optional(),
    status: z.int().optional().describe("Of the provider's answer"),
    startedAt: Time,
    endedAt: Time,
    firstContentMs: z.number().optional(),
    meters: MetersShape.optional(),
    estimated: z
      .boolean()
      .describe("The provider reported no usage, or the cost is unknown: it was estimated"),
    dollars: z.number().optional().describe("By the present rates; absent where the price is unknown"),
    rate: z.string().optional().describe("The id of the rate that prices it, as `GET /rates/{id}` has it"),
  }),
);

const Entry = name(
  "LogEntry",
  z.object({
    id: z.string().describe("The header `x-ai-lib-call` of the answer"),
    startedAt: Time,
    endedAt: Time,
    firstContentMs: z.number().optional(),
    key: z.string(),
    groups: z.array(z.string()).describe("The outermost first"),
    user: z.string().optional(),
    session: z.string().optional(),
    tags: z.array(z.string()),
    route: z.string(),
    kind: z.string(),
    mode: z.enum(["unary", "stream"]),
    dialect: z.string().describe("That of the client"),
    model: z.string().optional().describe("The name that the client sent"),
    status: z.enum(["success", "error", "cancelled"]),
    code: z.string().optional(),
    meters: MetersShape,
    dollars: z.number().optional(),
    attempts: z.array(Attempt),
  }),
);

const Content = name(
  "LogContent",
  z.object({
    request: z.unknown(),
    response: z.unknown().optional(),
    errors: z
      .array(
        z.object({
          attempt: z.int().describe("The place of the attempt in `attempts` of the call, from 0"),
          message: z.string(),
        }),
      )
      .optional()
      .describe("Why attempts failed or were skipped; absent where none did"),
  }),
);

const text = SearchText.optional();

const filterFields = {
  ...{ key: text, group: text, user: text, session: text, tag: text, route: text },
  ...{ kind: text, provider: text, model: text, code: text },
  status: z.enum(["success", "error", "cancelled"]).optional(),
};

const Place = z.strictObject({
  at: z.int().min(0),
  id: z.string().regex(/^(call_[0-9a-f]{24})?$/),
});

/** Milliseconds between two queries for new calls, by a tail. */
const LOOK_MS = 500;

const params = z.strictObject({ id: SearchText });

export const LOG_ROUTES: readonly AdminRoute[] = [
  defineRoute({
    id: "listLogs",
    method: "GET",
    path: "/logs",
    tag: "logs",
    summary: "Calls that ended, the latest first; without content",
    role: "viewer",
    query: PageQuery.extend({
      ...filterFields,
      from: Time.optional(),
      to: Time.optional().describe("Exclusive"),
    }),
    reply: pageOf("LogPage", Entry),
    errors: ["not_configured"],
    handle: async ({ parts, query: { limit, cursor, from, to, ...filter } }) => {
      const { calls, next } = await usageOf(parts).calls({
        filter: {
          ...filterOf(filter),
          from: from === undefined ? undefined : Date.parse(from),
          to: to === undefined ? undefined : Date.parse(to),
        },
        before: readCursor(cursor, Place),
        limit,
      });
      return {
        body: { data: calls.map(viewOf), ...(next !== undefined && { nextCursor: writeCursor(next) }) },
      };
    },
  }),
  defineRoute({
    id: "tailLogs",
    method: "GET",
    path: "/logs/tail",
    tag: "logs",
    summary:
      "Calls as they end: server-sent events `call`, whose ids a client sends as `last-event-id` to go on",
    role: "viewer",
    query: z.strictObject(filterFields),
    errors: ["not_configured", "rate_limited"],
    handle: () => ({}),
    stream: ({ parts, query, lastEventId }) => {
      const usage = usageOf(parts);
      const filter = filterOf(query);
      const from = readCursor(lastEventId, Place);
      return tail(async (after) => {
        if (after === undefined) return { calls: [], place: from ?? (await usage.end()) };
        const { calls, next } = await usage.calls({ filter, after, limit: 200 });
        const last = calls.at(-1);
        return { calls, place: next ?? (last === undefined ? after : placeOf(last)) };
      });
    },
  }),
  defineRoute({
    id: "getLog",
    method: "GET",
    path: "/logs/{id}",
    tag: "logs",
    summary: "One call",
    role: "viewer",
    params,
    reply: Entry,
    errors: ["not_found", "not_configured"],
    handle: async ({ parts, params: { id } }) => {
      const call = await usageOf(parts).call(id);
      if (call === undefined) throw notFound("such call");
      return { body: viewOf(call) };
    },
  }),
  defineRoute({
    id: "getLogContent",
    method: "GET",
    path: "/logs/{id}/content",
    tag: "logs",
    summary:
      "What the client of a call asked and got, and what failed on the way, redacted; only where the configuration keeps it",
    role: "operator",
    params,
    reply: Content,
    errors: ["not_found", "not_configured"],
    handle: async ({ parts, params: { id } }) => {
      const content = await usageOf(parts).content(id);
      if (content === undefined) throw notFound("content of such a call");
      const { request, response, errors } = content;
      return {
        body: {
          request: JSON.parse(request) as unknown,
          ...(response !== undefined && { response: JSON.parse(response) as unknown }),
          ...(errors !== undefined && { errors: JSON.parse(errors) as Sent<typeof Content>["errors"] }),
        },
      };
    },
  }),
];

interface Look {
  readonly calls: readonly CallEntry[];
  readonly place: CallCursor;
}

/** Queries new calls periodically, and sends them. @param look without a position it finds the start */
function tail(look: (after: CallCursor | undefined) => Promise<Look>): StartStream {
  return (send) => {
    let cancel: (() => void) | undefined;
    let ended = false;
    const step = async (after: CallCursor | undefined): Promise<void> => {
      let next = after;
      try {
        const { calls, place } = await look(after);
        if (ended) return;
        for (const call of calls)
          send({ id: writeCursor(placeOf(call)), event: "call", data: Entry.parse(viewOf(call)) });
        next = place;
      } catch {
        if (ended) return;
        send({ event: "failed", data: { message: "The ledger cannot be read now; it is tried again" } });
      }
      cancel = systemClock.after(LOOK_MS, () => void step(next));
    };
    void step(undefined);
    return () => {
      ended = true;
      cancel?.();
    };
  };
}

function placeOf({ endedAt, id }: CallEntry): CallCursor {
  return { at: endedAt, id };
}

function filterOf({ kind, ...filter }: z.output<z.ZodObject<typeof filterFields>>): CallFilter {
  // A kind that nothing here has finds nothing.
  return { ...filter, ...(kind !== undefined && { kind: kind as Kind }) };
}

function viewOf(call: CallEntry): Sent<typeof Entry> {
  const { startedAt, endedAt, attempts, ...rest } = call;
  return {
    ...rest,
    startedAt: timeOf(startedAt),
    endedAt: timeOf(endedAt),
    attempts: attempts.map((attempt) => ({
      ...attempt,
      startedAt: timeOf(attempt.startedAt),
      endedAt: timeOf(attempt.endedAt),
    })),
  };
}
