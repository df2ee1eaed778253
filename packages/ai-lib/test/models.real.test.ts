import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AiClient, AiClientBuilder, ProviderFactory, type ProviderOptions, provider } from "../src/index.js";
import { type Simulator, startSimulator } from "../src/testing/simulator.js";
import { errorOf } from "./support/calls.js";
import { memoryTransport } from "./support/memory-transport.js";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ models: ["sim-small", "sim-large"] });
});
afterAll(() => simulator.close());

function options(environment: Record<string, string> = {}): ProviderOptions {
  return { apiKey: "k", baseUrl: `${simulator.baseUrl("openai")}/v1`, environment };
}

/** The model that the endpoint was asked for last. */
function askedFor(): string | undefined {
  return simulator.at("openai").at(-1)?.request.model;
}

describe("which model is asked for", () => {
  const hello = { messages: [{ role: "user" as const, content: "Hi" }] };
  const own = ProviderFactory.data("openai").model;

  it.each([
    ["none", {}],
    ["an empty one", { model: "" }],
    ["auto", { model: "auto" }],
  ])("the provider's own if a request names %s", async (_what, named) => {
    await ProviderFactory.create("openai", options()).chat({ ...hello, ...named });
    expect(askedFor()).toBe(own);
    await ProviderFactory.create("openai", options({ OPENAI_MODEL: "of-env" })).chat({ ...hello, ...named });
    expect(askedFor()).toBe("of-env");
    await ProviderFactory.create("openai", { ...options({ OPENAI_MODEL: "of-env" }), model: "given" }).chat({
      ...hello,
      ...named,
    });
    expect(askedFor()).toBe("given");
  });

  it("the one that a request names, over every default", async () => {
    const openai = provider("openai/of-spec", options({ OPENAI_MODEL: "of-env" }));
    await openai.chat(hello);
    expect(askedFor()).toBe("of-spec");
    await openai.chat({ ...hello, model: "of-request" });
    expect(askedFor()).toBe("of-request");
  });

  it("a client's, unless the request names one", async () => {
    const client = new AiClientBuilder(ProviderFactory.create("openai", options()))
      .withModel("of-client")
      .build();
    for (const model of [undefined, "", "auto"]) {
      await client.chat({ ...hello, ...(model === undefined ? {} : { model }) });
      expect(askedFor()).toBe("of-client");
    }
    await client.chat({ ...hello, model: "of-request" });
    expect(askedFor()).toBe("of-request");
  });

  it("none at all is an error that names the variable", async () => {
    const vllm = ProviderFactory.create("vllm", { baseUrl: simulator.baseUrl("vllm"), environment: {} });
    expect(await errorOf(vllm.chat(hello))).toMatchObject({
      code: "CONFIG_ERROR",
      message: expect.stringContaining("VLLM_MODEL"),
    });
  });
});

describe("a model that is not there", () => {
  const models = { "gpt-large-1": {}, "gpt-small-1": {} };

  it("is reported with the names that are near, whole and streamed", async () => {
    const openai = ProviderFactory.create("openai", { ...options(), models });
    const request = { model: "gpt-lagre-1", messages: [{ role: "user" as const, content: "Hi" }] };
    for (const ask of [() => openai.chat(request), () => openai.stream(request).response()]) {
      simulator.script("openai", [{ error: { code: "MODEL_NOT_FOUND", message: "No such model" } }]);
      expect(await errorOf(ask())).toMatchObject({
        code: "MODEL_NOT_FOUND",
        message: expect.stringMatching(/No such model.*did you mean gpt-large-1/),
      });
    }
  });

  it("is reported by getModelInfo with those that the endpoint lists", async () => {
    const client = new AiClient(
      ProviderFactory.create("openai", { ...options(), models: { "sim-large": { tools: true } } }),
    );
    expect(await client.getModelInfo("sim-large")).toMatchObject({
      id: "sim-large",
      provider: "openai",
      tools: true,
    });
    expect(await errorOf(client.getModelInfo("sim-lrage"))).toMatchObject({
      code: "MODEL_NOT_FOUND",
      message: expect.stringContaining("did you mean sim-large"),
    });
  });
});

describe("the kinds of listed models", () => {
  it("are those that the list names, else those that the model is known for", async () => {
    const listed = await ProviderFactory.create("openai", {
      ...options(),
      transport: memoryTransport({
        status: 200,
        headers: { "content-type": "application/json" },
        body: Buffer.from(JSON.stringify({ data: [{ id: "text-embedding-3-small" }, { id: "any" }] })),
      }),
    }).listModels();
    expect(listed.map(({ kinds }) => kinds)).toEqual([["embed"], undefined]);
    const body = { data: [{ id: "m", capabilities: { completion_chat: true, ocr: true, vision: false } }] };
    const mistral = await ProviderFactory.create("mistral", {
      apiKey: "k",
      transport: memoryTransport({
        status: 200,
        headers: { "content-type": "application/json" },
        body: Buffer.from(JSON.stringify(body)),
      }),
    }).listModels();
    expect(mistral.map(({ kinds }) => kinds)).toEqual([["chat", "ocr"]]);
  });
});
