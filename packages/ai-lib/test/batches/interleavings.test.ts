import fc from "fast-check";
import { describe, it } from "vitest";
import { playStory, story } from "./interleavings.js";

describe("a batch job", () => {
  it("gives every row one result and sends none twice, whatever comes between", async () => {
    await fc.assert(fc.asyncProperty(story, playStory), { numRuns: 150 });
  }, 60_000);
});
