import type { Observer } from "../../src/core/contract/observer.js";
import type { PriceSource } from "../../src/core/values/price.js";
import { AiClient, type ChatProvider, ProviderFactory } from "../../src/index.js";
import { retry } from "../../src/resilience/index.js";
import { failover, roundRobin } from "../../src/strategies/index.js";
import { type Fault, type Simulator, seededRandom } from "../../src/testing/index.js";

/** Providers of three dialects, and the path of each below its place. */
export const PLACES = { openai: "/v1", anthropic: "", google: "/v1beta" } as const;

export type Place = keyof typeof PLACES;

/**
 * What can go wrong before content and after it. No reset before the head: on a connection that was kept alive the
 * transport then sends once more within the same attempt, which the simulator counts and the library does not.
 */
const FAULTS: readonly (Fault | undefined)[] = [
  undefined,
  undefined,
  undefined,
  { status: 503 },
  { status: 429, headers: { "retry-after": "0" } },
  { status: 401 },
  { reset: 3 },
  { cut: 4 },
];

/** A client over three simulated providers: a turn each, one retry, then the others. */
export function clientOf(
  simulator: Simulator,
  key: (place: Place) => string,
  observer: Observer,
  prices?: PriceSource,
): AiClient {
  const member = (place: Place): ChatProvider =>
    retry(
      ProviderFactory.create(place, {
        apiKey: key(place),
        environment: {},
        baseUrl: `${simulator.baseUrl(place)}${PLACES[place]}`,
        model: `${place}-model`,
        prices,
      }),
      { maxRetries: 1, baseMs: 1 },
    );
  const [openai, anthropic, google] = [member("openai"), member("anthropic"), member("google")];
  return new AiClient(failover([roundRobin([openai, anthropic]), google]), { observer });
}

/** Asks so many questions, a few at a time, half of them for streams; some are left in the middle. */
export async function load(client: AiClient, simulator: Simulator, requests: number): Promise<void> {
  const random = seededRandom(7);
  for (const place of Object.keys(PLACES) as Place[])
    simulator.script(
      place,
      Array.from({ length: requests }, () => FAULTS[Math.floor(random() * FAULTS.length)]),
    );
  let next = 0;
  const worker = async () => {
    while (next < requests) {
      const i = next++;
      const prompt = `Question number ${i}, which is answered in as many words as it was asked in`;
      try {
        if (i % 2 === 0) await client.chat(prompt);
        else if (i % 20 === 1) {
          for await (const event of client.stream(prompt)) if (event.type === "text-delta") break;
        } else await client.stream(prompt).response();
      } catch {
        // What failed is counted by whoever watches.
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
}

/** Waits until a simulator has seen the end of every connection that it served. */
export async function settledSimulator(simulator: Simulator): Promise<void> {
  while (simulator.attempts.some(({ outcome }) => outcome === "running"))
    await new Promise((resolve) => setImmediate(resolve));
}
