import { describe, expect, it } from "vitest";
import { makePlan } from "../config/plan.js";
import { parseText } from "../config/source.js";
import { formatImported, importLiteLlm } from "./litellm.js";

const FILE = `
model_list:
  - model_name: gpt
    litellm_params: { model: openai/gpt-x, api_key: os.environ/OPENAI_API_KEY, weight: 3 }
  - model_name: gpt
    litellm_params: { model: openai/gpt-x, api_key: os.environ/SECOND_KEY, rpm: 100 }
  - model_name: claude
    litellm_params: { model: anthropic/claude-x, api_key: sk-ant-in-the-file }
  - model_name: local
    litellm_params: { model: hosted_vllm/llama, api_base: "http://127.0.0.1:8000/v1" }
router_settings:
  routing_strategy: simple-shuffle
  num_retries: 2
  redis_host: cache
  model_group_alias: { gpt-4: gpt }
litellm_settings:
  fallbacks: [{ gpt: [claude, local] }]
  drop_params: true
general_settings:
  master_key: os.environ/LITELLM_MASTER_KEY
  database_url: postgres://user:secret@db/litellm
`;

const environment = {
  OPENAI_API_KEY: "k1",
  SECOND_KEY: "k2",
  MODEL_LIST_CLAUDE_API_KEY: "k3",
  LITELLM_MASTER_KEY: "aik_0123456789abcdef",
};

describe("importing a file of LiteLLM", () => {
  it("keeps groups, weights, fallbacks, aliases and keys, and is a file that can be served", async () => {
    const text = formatImported(importLiteLlm(FILE));
    const prices = { price: () => undefined, cost: () => undefined };
    const { table, declared } = await makePlan(parseText("imported.yaml", text, "r"), {
      environment,
      prices,
    });
    expect(table.choose("gpt-4", "openai-chat").provider.name).toBe(
      "failover[retry(weighted[openai,openai])->retry(anthropic)->retry(vllm)]",
    );
    expect(table.choose("local", "openai-chat").route).toBe("local");
    expect(declared.keys.map(({ id }) => id)).toEqual(["master"]);
  });

  it("makes one member of deployments that differ only in what has no counterpart", async () => {
    const deployment = (region: string, weight: number) =>
      `{ model_name: m, litellm_params: { model: openai/gpt-x, aws_region_name: ${region}, weight: ${weight} } }`;
    const other = "{ model_name: m, litellm_params: { model: openai/gpt-y } }";
    const file = `model_list: [${deployment("a", 2)}, ${deployment("b", 3)}, ${other}]`;
    const { config, notes } = importLiteLlm(file);
    expect(config.routes).toEqual({
      m: { retry: { weighted: [{ provider: "openai/gpt-x", weight: 5 }, "openai/gpt-y"] } },
    });
    expect(notes.join()).toContain("openai/gpt-x a second time");
    const text = formatImported({ config, notes });
    const prices = { price: () => undefined, cost: () => undefined };
    await makePlan(parseText("imported.yaml", text, "r"), { environment, prices });
  });

  it("lists what has no counterpart, and copies no secret", () => {
    const text = formatImported(importLiteLlm(FILE));
    for (const note of ["model_list gpt: rpm", "router_settings.redis_host", "general_settings.database_url"])
      expect(text).toContain(`# not carried over: ${note}`);
    expect(text).toContain("MODEL_LIST_CLAUDE_API_KEY");
    expect(text).not.toMatch(/sk-ant-in-the-file|user:secret/);
  });

  it.each(["", "[]", "a: 1", "model_list: 3", "a: [", "model_list: [{}, 3]"])(
    "reads %j, or refuses it with a configuration error",
    (text) => {
      try {
        expect(importLiteLlm(text).notes.length).toBeGreaterThan(0);
      } catch (error) {
        expect((error as { code?: string }).code).toBe("CONFIG_ERROR");
      }
    },
  );
});
