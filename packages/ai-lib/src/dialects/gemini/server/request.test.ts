import { describe, expect, it } from "vitest";
import { server } from "./index.js";

const decode = (fields: object) =>
  server.decode({
    ...{ method: "POST", path: "/v1beta/models/m:generateContent", headers: {} },
    body: JSON.stringify({ contents: [{ parts: [{ text: "Hi" }] }], ...fields }),
  });

describe("a request", () => {
  it.each([
    { serviceTier: "standard", service_tier: "priority" },
    { generationConfig: {}, generation_config: {} },
    { generationConfig: { maxOutputTokens: 1, max_output_tokens: 9_000 } },
    { generation_config: { max__output_tokens: 9_000, maxOutputTokens: 1 } },
  ])("with a field in two cases is refused: %j", (fields) => {
    expect(() => decode(fields)).toThrow(/are the same field/);
  });

  it("may have either case, and a null in the other one", () => {
    const { request } = decode({
      service_tier: "priority",
      serviceTier: null,
      generation_config: { top_k: 1, topK: null },
    });
    expect(request).toMatchObject({ serviceTier: "priority", topK: 1 });
  });

  it("with the number of a tier is refused", () => {
    expect(() => decode({ serviceTier: 3 })).toThrow(/`serviceTier` must be a text/);
    expect(() => decode({ service_tier: 3 })).toThrow(/`serviceTier` must be a text/);
  });
});
