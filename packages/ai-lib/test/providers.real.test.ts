import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { DialectId } from "../src/core/contract/dialect.js";
import type { TransportRequest } from "../src/core/contract/transport.js";
import { AiLibError } from "../src/core/errors/error.js";
import { toolResult } from "../src/core/values/tool.js";
import { CATALOG } from "../src/providers/catalog.generated.js";
import type { ProviderData } from "../src/providers/endpoint/data.js";
import { authOf, keyVariables } from "../src/providers/endpoint/key.js";
import type { DialectProvider, ProviderOptions } from "../src/providers/endpoint/provider.js";
import { fillBaseUrl, fillPath } from "../src/providers/endpoint/template.js";
import { addressVariables, ownBaseUrl } from "../src/providers/endpoint/variables.js";
import { ProviderFactory } from "../src/providers/factory.js";
import { type Simulator, startSimulator } from "../src/testing/simulator.js";
import { type SimulatedEndpoint, simulatedEndpoint } from "./support/simulated-endpoint.js";

/** Says nothing to a scan for keys, and needs encoding in a URL. */
const KEY = "sk-te5t/kEy+with=signs";
const AWS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "aws+secret/kept", sessionToken: "session/kept" };

const hello = { messages: [{ role: "user" as const, content: "Hello, wörld 👋" }] };
const weather = {
  type: "function" as const,
  name: "weather",
  description: "The weather in a city",
  parameters: {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  },
};

/** Where each dialect's documentation puts its chats and its list of models, below the base URL. */
const CHAT_PATHS: Record<DialectId, (model: string) => { readonly unary: string; readonly stream?: string }> =
  {
    "openai-chat": () => ({ unary: "/chat/completions" }),
    "openai-responses": () => ({ unary: "/responses" }),
    "anthropic-messages": () => ({ unary: "/v1/messages" }),
    gemini: (model) => ({
      unary: `/models/${model}:generateContent`,
      stream: `/models/${model}:streamGenerateContent`,
    }),
    "mistral-chat": () => ({ unary: "/chat/completions" }),
    "cohere-chat": () => ({ unary: "/chat" }),
    "bedrock-converse": (model) => ({
      unary: `/model/${encodeURIComponent(model)}/converse`,
      stream: `/model/${encodeURIComponent(model)}/converse-stream`,
    }),
    "ollama-chat": () => ({ unary: "/api/chat" }),
  };
const MODEL_PATHS: Record<DialectId, string | undefined> = {
  "openai-chat": "/models",
  "openai-responses": "/models",
  "anthropic-messages": "/v1/models",
  gemini: "/models",
  "mistral-chat": "/models",
  "cohere-chat": "/../v1/models",
  "bedrock-converse": undefined,
  "ollama-chat": "/api/tags",
};

/** A base URL and a path below it, a version that both bear once, dots resolved. */
function urlOf(base: string, path: string): string {
  const joined = base.endsWith("/v1") && path.startsWith("/v1/") ? base + path.slice(3) : base + path;
  return new URL(joined).href;
}

/** Everything of a request that a proxy or a log may show, but for the endpoint where its key belongs. */
function shown(request: TransportRequest, but: string | undefined): string {
  const headers = Object.entries(request.headers).filter(([name]) => name !== but);
  return decodeURIComponent(request.url) + JSON.stringify(headers) + String(request.body);
}

const all = (Object.keys(CATALOG) as (keyof typeof CATALOG)[]).map((id) => ({
  id,
  data: CATALOG[id] as ProviderData,
}));

describe.each(all.filter(({ data }) => data.chat !== false))("$id", ({ id, data }) => {
  let simulator: Simulator;
  let endpoint: SimulatedEndpoint;
  let provider: DialectProvider;

  const model = data.model ?? "some-model";
  /** Every variable by the environment variable that sets it, but for those that none does. */
  const variables = Object.fromEntries(
    Object.entries(data.variables ?? {}).map(([name, { address }]) => [
      name,
      address === undefined ? `my-${name.toLowerCase()}` : `${address.scheme}://my-host.example:1234`,
    ]),
  );
  const environment: Record<string, string> = {};
  const given: Record<string, string> = {};
  for (const [name, { env }] of Object.entries(data.variables ?? {})) {
    const [first] = env;
    if (first === undefined) given[name] = variables[name] ?? "";
    else environment[first] = variables[name] ?? "";
  }
  const auth = authOf(data);
  const base = fillBaseUrl(ownBaseUrl(data, variables), variables, addressVariables(data));
  /** Vertex AI has a path of its own for another vendor's models. */
  const isVertex = data.dialect === "anthropic-messages" && data.quirks?.vertex === true;
  const paths = isVertex
    ? {
        unary: `/publishers/anthropic/models/${encodeURIComponent(model)}:rawPredict`,
        stream: `/publishers/anthropic/models/${encodeURIComponent(model)}:streamRawPredict`,
      }
    : CHAT_PATHS[data.dialect](model);
  const unaryPath = data.path === undefined ? paths.unary : fillPath(data.path, { ...variables, model });
  const streamTemplate = data.streamPath ?? data.path;
  const streamPath =
    streamTemplate === undefined
      ? (paths.stream ?? paths.unary)
      : fillPath(streamTemplate, { ...variables, model });

  function make(options: ProviderOptions): DialectProvider {
    return ProviderFactory.create(id, {
      transport: endpoint,
      environment,
      ...(Object.keys(given).length === 0 ? {} : { variables: given }),
      ...(data.model === undefined ? { model } : {}),
      ...options,
    });
  }

  beforeAll(async () => {
    simulator = await startSimulator();
    endpoint = simulatedEndpoint(simulator, id, data.dialect);
    provider = make(auth.style === "none" ? {} : { apiKey: KEY });
  });
  afterEach(() => {
    endpoint.sent.length = 0;
    simulator.attempts.length = 0;
  });
  afterAll(async () => {
    await endpoint.close?.();
    await simulator.close();
  });

  const lastSent = (): TransportRequest => {
    const request = endpoint.sent.at(-1);
    if (request === undefined) throw new Error("nothing was sent");
    return request;
  };

  it("answers whole and streamed, at its own URL, by its default model", async () => {
    const whole = await provider.chat(hello);
    expect(whole.text).toBe("You said: Hello, wörld 👋");
    expect(whole.provider).toBe(id);
    expect(whole.finishReason).toBe("stop");
    expect(lastSent().method).toBe("POST");
    const [unaryUrl] = lastSent().url.split("?");
    expect(new URL(unaryUrl ?? "").href).toBe(urlOf(base, unaryPath));

    let text = "";
    const stream = provider.stream(hello);
    for await (const piece of stream.text) text += piece;
    expect(text).toBe(whole.text);
    expect((await stream.response()).usage.outputTokens).toBe(whole.usage.outputTokens);
    const [streamUrl] = lastSent().url.split("?");
    expect(new URL(streamUrl ?? "").href).toBe(urlOf(base, streamPath));

    expect(simulator.attempts.map(({ mode, request }) => [mode, request.model])).toEqual([
      ["unary", model],
      ["stream", model],
    ]);
    const query = new URL(lastSent().url).searchParams;
    for (const [name, template] of Object.entries(data.query ?? {}))
      expect(query.get(name)).toBe(fillPath(template, variables));
    for (const [name, template] of Object.entries(data.headers ?? {}))
      expect(lastSent().headers[name]).toBe(fillPath(template, variables));
  });

  it("asks for the model that a request names", async () => {
    const response = await provider.chat({ ...hello, model: "another-model" });
    expect(simulator.attempts[0]?.request.model).toBe("another-model");
    expect(response.model).toBe("another-model");
  });

  it("carries its key where it belongs and nowhere else", async () => {
    await provider.stream(hello).response();
    const sent = lastSent();
    switch (auth.style) {
      case "none":
        expect(sent.headers).not.toHaveProperty("authorization");
        return;
      case "bearer":
      case "sigv4":
        expect(sent.headers["authorization"]).toBe(`Bearer ${KEY}`);
        expect(shown(sent, "authorization")).not.toContain(KEY);
        return;
      case "header":
        expect(sent.headers[auth.header]).toBe(`${auth.prefix ?? ""}${KEY}`);
        expect(sent.headers).not.toHaveProperty("authorization");
        expect(shown(sent, auth.header)).not.toContain(KEY);
        return;
      case "query": {
        const url = new URL(sent.url);
        expect(url.searchParams.get(auth.parameter)).toBe(KEY);
        url.searchParams.delete(auth.parameter);
        expect(shown({ ...sent, url: url.href }, undefined)).not.toContain(KEY);
        return;
      }
      default: {
        const never: never = auth;
        throw new TypeError(`Unknown auth style ${JSON.stringify(never)}`);
      }
    }
  });

  if (auth.style === "sigv4")
    it("signs with AWS credentials, and sends no secret", async () => {
      await make({ apiKey: AWS }).chat(hello);
      const { authorization = "", ...headers } = lastSent().headers;
      expect(authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/my-region\/\w+\/aws4_/);
      expect(headers["x-amz-security-token"]).toBe(AWS.sessionToken);
      expect(JSON.stringify(lastSent())).not.toContain(AWS.secretAccessKey);
    });

  if (auth.style !== "none")
    it("reads its key from each of its variables, and reports which", async () => {
      for (const variable of keyVariables(data)) {
        const reader = make({ environment: { ...environment, [variable]: KEY } });
        expect(reader.target.key).toBe(variable);
        const response = await reader.chat(hello);
        expect(JSON.stringify(lastSent().headers) + lastSent().url).toMatch(/sk-te5t(\/|%2F)kEy/);
        expect(JSON.stringify(response)).not.toContain(KEY);
      }
    });

  if (auth.style !== "none")
    it("takes a function that gets tokens in place of a key", async () => {
      let asked = 0;
      await make({ apiKey: () => `token-${++asked}` }).chat(hello);
      expect(JSON.stringify(lastSent().headers) + lastSent().url).toContain("token-1");
    });

  it("says which variable to set where a key or a variable is missing", () => {
    const missing = ProviderFactory.describe(id, {}).missing;
    const create = () =>
      ProviderFactory.create(id, { environment: {}, ...(data.model === undefined ? { model } : {}) });
    if (missing.length === 0) expect(create().name).toBe(id);
    else {
      const names = missing.map((each) => each.split(" or ")[0]);
      let told = "";
      try {
        create();
      } catch (error) {
        told = error instanceof AiLibError && error.code === "CONFIG_ERROR" ? error.message : "";
      }
      expect(names.some((name) => name !== undefined && told.includes(name))).toBe(true);
    }
  });

  it.each(["unary", "stream"] as const)("calls a tool and takes its result (%s)", async (mode) => {
    const ask = (request: Parameters<DialectProvider["chat"]>[0]) =>
      mode === "unary" ? provider.chat(request) : provider.stream(request).response();
    const first = await ask({ ...hello, tools: [weather] });
    if (provider.facts()?.tools === false) {
      expect(first.warnings).toMatchObject([{ code: "unsupported", field: "tools" }]);
      expect(first.text).toBe("You said: Hello, wörld 👋");
      return;
    }
    expect(first.warnings).toEqual([]);
    expect(first.finishReason).toBe("tool-calls");
    expect(first.toolCalls).toMatchObject([{ name: "weather", arguments: { city: "sample" } }]);
    const [call] = first.toolCalls;
    if (call === undefined) throw new Error("no call");
    const second = await ask({
      tools: [weather],
      messages: [
        ...hello.messages,
        first.message,
        { role: "tool", content: [toolResult(call, "22 degrees")] },
      ],
    });
    expect(second.text).toBe("The tools found: 22 degrees");
    expect(second.finishReason).toBe("stop");
  });

  it.each(["unary", "stream"] as const)(
    "classifies an error, and keeps its key out of it (%s)",
    async (mode) => {
      const fault = {
        error: { code: "RATE_LIMIT" as const, message: `Slow down, owner of ${KEY}` },
        headers: { "retry-after": "7" },
      };
      simulator.script(id, [fault]);
      const error: unknown = await (mode === "unary"
        ? provider.chat(hello)
        : provider.stream(hello).response()
      ).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: "RATE_LIMIT", target: { provider: id, model } });
      if (!AiLibError.is(error)) throw new Error("no error of this library");
      expect(error.retryAt).toBeGreaterThan(error.attempts[0]?.startedAt ?? Number.POSITIVE_INFINITY);
      if (auth.style !== "none") expect(error.message + JSON.stringify(error)).not.toContain(KEY);
    },
  );

  it("reports a stream that was cut as cut", async () => {
    simulator.script(id, [{ cut: 2 }]);
    await expect(provider.stream(hello).response()).rejects.toMatchObject({ code: "STREAM_TRUNCATED" });
  });

  it("lists its models at its own URL, or says that it has no list", async () => {
    const path = data.modelsPath === undefined ? MODEL_PATHS[data.dialect] : data.modelsPath;
    if (path === null || path === undefined) {
      await expect(provider.listModels()).rejects.toMatchObject({
        code: "UNSUPPORTED_FEATURE",
        local: true,
      });
      expect(endpoint.sent).toEqual([]);
      return;
    }
    const models = await provider.listModels();
    expect(models).toMatchObject([{ id: "simulated", provider: id }]);
    const [url] = lastSent().url.split("?");
    expect(new URL(url ?? "").href).toBe(urlOf(base, path));
    expect(lastSent().method).toBe("GET");
    await provider.checkHealth();
  });
});
