import { expect, it } from "vitest";
import { outcomeOf, request } from "../../test/support/calls.js";
import { failover } from "../strategies/failover.js";
import { scripted } from "../testing/scripted.js";
import { VirtualClock } from "../testing/virtual-clock.js";
import { circuitBreaker } from "./circuit-breaker.js";

it("a provider that flaps for a minute: everyone is served, probes come one at a time, and it is back in 30 s", async () => {
  const clock = new VirtualClock();
  const isUp = () => clock.now() >= 60_000 || Math.floor(clock.now() / 2_000) % 4 === 3;
  const flapping = scripted({
    name: "flapping",
    replies: () =>
      isUp() ? { delayMs: 200 } : { delayMs: 200, error: { code: "PROVIDER_ERROR", message: "no" } },
  });
  const breaker = circuitBreaker(flapping);
  const chain = failover([breaker, scripted({ name: "steady", replies: [{ delayMs: 300 }] })]);
  const calls: { value: string }[] = [];
  let wasted = 0;
  while (clock.now() < 100_000) {
    const half = breaker.state(clock.now()) === "half-open";
    calls.push(outcomeOf(chain.chat(request, { clock })), outcomeOf(chain.chat(request, { clock })));
    if (half) expect(flapping.running).toBeLessThanOrEqual(1);
    const before = flapping.calls;
    await clock.advance(100);
    if (!isUp()) wasted += flapping.calls - before;
  }
  await clock.advance(1_000);
  expect(calls.every(({ value }) => value === "flapping" || value === "steady")).toBe(true);
  const back = calls.slice((90_000 / 100) * 2, (99_000 / 100) * 2);
  expect(back.every(({ value }) => value === "flapping")).toBe(true);
  // Two thousand calls came while it was down most of the time; few of them were spent on it.
  expect(wasted).toBeLessThan(60);
});
