import { factoryOf } from "ai-lib/providers";
import { expect, it } from "vitest";
import { findLocalServer } from "./local.js";
import { byPreference } from "./preference.js";
import { listConfigured } from "./setup.js";

const labs = { dialect: "openai-chat", baseUrl: "https://llm.labs.example/v1" } as const;

it("puts providers whose data says `preferred` first, in that order, and all others after them by id", () => {
  const factory = factoryOf([
    { ...labs, id: "zebra", preferred: 1.5 },
    { ...labs, id: "aardvark" },
  ]);
  const ids = ["zai", "xai", "aardvark", "zebra", "anthropic", "openai-responses", "openai"];
  expect(ids.sort(byPreference(factory))).toEqual([
    "openai",
    "zebra",
    "anthropic",
    "aardvark",
    "openai-responses",
    "xai",
    "zai",
  ]);
});

it("orders the providers whose key is set", () => {
  const names = ["OPENAI", "ANTHROPIC", "GOOGLE", "OPENROUTER", "GROQ", "MISTRAL", "XAI", "DEEPSEEK"];
  const environment = Object.fromEntries(names.map((name) => [`${name}_API_KEY`, "k"]));
  expect(listConfigured({ factory: factoryOf([]), environment })).toEqual([
    "openai",
    "anthropic",
    "google",
    "openrouter",
    "groq",
    "mistral",
    "deepseek",
    "openai-responses",
    "xai",
    "xai-responses",
  ]);
});

it("probes the providers whose data says `local`, and prefers them in the same order", async () => {
  const factory = factoryOf([{ ...labs, id: "shed", keyOptional: true, local: true, preferred: 2.5 }]);
  const probed: string[] = [];
  const serving = (ids: readonly string[]) => ({
    ...factory,
    create: (id: string, options = {}) => {
      probed.push(id);
      const provider = factory.create(id, options);
      provider.listModels = async () => (ids.includes(id) ? [{ id: `model-of-${id}`, provider: id }] : []);
      return provider;
    },
  });
  expect(await findLocalServer(serving(["llamacpp", "shed", "vllm"]), {})).toEqual({
    id: "shed",
    model: "model-of-shed",
  });
  expect(probed).toEqual([
    "ollama",
    "lmstudio",
    "shed",
    "llamacpp",
    "gpustack",
    "mistralrs",
    "ollama-openai",
    "vllm",
  ]);
  expect(await findLocalServer(serving([]), {})).toBeUndefined();
});
