import { expect, it } from "vitest";
import { request } from "../../../test/support/calls.js";
import { scripted } from "../../testing/scripted.js";
import { VirtualClock } from "../../testing/virtual-clock.js";

const long = { text: Array.from({ length: 10_000 }, (_, i) => `piece ${i} `), everyMs: 1 };

it.each([
  ["closes its connection once nothing was read for idleMs after totalMs", 2_700, 1],
  ["holds it before that", 1_900, 0],
] as const)("a stream whose reader went away %s", async (_, afterMs, aborted) => {
  const clock = new VirtualClock();
  const provider = scripted({ name: "p", replies: [long] });
  const timeouts = { totalMs: 2_000, idleMs: 300 };
  const events = provider.stream(request, { clock, timeouts })[Symbol.asyncIterator]();
  const first = events.next();
  await clock.advance(1);
  await first;
  await clock.advance(afterMs);
  expect(provider.aborted).toBe(aborted);
  await events.return?.();
  await clock.advance(1);
  expect(provider.aborted).toBe(1);
  expect(clock.pending).toBe(0);
});

it("a reader that is slow reads on after totalMs", async () => {
  const clock = new VirtualClock();
  const provider = scripted({ name: "p", replies: [{ ...long, text: long.text.slice(0, 40) }] });
  const timeouts = { totalMs: 100, idleMs: 300 };
  let text = "";
  const read = (async () => {
    for await (const event of provider.stream(request, { clock, timeouts })) {
      if (event.type === "text-delta") text += event.text;
      await new Promise<void>((resolve) => clock.after(200, resolve));
    }
  })();
  await clock.advance(60_000);
  await read;
  expect(text).toBe(long.text.slice(0, 40).join(""));
});
