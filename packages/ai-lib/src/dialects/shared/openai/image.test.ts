import { expect, it } from "vitest";
import { server as gemini } from "../../gemini/server/index.js";
import { server as openai } from "../../openai-chat/server/index.js";

const post = (path: string, body: object) => ({
  ...({ method: "POST", path, headers: { "content-type": "application/json" } } as const),
  body: JSON.stringify(body),
});

it("refuses a count of pictures that is no number: a vendor might read it", () => {
  const asked = (n: unknown) =>
    openai.kinds?.image?.decode(post("/v1/images/generations", { prompt: "x", n })).n;
  expect([asked(10), asked(null)]).toEqual([10, undefined]);
  expect(() => asked("10")).toThrow(/`n` is not a number/);
  const sampled = (sampleCount: unknown) =>
    gemini.kinds?.image?.decode(
      post("/v1beta/models/imagen:predict", { instances: [{ prompt: "x" }], parameters: { sampleCount } }),
    ).n;
  expect(sampled(4)).toBe(4);
  expect(() => sampled("4")).toThrow(/`sampleCount` is not a number/);
});
