import { describe, expect, it } from "vitest";
import { jsonOf, sentBy } from "../../../test/support/sent-request.js";
import type { DialectId } from "../../core/contract/dialect.js";
import { AiLibError } from "../../core/errors/error.js";
import type { ProviderData } from "../endpoint/data.js";
import { defineProvider } from "../endpoint/define.js";
import { CustomProviderBuilder } from "./custom.js";

const labs = () =>
  new CustomProviderBuilder("labs")
    .withBaseUrl("https://llm.labs.example/v1")
    .withApiKey("k-123")
    .withDefaultChatModel("gpt-x")
    .withEnvironment({});

describe("a custom provider", () => {
  it("needs an address and a key, and speaks OpenAI's dialect", async () => {
    const request = await sentBy((transport) => labs().withTransport(transport).buildProvider());
    expect(request.url).toBe("https://llm.labs.example/v1/chat/completions");
    expect(request.headers["authorization"]).toBe("Bearer k-123");
    expect(jsonOf(request)).toMatchObject({ model: "gpt-x" });
  });

  it("speaks another dialect, with its key elsewhere, at another path", async () => {
    const request = await sentBy((transport) =>
      labs()
        .withDialect("anthropic-messages")
        .withAuth({ style: "header", header: "X-Labs-Key", prefix: "Key " })
        .withPath("/models/{model}/ask")
        .withHeaders({ "x-team": "blue" })
        .withQuery({ v: "1" })
        .withTransport(transport)
        .buildProvider(),
    );
    expect(request.url).toBe("https://llm.labs.example/v1/models/gpt-x/ask?v=1");
    expect(request.headers).toMatchObject({ "x-labs-key": "Key k-123", "x-team": "blue" });
    expect(request.headers).not.toHaveProperty("authorization");
  });

  it("asks a token source for its key", async () => {
    const { headers } = await sentBy((transport) =>
      labs()
        .withApiKey(async () => "t-1")
        .withTransport(transport)
        .buildProvider(),
    );
    expect(headers["authorization"]).toBe("Bearer t-1");
  });

  it("needs no key if configured so", async () => {
    const { headers } = await sentBy((transport) =>
      new CustomProviderBuilder("labs")
        .withBaseUrl("http://localhost:9/v1")
        .withDefaultChatModel("m")
        .withoutApiKey()
        .withEnvironment({})
        .withTransport(transport)
        .buildProvider(),
    );
    expect(headers).not.toHaveProperty("authorization");
  });

  it("takes in code the values that variables would otherwise have", async () => {
    const environment = { LABS_API_KEY: "k-env", LABS_BASE_URL: "https://env.example", LABS_MODEL: "env" };
    const request = await sentBy((transport) =>
      labs().withEnvironment(environment).withTransport(transport).buildProvider(),
    );
    expect(request.url).toContain("llm.labs.example");
    expect(request.headers["authorization"]).toBe("Bearer k-123");
    expect(jsonOf(request)["model"]).toBe("gpt-x");
  });

  it("reads its key from <ID>_API_KEY", () => {
    const builder = new CustomProviderBuilder("my-labs")
      .withBaseUrl("https://labs.example")
      .withEnvironment({ MY_LABS_API_KEY: "k" });
    expect(builder.buildProvider().target).toEqual({ provider: "my-labs", key: "MY_LABS_API_KEY" });
  });

  it("has the given facts of its models", () => {
    const provider = labs()
      .withCapabilities({ contextWindow: 1000, tools: true })
      .withPrice({ input: 1, output: 2 })
      .withModels({ "gpt-x": { reasoning: true }, "gpt-y": { contextWindow: 2000 } })
      .buildProvider();
    expect(provider.facts()).toEqual({
      contextWindow: 1000,
      tools: true,
      price: { input: 1, output: 2 },
      reasoning: true,
    });
    expect(provider.facts("gpt-y")).toEqual({ contextWindow: 2000 });
  });

  it("can be built again after a change, and earlier ones keep what they had", () => {
    const builder = labs();
    const first = builder.buildProvider();
    builder.withDefaultChatModel("gpt-y").withDialect("gemini");
    expect(builder.buildProvider().target.model).toBe("gpt-y");
    expect(first.target.model).toBe("gpt-x");
    expect(first.data.dialect).toBe("openai-chat");
  });

  const wrong: [what: string, says: RegExp, build: () => CustomProviderBuilder<DialectId>][] = [
    ["no base URL", /"labs" has no base URL: call withBaseUrl/, () => new CustomProviderBuilder("labs")],
    ["no key", /No key for "labs": set LABS_API_KEY/, () => labs().withApiKey("")],
    [
      "a bad id",
      /id must be lower case/,
      () => new CustomProviderBuilder("My Labs").withBaseUrl("https://x.y"),
    ],
    ["a bad URL", /malformed/, () => labs().withBaseUrl("labs")],
    ["two sources of the key", /both a key and a variable/, () => labs().withApiKeyEnv("LABS")],
    ["a key that is not sent", /takes no key/, () => labs().withAuth({ style: "none" })],
    [
      "a header that the key replaces",
      /both a key and the header/,
      () => labs().withHeader("authorization", "x"),
    ],
    [
      "a price of no model",
      /no default model/,
      () => new CustomProviderBuilder("l").withBaseUrl("https://x.y").withPrice({ input: 1, output: 1 }),
    ],
    ["a negative price", /"input" is a number, 0 or more/, () => labs().withPrice({ input: -1, output: 1 })],
    ["an unknown quirk", /unknown quirk "nope"/, () => labs().withQuirks({ nope: true } as object)],
    [
      "a quirk of another dialect",
      /unknown quirk "textOnly" of the dialect gemini/,
      () => labs().withQuirks({ textOnly: true }).withDialect("gemini"),
    ],
    ["an unknown dialect", /dialect must be one of/, () => labs().withDialect("soap" as "gemini")],
    ["an unknown auth style", /auth must be/, () => labs().withAuth({ style: "basic" } as never)],
    ["an empty model", /model must be a text/, () => labs().withDefaultChatModel("")],
  ];
  it("takes the quirks of its dialect, and no others", () => {
    expect(labs().withQuirks({ textOnly: true }).buildProvider().name).toBe("labs");
    expect(labs().withDialect("gemini").withQuirks({ noCallIds: true }).buildProvider().name).toBe("labs");
    // @ts-expect-error a quirk of another dialect
    expect(() => labs().withDialect("gemini").withQuirks({ textOnly: true }).buildProvider()).toThrow(
      "textOnly",
    );
    // @ts-expect-error a wrong value
    expect(() => labs().withQuirks({ textOnly: "yes" }).buildProvider()).toThrow("true or false");
    // @ts-expect-error a quirk of another dialect, in the data of a provider
    const data: ProviderData = { id: "l", dialect: "gemini", baseUrl: "https://x.y", quirks: { topK: true } };
    expect(() => defineProvider(data, { apiKey: "k" })).toThrow('unknown quirk "topK" of the dialect gemini');
    const options = { apiKey: "k", environment: {} };
    const gemini = { id: "l", dialect: "gemini", baseUrl: "https://x.y" } as const;
    // @ts-expect-error a quirk of another dialect, in the options
    expect(() => defineProvider(gemini, { ...options, quirks: { topK: true } })).toThrow("topK");
    expect(defineProvider(gemini, { ...options, quirks: { noCallIds: true } }).name).toBe("l");
  });

  it.each(wrong)("is refused when it is built: %s", (_, says, build) => {
    const builder = build();
    const error = caught(() => builder.buildProvider());
    expect(error.code).toBe("CONFIG_ERROR");
    expect(error.message).toMatch(says);
    expect(error.message).not.toContain("k-123");
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
