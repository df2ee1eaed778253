import { expect, it } from "vitest";
import { runCampaign } from "../../src/testing/simulation/campaign.js";

const SEEDS = 3_000;

it(`${SEEDS} seeds of the fault simulation break no rule, and meet every fault, layer, code and abort`, async () => {
  const { seeds, failures, missing } = await runCampaign({ seeds: SEEDS });
  // `npm run simulate:faults -- --first SEED --seeds 1` replays one.
  expect(failures).toEqual([]);
  expect(missing).toEqual([]);
  expect(seeds).toBe(SEEDS);
}, 600_000);

it("1000 seeds of embeddings break no rule either", async () => {
  const { seeds, failures } = await runCampaign({ seeds: 1_000, kind: "embed" });
  expect(failures).toEqual([]);
  expect(seeds).toBe(1_000);
}, 300_000);
