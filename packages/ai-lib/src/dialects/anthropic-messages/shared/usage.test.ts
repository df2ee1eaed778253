import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../core/values/json.js";
import { mergeUsage, rawUsageOf, usageOf } from "./usage.js";

const MESSAGE = { type: "message", input_tokens: 682, output_tokens: 1_320 };
const COMPACTION = {
  type: "compaction",
  input_tokens: 60_385,
  output_tokens: 592,
  cache_read_input_tokens: 10,
  cache_creation_input_tokens: 20,
};
const RAW: JsonObject = {
  input_tokens: 682,
  output_tokens: 1_320,
  cache_read_input_tokens: 5,
  iterations: [COMPACTION, MESSAGE],
};

describe("Usage of a call with inner passes", () => {
  it("counts passes that are not in the totals", () => {
    expect(usageOf(RAW)).toMatchObject({
      inputTokens: 682 + 60_385 + 15 + 20,
      outputTokens: 1_912,
      cachedInputTokens: 15,
      cacheWriteInputTokens: 20,
    });
  });

  it.each([
    ["no list", {}],
    ["an empty list", { iterations: [] }],
    ["messages alone", { iterations: [MESSAGE, MESSAGE] }],
    ["passes without a type", { iterations: [{ input_tokens: 9 }] }],
    ["no list at all", { iterations: "many" }],
  ])("is the totals with %s", (_what, more) => {
    expect(usageOf({ input_tokens: 5, output_tokens: 3, ...more })).toMatchObject({
      inputTokens: 5,
      outputTokens: 3,
    });
  });

  it("is the same in a stream, whose end brings the passes", () => {
    const merged = mergeUsage({ input_tokens: 682, output_tokens: 1 }, RAW);
    expect(usageOf(merged)?.inputTokens).toBe(usageOf(RAW)?.inputTokens);
  });

  it("has each pass, its model and its writes by lifetime", () => {
    const counted = usageOf({
      input_tokens: 5,
      output_tokens: 3,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 0 },
      server_tool_use: { web_search_requests: 2, web_fetch_requests: 0 },
      iterations: [
        { type: "message", input_tokens: 5, output_tokens: 3 },
        {
          type: "advisor_message",
          model: "claude-opus-4-7",
          input_tokens: 7,
          cache_creation_input_tokens: 4,
          cache_creation: { ephemeral_5m_input_tokens: 1, ephemeral_1h_input_tokens: 3 },
        },
      ],
    });
    expect(counted).toMatchObject({
      cacheWrites: [
        { ttl: "5m", tokens: 11 },
        { ttl: "1h", tokens: 3 },
      ],
      toolUses: { web_search: 2 },
      passes: [
        { type: "message", inputTokens: 5, outputTokens: 3 },
        { type: "advisor_message", model: "claude-opus-4-7", inputTokens: 11, outputTokens: 0 },
      ],
    });
  });

  it("is written as it was read", () => {
    const usage = usageOf(RAW);
    const written = usage && rawUsageOf(usage, undefined);
    expect(written).toMatchObject({ ...RAW, input_tokens: 682 });
    expect(usageOf(written)).toMatchObject({ inputTokens: usage?.inputTokens, outputTokens: 1_912 });
  });
});
