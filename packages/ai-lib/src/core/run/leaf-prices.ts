import type { Price } from "../values/model.js";
import { costOf } from "../values/price.js";
import type { LeafFacts } from "./attempt-record.js";

/** The prices of a leaf, and the costs by them. @param price the price of a model, where it is known without I/O */
export function leafPrices(
  price: (model: string) => Price | undefined,
): Required<Pick<LeafFacts, "price" | "listCost">> {
  return {
    price,
    listCost: (model, usage, tier) => costOf(usage, price(model), { tier, priceOf: price }),
  };
}
