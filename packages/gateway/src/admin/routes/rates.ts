import { createHash } from "node:crypto";
import type { Price } from "ai-lib";
import { z } from "zod";
import type { Rate, RateCard } from "../../store/rates.js";
import { pageByKey } from "../cursor.js";
import { changeRecord } from "../directory.js";
import { AdminError, notFound } from "../errors.js";
import type { AdminParts } from "../parts.js";
import { type AdminRoute, defineRoute, type Sent } from "../route.js";
import { Id, name, PageQuery, pageOf, Time, timeOf } from "../shapes.js";

/** US dollars. */
const amount = z.number().nonnegative().max(1_000_000);

/** Prices by names, such as those of modalities. */
const byName = z.record(z.string().min(1).max(100), amount);

const PriceShape = name(
  "Price",
  z.strictObject({
    input: amount.describe("For a million tokens of prompts"),
    output: amount.describe("For a million tokens of answers"),
    cachedInput: amount.optional().describe("For prompts read from the cache. Default: input"),
    cacheWriteInput: amount.optional().describe("For prompts written to the cache. Default: input"),
    cacheWrites: byName.optional().describe("For prompts written to the cache, by lifetime"),
    inputByModality: byName.optional(),
    outputByModality: byName.optional(),
    toolUses: byName.optional().describe("For one use of a tool of the provider"),
    units: byName.optional().describe("For one second, character, image, search or page"),
    request: amount.optional().describe("For each request. Default 0"),
  }),
);

const RateView = name(
  "Rate",
  z.object({
    id: z.string(),
    provider: z.string(),
    model: z.string(),
    variant: z
      .string()
      .describe(
        "`long` for long prompts, the service tier, `incomplete` for what used something without a price, `unreported` where the provider reports nothing that has one; empty for none of them",
      ),
    since: Time.describe("When it was first used"),
    price: PriceShape.optional().describe("US dollars; absent while the price is unknown"),
    edited: z.boolean().describe("Whether an operator set the price"),
  }),
);

const params = z.strictObject({ id: Id });

export const RATE_ROUTES: readonly AdminRoute[] = [
  defineRoute({
    id: "listRates",
    method: "GET",
    path: "/rates",
    tag: "rates",
    summary: "The rate card: the prices from which dollars are computed when the ledger is read",
    role: "viewer",
    query: PageQuery.extend({ provider: Id.optional(), model: z.string().min(1).max(300).optional() }),
    reply: pageOf("RatePage", RateView),
    errors: ["not_configured"],
    handle: async ({ parts, query }) => {
      const rates = (await ratesOf(parts).list()).filter(
        ({ provider, model }) =>
          (query.provider === undefined || provider === query.provider) &&
          (query.model === undefined || model === query.model),
      );
      const { data, ...rest } = pageByKey(rates, ({ id }) => id, query);
      return { body: { ...rest, data: data.map(viewOf) } };
    },
  }),
  defineRoute({
    id: "getRate",
    method: "GET",
    path: "/rates/{id}",
    tag: "rates",
    summary: "One rate",
    role: "viewer",
    params,
    reply: RateView,
    versioned: true,
    errors: ["not_found", "not_configured"],
    handle: async ({ parts, params: { id } }) => {
      const rate = await rateOf(parts, id);
      return { body: viewOf(rate), version: versionOf(rate) };
    },
  }),
  defineRoute({
    id: "updateRate",
    method: "PATCH",
    path: "/rates/{id}",
    tag: "rates",
    summary: "Sets the price of a rate, for all usage that it prices, past usage included",
    role: "owner",
    params,
    body: name("RatePatch", z.strictObject({ price: PriceShape })),
    reply: RateView,
    versioned: true,
    ifMatch: true,
    action: "rate.update",
    errors: ["not_found", "not_configured"],
    handle: ({ parts, params: { id }, body, version }) =>
      changeRecord(version, async () => {
        const before = await rateOf(parts, id);
        const price = body.price as Price;
        const wanted = version === undefined || version === versionOf(before);
        if (!wanted || !(await ratesOf(parts).setPrice(id, price, before.price)))
          throw new AdminError("version_conflict", "The rate has another price by now; read it again");
        const rate = { ...before, price, edited: true };
        return {
          body: viewOf(rate),
          version: versionOf(rate),
          audit: { target: id, before: viewOf(before), after: viewOf(rate) },
        };
      }),
  }),
];

/** @throws {AdminError} `not_configured` for a gateway without a store. */
function ratesOf({ rates }: AdminParts): RateCard {
  if (rates !== undefined) return rates;
  throw new AdminError("not_configured", "The gateway runs without a store, so that it has no rates");
}

async function rateOf(parts: AdminParts, id: string): Promise<Rate> {
  const rate = (await ratesOf(parts).list()).find((each) => each.id === id);
  if (rate === undefined) throw notFound(`rate ${JSON.stringify(id)}`);
  return rate;
}

/** Only the price of a rate can change. */
function versionOf({ price, edited }: Rate): string {
  const text = JSON.stringify([price ?? null, edited]);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function viewOf({ price, since, ...rate }: Rate): Sent<typeof RateView> {
  return {
    ...rate,
    since: timeOf(since),
    ...(price !== undefined && { price: price as Sent<typeof PriceShape> }),
  };
}
