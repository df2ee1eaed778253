import { describe, expect, it } from "vitest";
import { jsonOf, sentBy, textOf } from "../../test/support/sent-request.js";
import { ProviderBuilder } from "./builder.js";
import * as builders from "./builders.generated.js";
import { CATALOG, Provider } from "./catalog.generated.js";
import { DIALECT_IDS } from "./endpoint/dialect-ids.js";

const classes = Object.entries(builders) as [string, new () => ProviderBuilder][];

describe("each prebuilt provider's builder", () => {
  it("exists, and is named as its constant in Provider", () => {
    expect(classes.map(([name]) => name).sort()).toEqual(
      Object.keys(Provider)
        .map((name) => `${name}Builder`)
        .sort(),
    );
  });

  const spoken = classes.filter(([name]) => {
    const id = Provider[name.replace(/Builder$/, "") as keyof typeof Provider];
    return DIALECT_IDS.includes(CATALOG[id].dialect);
  });
  it.each(spoken)("%s sends its key where the provider wants it", async (name, Builder) => {
    const id = Provider[name.replace(/Builder$/, "") as keyof typeof Provider];
    const { auth, variables = {} } = CATALOG[id];
    const environment = Object.fromEntries(
      Object.values(variables).flatMap(({ env }) => env.map((variable) => [variable, "somewhere"])),
    );
    const request = await sentBy((transport) =>
      new Builder()
        .withApiKey("k-123")
        .withEnvironment(environment)
        .withDefaultChatModel("owner/a-model")
        .withTransport(transport)
        .buildProvider(),
    );
    const header = auth?.style === "header" ? auth.header : "authorization";
    expect(request.headers[header]).toMatch(/^((Bearer|Token|Key) )?k-123$/);
    expect(new URL(request.url).protocol).toBe(CATALOG[id].local === true ? "http:" : "https:");
    expect(request.url).not.toMatch(/[{}]/);
    // Azure AI Content Safety has one model, which no request names.
    if (id !== "azure-content-safety") expect(`${request.url} ${textOf(request)}`).toContain("a-model");
  });
});

describe("a provider's builder", () => {
  it("sets all that can be set, later settings over earlier ones", async () => {
    const request = await sentBy((transport) =>
      new builders.GroqBuilder()
        .withApiKeyEnv("TEAM_KEY")
        .withEnvironment({ TEAM_KEY: "k-team", GROQ_API_KEY: "k-other" })
        .withBaseUrl("https://proxy.example/v1")
        .withDefaultChatModel("one")
        .withDefaultChatModel("two")
        .withHeader("X-One", "1")
        .withHeaders({ "x-two": "2" })
        .withQuery({ a: "b" })
        .withQuery({ c: "d" })
        .withQuirks({ maxTokensField: "max_completion_tokens" })
        .withTransport(transport)
        .buildProvider(),
    );
    expect(request.url).toBe("https://proxy.example/v1/chat/completions?a=b&c=d");
    expect(request.headers).toMatchObject({ authorization: "Bearer k-team", "x-one": "1", "x-two": "2" });
    expect(jsonOf(request)["model"]).toBe("two");
  });

  it("names the key by its variable, its account and its region in the target", () => {
    const { target } = new builders.BedrockMantleBuilder()
      .withEnvironment({ TEAM_KEY: "k-team" })
      .withApiKeyEnv("TEAM_KEY")
      .withAccount("4711")
      .withRegion("eu-central-1")
      .buildProvider();
    expect(target).toMatchObject({ key: "TEAM_KEY", account: "4711", region: "eu-central-1" });
  });

  it("has methods for what only its provider has", async () => {
    const azure = await sentBy((transport) =>
      new builders.AzureOpenAiBuilder()
        .withApiKey("k")
        .withResource("my-resource")
        .withApiVersion("preview")
        .withDefaultChatModel("my-deployment")
        .withTransport(transport)
        .buildProvider(),
    );
    expect(azure.url).toBe(
      "https://my-resource.openai.azure.com/openai/v1/chat/completions?api-version=preview",
    );
    const openRouter = await sentBy((transport) =>
      new builders.OpenRouterBuilder()
        .withApiKey("k")
        .withTitle("My app")
        .withTransport(transport)
        .buildProvider(),
    );
    expect(openRouter.headers["x-title"]).toBe("My app");
    expect(openRouter.headers).not.toHaveProperty("http-referer");
  });

  it.each([
    ["global", "https://aiplatform.googleapis.com/v1/projects/my-project/locations/global/"],
    [
      "europe-west1",
      "https://europe-west1-aiplatform.googleapis.com/v1/projects/my-project/locations/europe-west1/",
    ],
  ])("asks Vertex AI in %s at its host", async (location, start) => {
    const gemini = new builders.VertexBuilder().withDefaultChatModel("gemini-x");
    const claude = new builders.VertexAnthropicBuilder().withDefaultChatModel("claude-x");
    for (const [builder, path] of [
      [gemini, "publishers/google/models/gemini-x:generateContent"],
      [claude, "publishers/anthropic/models/claude-x:rawPredict"],
    ] as const) {
      builder
        .withApiKey(() => "token")
        .withProject("my-project")
        .withLocation(location);
      const { url, headers } = await sentBy((transport) => builder.withTransport(transport).buildProvider());
      expect(url).toBe(start + path);
      expect(headers["authorization"]).toBe("Bearer token");
    }
  });

  it("keeps Anthropic on the version of the API that its models were recorded with, unless told otherwise", async () => {
    const builder = new builders.AnthropicBuilder().withApiKey("k");
    const version = async () =>
      (await sentBy((transport) => builder.withTransport(transport).buildProvider())).headers[
        "anthropic-version"
      ];
    expect(await version()).toBe("2023-06-01");
    builder.withVersion("2026-10-21");
    expect(await version()).toBe("2026-10-21");
  });

  it("refuses a key beside a variable for it, and a variable that is not set", () => {
    const both = new builders.GroqBuilder().withApiKey("k").withApiKeyEnv("TEAM_KEY");
    expect(() => both.buildProvider()).toThrow(/both a key and a variable/);
    const unset = new builders.GroqBuilder().withApiKeyEnv("TEAM_KEY").withEnvironment({ GROQ_API_KEY: "k" });
    expect(() => unset.buildProvider()).toThrow('No key for "groq": set TEAM_KEY');
  });

  it("takes data of your own", () => {
    const data = { id: "labs", dialect: "openai-chat", baseUrl: "https://labs.example" } as const;
    expect(new ProviderBuilder(data).withApiKey("k").buildProvider().name).toBe("labs");
  });
});
