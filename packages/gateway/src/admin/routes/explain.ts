import { AiLibError, type DialectId, type JsonObject } from "ai-lib";
import { z } from "zod";
import { type Explained, refusalOfAll } from "../../explain/explain.js";
import { explainCall } from "../../explain/explain-call.js";
import { DIALECTS } from "../../explain/read-request.js";
import type { Access } from "../../keys/record.js";
import { isListed } from "../../limits/names.js";
import type { PreviewedLimit } from "../../limits/preview.js";
import { directoryOf } from "../directory.js";
import { AdminError } from "../errors.js";
import type { AdminParts } from "../parts.js";
import { defineRoute, type Sent } from "../route.js";
import { Id, name } from "../shapes.js";
import { keyOf, LimitView, limitStates, limitView } from "./keys.js";

const Estimate = z.object({ inputTokens: z.number(), outputTokens: z.number() });

const Member: z.ZodType<Explained> = name(
  "ExplainedMember",
  z.object({
    name: z.string(),
    reason: z.string().describe("When it is asked"),
    skipped: z
      .string()
      .optional()
      .describe(
        "Why it would be skipped now: an open circuit, a cooldown, or a full limit that lets no call wait",
      ),
    waits: z.string().optional().describe("Why a call would wait here now, such as for room in a rate limit"),
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
        maxTokens: z
          .number()
          .optional()
          .describe(
            "The limit of the answer, as it is sent; without one, the estimate of the answer is a guess",
          ),
        dollars: z.number().optional().describe("By the estimate"),
        refusal: z.string().optional().describe("Why no attempt would be made, such as an unknown price"),
      })
      .optional(),
  }),
) as unknown as z.ZodType<Explained>;

const Explanation = name(
  "Explanation",
  z.object({
    model: z.string().optional(),
    route: z.string().describe("Where the model leads"),
    divertedTo: z
      .string()
      .optional()
      .describe("The route that answers in place of it, since a limit is exhausted"),
    dialect: z.string(),
    maxTokens: z
      .number()
      .optional()
      .describe("The limit of the answer that the gateway sets for the key's limits"),
    live: z.boolean().describe("Whether open circuits and cooldowns are known"),
    explained: Member.describe("Of the route that answers"),
    refusal: z.string().optional().describe("Why the call would be refused"),
    limits: z
      .array(
        LimitView.extend({
          left: z.number().describe("In the unit of the limit"),
          needs: z.number().optional().describe("What the call would reserve; absent where it is not known"),
          fits: z
            .boolean()
            .optional()
            .describe("Whether there is room for it; absent where that is not known"),
        }),
      )
      .describe(
        "Those of the key and of its groups that count the call, and those that send it to another route",
      ),
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
    const { served, preview: ask } = parts;
    const plan = served.plan();
    const record = key === undefined ? undefined : keyOf(parts, key);
    const principal = record === undefined ? undefined : { id: record.id };
    const { answer, preview } = await explained(async () =>
      explainCall({
        table: served.table(),
        config: plan?.config,
        live: plan?.live,
        ...{ model, dialect },
        body: request as JsonObject | undefined,
        preview: principal === undefined ? undefined : async (call) => ask?.({ ...call, principal }),
      }),
    );
    const refusal =
      (key === undefined ? undefined : refusalOf(parts, key, { ...answer, now })) ??
      preview?.refusal?.message ??
      refusalOfAll(answer.explained);
    const body = { ...answer, ...(refusal !== undefined && { refusal }) };
    if (key === undefined) return { body: { ...body, limits: [] } };
    const states: readonly (Sent<typeof LimitView> & Partial<Pick<PreviewedLimit, "needs" | "fits">>)[] =
      preview !== undefined && preview.limits.length > 0
        ? preview.limits.map(limitView)
        : (await limitStates(parts, key)).filter(({ limit }) => isListed(limit.routes, answer.route));
    const limits = states.map((state) => ({
      ...state,
      left: Math.max(0, state.max - state.used - state.reserved),
    }));
    return { body: { ...body, limits } };
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
