import { expect, it } from "vitest";
import { namesOtherModels } from "./other-models.js";

it.each<readonly [object | undefined, boolean]>([
  [undefined, false],
  [{ model: "a", max_tokens: 1 }, false],
  [{ models: ["b"] }, true],
  [{ model: "a", Model: "b" }, true],
  [{ model: "a", MODEL: "" }, false],
  [{ extra_body: { models: ["b"] } }, true],
  [{ fallbacks: [{ a: ["b"] }] }, true],
  [{ providerOptions: { gateway: { models: ["b"] } } }, true],
  [{ model_list: { b: {} } }, true],
  [{ fallback_models: "b" }, true],
  [{ preset: "dear" }, true],
  [{ models: [], fallbacks: null, preset: "", fallback_models: {} }, false],
  [{ provider: { allow_fallbacks: true, order: ["x"] } }, false],
  // What is input names no model.
  [{ messages: [{ content: [{ input: { models: ["b"] } }] }], tools: [{ preset: "x" }] }, false],
])("%j lets a vendor choose among models: %s", (fields, expected) => {
  expect(namesOtherModels(fields)).toBe(expected);
});
