import { createRequire } from "node:module";
import type { PriceSource } from "ai-lib";
import { type Catalogue, loadPrices } from "ai-lib/cost";

const require = createRequire(import.meta.url);

/**
 * Opens the prices that calls are charged at. The catalogue is loaded with the first model that the library has no price
 * of: it takes 5 MB, and 50 ms once.
 */
export function openPrices(): Promise<PriceSource> {
  return loadPrices({ catalogue: () => require("@pydantic/genai-prices") as Catalogue });
}
