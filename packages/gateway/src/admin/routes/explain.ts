import { AiLibError, type DialectId } from "ai-lib";
import { z } from "zod";
import type { Explained } from "../../explain/explain.js";
import { explainCall } from "../../explain/explain-call.js";
import { DIALECTS, decodeRequest } from "../../explain/read-request.js";
import type { Access } from "../../keys/record.js";
import { isListed } from "../../limits/names.js";
import { directoryOf } from "../directory.js";
import { AdminError } from "../errors.js";
import type { AdminParts } from "../parts.js";
import { defineRoute } from "../route.js";
import { Id, name } from "../shapes.js";
import { keyOf, LimitView, limitStates } from "./keys.js";

const Estimate = z.object({ inputTokens: z.number(), outputTokens: z.number() });

const Member: z.ZodType<Explained> = name(
  "ExplainedMember",
  z.object({
    name: z.string(),
    reason: z.string().describe("When it is asked"),
    get members() {
      return z.array(Member).optional();
    },
    target: z
      .object({
        provider: z.string(),
        model: z.string().optional(),
        dialect: z.string().optional(),
        bytes: z.boolean().describe("The client's bytes are passed on unchanged"),
        losses: z.array(z.string()).describe("What the dialect of the provider cannot carry"),
        estimate: Estimate.optional(),
        dollars: z.number().optional(),
      })
      .optional(),
  }),
) as unknown as z.ZodType<Explained>;

const Explanation = name(
  "Explanation",
  z.object({
    model: z.string().optional(),
    route: z.string(),
    dialect: z.string(),
    explained: Member,
    refusal: z.string().optional().describe("Why the key may not make the call, apart from limits"),
    limits: z
      .array(
        LimitView.extend({
          left: z.number().describe("In the unit of the limit"),
          fits: z.boolean().describe("Whether the estimate of the call has room"),
        }),
      )
      .describe("Those of the key and of its groups that count calls of the route"),
  }),
);

export const explain = defineRoute({
  id: "explain",
  method: "POST",
  path: "/explain",
  tag: "routes",
  summary: "What a call would do, without making it: members, reasons, tokens, price, losses, limits",
  role: "viewer",
  body: name(
    "ExplainQuestion",
    z.strictObject({
      model: z.string().min(1).max(300).optional().describe("Default: that of the request"),
      dialect: z.enum(DIALECTS as [DialectId, ...DialectId[]]).default("openai-chat"),
      key: Id.optional().describe("The id of a key, for its limits"),
      request: z
        .record(z.string(), z.unknown())
        .optional()
        .describe("The body of a chat request, for tokens, price and losses. It is not stored"),
    }),
  ),
  reply: Explanation,
  errors: ["not_found", "not_configured"],
  handle: async ({ parts, body: { model, dialect, key, request }, now }) => {
    const { served } = parts;
    const answer = await explained(async () =>
      explainCall({
        table: served.table(),
        config: served.plan()?.config,
        ...{ model, dialect },
        request: request === undefined ? undefined : await decodeRequest(JSON.stringify(request), dialect),
      }),
    );
    if (key === undefined) return { body: { ...answer, limits: [] } };
    const refusal = refusalOf(parts, key, { route: answer.route, model: answer.model, now });
    const states = await limitStates(parts, key);
    const need = needOf(answer.explained);
    return {
      body: {
        ...answer,
        ...(refusal !== undefined && { refusal }),
        limits: states
          .filter(({ limit }) => isListed(limit.routes, answer.route))
          .map((state) => {
            const left = Math.max(0, state.max - state.used - state.reserved);
            const { requests, tokens, concurrent } = state.limit;
            const wanted =
              requests !== undefined || concurrent !== undefined
                ? 1
                : tokens !== undefined
                  ? need.tokens
                  : need.dollars;
            return { ...state, left, fits: wanted <= left };
          }),
      },
    };
  },
});

/** Runs an explanation; mistakes in the question are errors of the client. */
async function explained<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!AiLibError.is(error)) throw error;
    throw new AdminError(error.code === "MODEL_NOT_FOUND" ? "not_found" : "invalid_request", error.message);
  }
}

/** The highest estimate of all targets of a call. */
function needOf({ target, members = [] }: Explained): { readonly tokens: number; readonly dollars: number } {
  const { estimate, dollars = 0 } = target ?? {};
  const own = { tokens: estimate === undefined ? 0 : estimate.inputTokens + estimate.outputTokens, dollars };
  return members.map(needOf).reduce(
    (most, need) => ({
      tokens: Math.max(most.tokens, need.tokens),
      dollars: Math.max(most.dollars, need.dollars),
    }),
    own,
  );
}

/** Why a key may not make a call, as its admission reports it. */
function refusalOf(
  parts: AdminParts,
  id: string,
  { route, model, now }: { readonly route: string; readonly model: string | undefined; readonly now: number },
): string | undefined {
  const record = keyOf(parts, id);
  const path = [...directoryOf(parts).pathOf("key", id), record];
  const off = path.find(({ disabled }) => disabled === true);
  if (off !== undefined) return `${off.id} is disabled`;
  const problem = directoryOf(parts).problemOf(id);
  if (problem !== undefined) return problem;
  if (record.expiresAt !== undefined && record.expiresAt <= now) return "it has expired";
  const asked = model ?? route;
  const wrong = path.find(
    (access: Access) => !isListed(access.routes, route) || !isListed(access.models, asked),
  );
  if (wrong !== undefined) return `${wrong.id} may not use the route ${route} with the model ${asked}`;
  const noChat = path.find(({ kinds }) => kinds?.includes("chat") === false);
  return noChat === undefined ? undefined : `${noChat.id} may not make chats`;
}
