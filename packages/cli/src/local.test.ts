import { factoryOf } from "ai-lib/providers";
import { expect, it } from "vitest";
import { findLocalServer } from "./local.js";

const labs = { dialect: "openai-chat", baseUrl: "https://llm.labs.example/v1" } as const;

it("probes the providers whose data says `local`, the most preferred first", async () => {
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
