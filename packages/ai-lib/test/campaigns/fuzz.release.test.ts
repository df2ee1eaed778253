import { monitorEventLoopDelay } from "node:perf_hooks";
import { afterAll, expect, it } from "vitest";
import { dialectClient } from "../../src/providers/endpoint/dialects.js";
import { serverHalves } from "../../src/serve/halves.js";
import { fuzz } from "./fuzz.js";

/** Seconds for each dialect, and the seed: `npm run fuzz` takes longer and draws other inputs. */
const SECONDS = Number(process.env["AI_LIB_FUZZ_SECONDS"] ?? 8);
const SEED = Number(process.env["AI_LIB_FUZZ_SEED"] ?? 1);

const halves = await serverHalves();
const lag = monitorEventLoopDelay({ resolution: 10 });
let inputs = 0;
let slowestMs = 0;
lag.enable();
afterAll(() => {
  lag.disable();
  const heap = Math.round(process.memoryUsage().heapUsed / 1e6);
  const worst = Math.round(lag.max / 1e6);
  console.info(
    `fuzz: ${inputs} inputs, slowest ${Math.round(slowestMs)} ms, worst event-loop lag ${worst} ms, heap ${heap} MB, seed ${SEED}`,
  );
});

it.each(halves.map((half) => [half.id, half] as const))(
  "%s: no input does anything but answer or fail",
  async (id, server) => {
    const figures = await fuzz({ client: await dialectClient(id), server }, SECONDS * 1_000, SEED);
    inputs += figures.inputs;
    slowestMs = Math.max(slowestMs, figures.slowestMs);
    expect(Object.fromEntries(figures.findings)).toEqual({});
    expect(figures.inputs).toBeGreaterThan(10 * SECONDS);
  },
  SECONDS * 1_000 + 60_000,
);
