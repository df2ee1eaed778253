import { describe, expect, it } from "vitest";
import { AiLibError } from "../core/errors/error.js";
import { Provider } from "./catalog.generated.js";
import { defineProvider } from "./endpoint/define.js";
import { factoryOf, ProviderFactory } from "./factory.js";
import { configuredProviders, parseSpec, provider } from "./spec.js";
import { deepSeek } from "./vendors/deepseek.js";

describe("the factory", () => {
  it("makes the provider of an id, with options", () => {
    const groq = ProviderFactory.create(Provider.Groq, { apiKey: "k", model: "m", environment: {} });
    expect(groq.target).toEqual({ provider: "groq", model: "m" });
  });

  it("lists every id", () => {
    expect(ProviderFactory.ids()).toEqual(Object.values(Provider).sort());
  });

  it.each([
    ["gorq", '"groq"'],
    ["Groq", '"groq"'],
    ["antropic", '"anthropic"'],
    ["open-ai", '"openai"'],
    ["azure", '"azure-openai"'],
  ])("says of the unknown id %s that %s is near", (id, near) => {
    const error = caught(() => ProviderFactory.create(id));
    expect(error.code).toBe("CONFIG_ERROR");
    expect(error.message).toContain(`There is no provider "${id}"; did you mean`);
    expect(error.message).toContain(near);
  });

  it("lists the ids if none is near, and also if a model was named", () => {
    const { message } = caught(() => ProviderFactory.create("nowhere-at-all"));
    expect(message).toContain(`known are: ${ProviderFactory.ids().join(", ")}`);
    expect(caught(() => ProviderFactory.create("groq/x")).message).toContain('use provider("groq/x")');
  });

  it.each(["__proto__", "constructor", "toString", "", undefined, 7])("knows no provider %s", (id) => {
    expect(caught(() => ProviderFactory.create(id as string)).code).toBe("CONFIG_ERROR");
  });

  it("takes own providers beside the prebuilt ones, and in the place of one", () => {
    const labs = { id: "labs", dialect: "openai-chat", baseUrl: "https://labs.example" } as const;
    const factory = factoryOf([labs, { ...labs, id: "groq" }]);
    expect(factory.ids()).toContain("labs");
    expect(factory.data("groq").baseUrl).toBe("https://labs.example");
    expect(factory.data("openai").baseUrl).toBe("https://api.openai.com/v1");
    expect(ProviderFactory.data("groq").baseUrl).toBe("https://api.groq.com/openai/v1");
  });
});

describe("the providers with a key", () => {
  const labs = { dialect: "openai-chat", baseUrl: "https://llm.labs.example/v1" } as const;

  it("are in the order of their preference, then by id", () => {
    const names = ["OPENAI", "ANTHROPIC", "GOOGLE", "OPENROUTER", "GROQ", "MISTRAL", "XAI", "DEEPSEEK"];
    const environment = Object.fromEntries(names.map((name) => [`${name}_API_KEY`, "k"]));
    expect(ProviderFactory.configured(environment)).toEqual([
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

  it("are sorted with your own among them", () => {
    const factory = factoryOf([
      { ...labs, id: "zebra", preferred: 1.5 },
      { ...labs, id: "aardvark" },
    ]);
    const environment = { ZEBRA_API_KEY: "k", AARDVARK_API_KEY: "k", OPENAI_API_KEY: "k", GROQ_API_KEY: "k" };
    expect(factory.configured(environment)).toEqual([
      "openai",
      "zebra",
      "groq",
      "aardvark",
      "openai-responses",
    ]);
  });

  it("are made once for each key", () => {
    const environment = { OPENAI_API_KEY: "k", XAI_API_KEY: "k" };
    expect(configuredProviders({ environment }).map(({ name }) => name)).toEqual(["openai", "xai"]);
  });

  it("are an error that says what to set if there are none", () => {
    const error = caught(() => configuredProviders({ environment: {} }));
    expect(error.code).toBe("CONFIG_ERROR");
    expect(error.message).toContain("OPENAI_API_KEY");
  });
});

it("the data of a provider can be spread into another that speaks another dialect", () => {
  const claude = defineProvider(
    {
      ...deepSeek,
      id: "deepseek-anthropic",
      dialect: "anthropic-messages",
      baseUrl: "https://api.deepseek.com/anthropic",
      quirks: {},
    },
    { apiKey: "k", environment: {} },
  );
  expect(claude.target).toEqual({ provider: "deepseek-anthropic", model: deepSeek.model });
});

describe("batches", () => {
  it("are of chat completions alone at xAI, which answers rows of its Responses API with chat completions", () => {
    expect(provider("xai", { apiKey: "k" }).batches).toBeDefined();
    expect(provider("xai-responses", { apiKey: "k" }).batches).toBeUndefined();
  });
});

describe("a description", () => {
  it("reports what a provider is, and what it would read", () => {
    expect(ProviderFactory.describe("groq", {})).toEqual({
      id: "groq",
      label: "Groq",
      dialect: "openai-chat",
      baseUrl: "https://api.groq.com/openai/v1",
      model: "openai/gpt-oss-120b",
      kinds: ["chat", "countTokens", "transcribe", "speak"],
      local: false,
      key: { variables: ["GROQ_API_KEY"], optional: false, url: "https://console.groq.com/keys" },
      variables: [],
      configured: false,
      missing: ["GROQ_API_KEY"],
    });
  });

  it("reports what an environment sets, and never the key", () => {
    const environment = { GEMINI_API_KEY: "s3cr3t", GOOGLE_MODEL: "m", GOOGLE_BASE_URL: "https://x.example" };
    const described = ProviderFactory.describe("google", environment);
    expect(described).toMatchObject({
      configured: true,
      missing: [],
      model: "m",
      baseUrl: "https://x.example",
      key: { from: "GEMINI_API_KEY" },
    });
    expect(JSON.stringify(described)).not.toContain("s3cr3t");
  });

  it.each([
    ["azure-openai", { AZURE_API_KEY: "k" }, ["AZURE_RESOURCE_NAME or AZURE_OPENAI_RESOURCE"]],
    ["azure-openai", { AZURE_API_KEY: "k", AZURE_OPENAI_RESOURCE: "r" }, []],
    ["azure-openai", { AZURE_API_KEY: "k", AZURE_OPENAI_BASE_URL: "https://r.example" }, []],
    [
      "bedrock",
      {},
      [
        "BEDROCK_API_KEY or AWS_BEARER_TOKEN_BEDROCK or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY or AWS_PROFILE",
      ],
    ],
    ["bedrock", { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "s" }, []],
    ["ollama", {}, []],
    ["openai", { OPENAI_API_KEY: "k" }, []],
    ["openai", { OPENAI_API_KEY: "  " }, ["OPENAI_API_KEY"]],
  ])("says of %s with %o that %o is missing", (id, environment, missing) => {
    expect(ProviderFactory.describe(id, environment).missing).toEqual(missing);
  });
});

describe("a provider's name with a model", () => {
  it.each([
    ["groq", "groq", undefined],
    ["groq/llama-3.3-70b", "groq", "llama-3.3-70b"],
    ["groq/openai/gpt-oss-120b", "groq", "openai/gpt-oss-120b"],
    ["cloudflare/@cf/qwen/qwen3.8-27b", "cloudflare", "@cf/qwen/qwen3.8-27b"],
    ["ollama/qwen3:4b", "ollama", "qwen3:4b"],
  ])("is read: %s", (spec, id, model) => {
    expect(parseSpec(spec)).toEqual(model === undefined ? { id } : { id, model });
  });

  it.each(["", "/", "groq/", "/gpt", "  "])("is refused if a part is empty: '%s'", (spec) => {
    expect(caught(() => parseSpec(spec)).code).toBe("CONFIG_ERROR");
  });

  it("makes the provider, with its model as the default", () => {
    const { target } = provider("groq/openai/gpt-oss-20b", { apiKey: "k", keyAlias: "team" });
    expect(target).toEqual({ provider: "groq", model: "openai/gpt-oss-20b", key: "team" });
    expect(provider("groq", { apiKey: "k", model: "m" }).target.model).toBe("m");
  });

  it("is refused if the option names another model, and if the provider is unknown", () => {
    expect(caught(() => provider("groq/a", { apiKey: "k", model: "b" })).message).toContain("name one");
    expect(caught(() => provider("gorq/a")).message).toContain('did you mean "groq"');
  });

  it("is looked up in a factory with own providers", () => {
    const factory = factoryOf([{ id: "labs", dialect: "openai-chat", baseUrl: "https://labs.example" }]);
    expect(provider("labs/gpt-x", { apiKey: "k" }, factory).target.model).toBe("gpt-x");
  });
});

function caught(run: () => unknown): AiLibError {
  try {
    run();
  } catch (error) {
    if (AiLibError.is(error)) return error;
    throw error;
  }
  throw new Error("it was not refused");
}
