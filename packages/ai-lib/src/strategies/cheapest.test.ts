import { describe, expect, it } from "vitest";
import { failing, request } from "../../test/support/calls.js";
import { scripted } from "../testing/scripted.js";
import { cheapest } from "./cheapest.js";

const priced = (name: string, input: number, output: number) =>
  scripted({ name, facts: { price: { input, output } } });

describe("cheapest", () => {
  it("goes by the estimated cost of the call, not by one of the two prices", async () => {
    const [reader, writer] = [priced("reader", 1, 20), priced("writer", 5, 2)];
    const strategy = cheapest([reader, writer]);
    const reading = { messages: [{ role: "user" as const, content: "x".repeat(40_000) }], maxTokens: 10 };
    const writing = { ...request, maxTokens: 2_000 };
    expect((await strategy.chat(reading)).provider).toBe("reader");
    expect((await strategy.chat(writing)).provider).toBe("writer");
  });

  it("asks a member whose price is unknown last, and dearer ones only when an error moves on", async () => {
    const unknown = scripted("unknown");
    const broke = failing(
      "broke",
      { code: "QUOTA_EXHAUSTED", message: "no" },
      { facts: { price: { input: 1, output: 1 } } },
    );
    const response = await cheapest([unknown, priced("dear", 9, 9), broke]).chat(request);
    expect(response.provider).toBe("dear");
    expect([broke.calls, unknown.calls]).toEqual([1, 0]);
  });

  it("takes the price of the model that the member is asked for", async () => {
    const facts = (model: string | undefined) => ({
      price: model === "large" ? { input: 9, output: 9 } : { input: 1, output: 1 },
    });
    const both = scripted({ name: "both", facts });
    const response = await cheapest([
      { provider: both, model: "large" },
      { provider: both, model: "small" },
    ]).chat(request);
    expect(response.model).toBe("small");
  });
});
