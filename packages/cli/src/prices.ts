import { createRequire } from "node:module";
import type { PriceSource } from "ai-lib";
import { type Catalogue, knownPrices, loadPrices } from "ai-lib/cost";
import { isExecutable } from "./version.js";

/**
 * Opens the prices that answers are charged at. The catalogue of other models than the known ones is loaded with the
 * first cost that is asked for, after the answer: it takes longer than all else that the start of a command does.
 */
export async function openPrices(): Promise<PriceSource> {
  // An executable has no folder of packages from which something can be loaded later.
  if (isExecutable()) return loadPrices();
  const require = createRequire(import.meta.url);
  const prices = await loadPrices({ catalogue: () => require("@pydantic/genai-prices") as Catalogue });
  const known = knownPrices();
  // Prices before a call are for strategies that compare them, which no command uses.
  return { cost: prices.cost, price: known.price };
}
