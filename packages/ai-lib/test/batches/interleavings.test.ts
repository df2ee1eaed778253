import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BatchWorld } from "../support/batch-world.js";
import { playStory, story } from "./interleavings.js";

describe("a batch job", () => {
  it("gives every row one result and sends none twice, whatever comes between", async () => {
    await fc.assert(fc.asyncProperty(story, playStory), { numRuns: 150 });
  }, 60_000);

  it("is asked for at a webhook, and not before the next question without one", async () => {
    const world = await BatchWorld.open("openai");
    world.batches.plan = { questions: 1 };
    const jobs = world.start();
    const sent = await world.drive(jobs.submit([{ request: "Hello" }]));
    const id = sent !== undefined && "value" in sent ? sent.value.id : "";
    let done = false;
    const begun = world.clock.now();
    const waited = jobs.wait(id, { poll: { minMs: 3_600_000 } }).then(() => {
      done = true;
    });
    for (let i = 0; i < 60; i++) await world.clock.advance(1_000);
    expect(done).toBe(false);
    jobs.notify("another batch");
    jobs.notify(world.batches.all()[0]?.id ?? "");
    for (let i = 0; i < 5; i++) await world.clock.advance(1_000);
    await waited;
    expect(world.clock.now() - begun).toBeLessThan(3_600_000 * 0.8);
  });
});
