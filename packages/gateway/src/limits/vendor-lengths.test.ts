import { describe, expect, it } from "vitest";
import { type VendorLengths, vendorLengths, withoutEndless } from "./vendor-lengths.js";

const NOTHING: VendorLengths = { output: 0, thinking: 0, answers: 1, endless: false };

describe("the lengths that the fields of a body name", () => {
  it.each<readonly [object, Partial<VendorLengths>]>([
    [{}, {}],
    [{ max_tokens: 100 }, { output: 100 }],
    [{ max_tokens: 100, max_completion_tokens: 300, maxOutputTokens: 200 }, { output: 300 }],
    [{ Max_Tokens: "300" }, { output: 300 }],
    [{ n_predict: 300 }, { output: 300 }],
    [{ Options: { NUM_PREDICT: 300 } }, { output: 300 }],
    [{ min_tokens: 300 }, { output: 300 }],
    [{ max_length: 300, maxGenLen: 200 }, { output: 300 }],
    [{ parameters: [{ max_new_tokens: 300 }] }, { output: 300 }],
    [{ additionalModelRequestFields: { maxTokenCount: 300 } }, { output: 300 }],
    [{ max_tokens_to_sample: 300, response_length: 1 }, { output: 300 }],
    [{ max_tokens: 1e300 * 1e300 }, { output: Number.POSITIVE_INFINITY }],
    [{ best_of: 3 }, { answers: 3 }],
    [{ N: "3", num_beams: 2 }, { answers: 6 }],
    [{ generationConfig: { candidate_count: 4 } }, { answers: 4 }],
    [{ n: 1, best_of: 0, num_generations: -2 }, {}],
    [{ thinking_budget: 500 }, { thinking: 500 }],
    [{ reasoning: { max_tokens: 500 } }, { thinking: 500 }],
    [{ thinking: { type: "enabled", budget_tokens: 500 } }, { thinking: 500 }],
    [{ thinking: { token_budget: 500 }, chat_template_kwargs: { thinking_budget: 600 } }, { thinking: 600 }],
    [{ extra_body: { google: { thinking_config: { thinkingBudget: 500 } } } }, { thinking: 500 }],
    [{ nvext: { max_thinking_tokens: 500 } }, { thinking: 500 }],
    [{ generationConfig: { thinkingConfig: { thinkingBudget: -1 } } }, {}],
    [{ n_predict: -1 }, { endless: true }],
    [{ options: { num_predict: 0 } }, { endless: true }],
    [{ max_tokens: "-1" }, { endless: true }],
    [{ min_tokens: 0, min_length: -1 }, {}],
    [{ max_tokens: null, n: true, best_of: "many", num_predict: "", n_predict: "9 lives" }, {}],
    [{ max_input_tokens: 9_000, truncate_prompt_tokens: 9_000, max_tokens_per_doc: 9_000 }, {}],
    [{ temperature: 1, top_p: 1, max_tool_calls: 90, num_ctx: 9_000, seed: 9_000, top_k: 50 }, {}],
    // What is input sets no length.
    [{ messages: [{ content: [{ input: { n: 9, max_tokens: 9_000 } }] }] }, {}],
    [{ tools: [{ max_tokens: 9_000, n: 9 }], metadata: { n: 9 }, input: { n: 9 }, contents: { n: 9 } }, {}],
    [{ response_format: { n: 9 }, generationConfig: { responseSchema: { maxLength: 9_000 } } }, {}],
  ])("%j", (fields, expected) => expect(vendorLengths(fields)).toEqual({ ...NOTHING, ...expected }));

  it("are those of all levels", () => {
    let fields: object = { n_predict: 300 };
    for (let i = 0; i < 100_000; i++) fields = { options: fields };
    expect(vendorLengths(fields).output).toBe(300);
    expect(vendorLengths(undefined)).toEqual(NOTHING);
  });
});

describe("extensions without endless answers", () => {
  it("lack the fields that ask for them", () => {
    const thinking = { thinkingBudget: -1, max_tokens: -1 };
    const given = {
      "openai-chat": {
        n_predict: -1,
        max_tokens: "-1",
        n: 1,
        options: { num_predict: 0, seed: 1 },
        thinking,
      },
      other: { min_tokens: 0, reasoning_tokens: -1 },
    };
    const before = structuredClone(given);
    expect(withoutEndless(given)).toEqual({
      "openai-chat": { n: 1, options: { seed: 1 }, thinking },
      other: { min_tokens: 0, reasoning_tokens: -1 },
    });
    expect(given).toEqual(before);
  });

  it("are the same object where there are none, so that the bytes of a client pass", () => {
    const given = {
      "openai-chat": { max_new_tokens: 9, messages: { max_tokens: -1 }, stop: [{ n_predict: -1 }] },
    };
    expect(withoutEndless(given)).toBe(given);
  });
});
