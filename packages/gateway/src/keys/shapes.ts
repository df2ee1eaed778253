import { z } from "zod";
import { KindName } from "../config/kind-schema.js";
import { isNetwork } from "./networks.js";

/** Dollars that a limit can count exactly: whole billionths of a dollar within a JavaScript number. */
const MAX_DOLLARS = 9_000_000;

/** Limits of one key or group. */
const MAX_LIMITS = 50;

const names = z
  .array(
    z
      .string()
      .min(1)
      .max(300)
      .refine((name) => !name.slice(0, -1).includes("*"), "* stands only at the end of a name"),
  )
  .max(1_000);

const amounts = ["requests", "tokens", "dollars", "concurrent"] as const;

/** The shape of a limit. */
export const LimitShape = z
  .strictObject({
    requests: z.int("a whole number").positive().optional().describe("Calls in each period"),
    tokens: z
      .int("a whole number")
      .positive()
      .optional()
      .describe("Tokens in each period, those of the prompt and of the answer together"),
    dollars: z.number().positive().max(MAX_DOLLARS).optional().describe("US dollars in each period"),
    concurrent: z.int("a whole number").positive().optional().describe("Calls at a time; has no `per`"),
    per: z.enum(["minute", "hour", "day", "month", "total"]).optional().describe("The period"),
    window: z
      .enum(["aligned", "rolling"])
      .optional()
      .describe(
        "`aligned`: periods of the calendar in UTC; `rolling`: the period before each call. Default aligned",
      ),
    routes: names.min(1).optional().describe("Count only calls to these routes. Default: all"),
    soft: z
      .boolean()
      .optional()
      .describe("Reserve what calls of the model usually use, in place of the most that they can use"),
    onExhausted: z
      .union([z.literal("refuse"), z.strictObject({ route: z.string().min(1) })])
      .optional()
      .describe("What happens to a call that finds no room. Default refuse"),
  })
  .superRefine((limit, context) => {
    const set = amounts.filter((name) => limit[name] !== undefined);
    const add = (message: string, ...path: string[]) =>
      context.addIssue({ code: "custom", message, path, input: limit });
    if (set.length !== 1)
      add(`a limit has exactly one of ${amounts.join(", ")}; found ${set.join(" and ") || "none"}`);
    const concurrent = limit.concurrent !== undefined;
    if (!concurrent && limit.per === undefined) add("a limit needs `per`: minute, hour, day, month or total");
    if (concurrent && limit.per !== undefined) add("`per` has no effect with `concurrent`", "per");
    if (limit.window !== undefined && (concurrent || limit.per === "total"))
      add("`window` has no effect with `concurrent` and `per: total`", "window");
    if (limit.soft === true && limit.tokens === undefined && limit.dollars === undefined)
      add("`soft` has no effect without `tokens` or `dollars`", "soft");
  })
  .meta({ id: "Limit" });

const accessFields = {
  routes: names.optional().describe("Routes that may be asked; a name may end with *. Default: all"),
  models: names
    .optional()
    .describe(
      "Models that may be asked for, by the names that clients send; a name may end with *. Default: all",
    ),
  kinds: z.array(KindName).max(50).optional().describe("Kinds of call that may be made. Default: all"),
  networks: z
    .array(z.string().refine(isNetwork, "an address, or a network such as 10.0.0.0/8"))
    .max(1_000)
    .optional()
    .describe("Addresses that clients may have. Default: all"),
};

/** The fields of keys and groups that both the file and the admin API set. */
const nodeFields = {
  name: z.string().min(1).max(200).optional().describe("A name for people"),
  limits: z.array(LimitShape).max(MAX_LIMITS).optional(),
  disabled: z.boolean().optional().describe("Refuse its calls. Default false"),
  ...accessFields,
};

const id = z.string().regex(/^[\w.@:+/-]{1,200}$/, "only letters, digits and . _ @ : + / -, at most 200");

/** The fields of a key, apart from its id, its secret and its expiry. */
export const keyFields = { ...nodeFields, group: id.optional().describe("The group that it is in") };

/** The fields of a group, apart from its id. */
export const groupFields = {
  ...nodeFields,
  level: z
    .enum(["organisation", "team", "user"])
    .optional()
    .describe("What it stands for. An organisation is outermost; a user contains only keys. Default team"),
  parent: id.optional().describe("The group that it is in"),
};

/** A key as an operator sends it. */
export const KeyDraftShape = z.strictObject({
  ...keyFields,
  id: id.optional(),
  expiresAt: z.number().positive().optional(),
});

/** A group as an operator sends it. */
export const GroupDraftShape = z.strictObject({ ...groupFields, id });
