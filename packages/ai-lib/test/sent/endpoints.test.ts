import { generateKeyPairSync, verify } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Transport } from "../../src/core/contract/transport.js";
import type { ProviderOptions } from "../../src/providers/endpoint/provider.js";
import { provider } from "../../src/providers/spec.js";
import { ask } from "./ask.js";

const request = { messages: [{ role: "user" as const, content: "q" }] };
const eu = { project: "p", location: "eu" };
const AZURE = "https://res.openai.azure.com/openai/v1/chat/completions";
const azure = { AZURE_OPENAI_API_KEY: "k" };
const own = { apiKey: undefined };

describe("the address of an endpoint", () => {
  it.each<[string, ProviderOptions, string]>([
    ["vertex/g", { variables: eu }, "https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/"],
    [
      "vertex/g",
      { variables: { ...eu, location: "us" } },
      "https://aiplatform.us.rep.googleapis.com/v1/projects/p/locations/us/",
    ],
    [
      "vertex-anthropic/c",
      { variables: eu },
      "https://aiplatform.eu.rep.googleapis.com/v1/projects/p/locations/eu/",
    ],
    [
      "vertex/g",
      { variables: { ...eu, location: "europe-west1" } },
      "https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/europe-west1/",
    ],
    ["vertex/g", { apiKey: "AIzaX" }, "https://aiplatform.googleapis.com/v1/publishers/google/models/g:"],
    [
      "azure-openai/d",
      { ...own, environment: { ...azure, AZURE_OPENAI_ENDPOINT: "https://res.openai.azure.com/" } },
      AZURE,
    ],
    [
      "azure-openai/d",
      { ...own, environment: { ...azure, AZURE_OPENAI_ENDPOINT: "https://res.openai.azure.com/openai/v1/" } },
      AZURE,
    ],
    ["azure-openai/d", { baseUrl: "https://res.openai.azure.com/openai" }, AZURE],
    ["azure-openai/d", { variables: { resource: "res" } }, AZURE],
    [
      "azure-openai-responses/d",
      { baseUrl: "https://res.openai.azure.com" },
      "https://res.openai.azure.com/openai/v1/responses",
    ],
    ["openai/m", { baseUrl: " https://api.example.com/v1 " }, "https://api.example.com/v1/chat/completions"],
    ["openai/m", { baseUrl: "https://api.openai.com" }, "https://api.openai.com/v1/chat/completions"],
    ["openai/m", { baseUrl: "https://proxy.example.com" }, "https://proxy.example.com/chat/completions"],
    ["ollama/m", { baseUrl: "http://gpu:11434/v1" }, "http://gpu:11434/api/chat"],
    ["ollama/m", { baseUrl: "http://gpu:11434/api/" }, "http://gpu:11434/api/chat"],
    ["ollama/m", { environment: { OLLAMA_HOST: "gpu:11434/v1" } }, "http://gpu:11434/api/chat"],
    ["ollama-openai/m", { baseUrl: "http://gpu:11434" }, "http://gpu:11434/v1/chat/completions"],
    [
      "ollama-openai/m",
      { environment: { OLLAMA_HOST: "http://gpu:11434/v1" } },
      "http://gpu:11434/v1/chat/completions",
    ],
    ["vllm/m", { baseUrl: "http://gpu:8000/" }, "http://gpu:8000/v1/chat/completions"],
    ["lmstudio/m", { baseUrl: "http://gpu:1234/v1" }, "http://gpu:1234/v1/chat/completions"],
    [
      "openai-responses/m",
      { ...own, environment: { OPENAI_API_KEY: "k", OPENAI_BASE_URL: "https://p.example/v1" } },
      "https://p.example/v1/responses",
    ],
  ])("%s with %j is %s", async (spec, options, url) => {
    const { sent } = await ask(spec, request, { environment: {}, ...options });
    expect(sent[0]?.url.startsWith(url)).toBe(true);
  });
});

describe("a credential", () => {
  const token = async () => "token";
  it.each<[string, ProviderOptions, Record<string, string | undefined>]>([
    [
      "azure-openai/d",
      { apiKey: "k", variables: { resource: "r" } },
      { "api-key": "k", authorization: undefined },
    ],
    [
      "azure-openai/d",
      { apiKey: token, variables: { resource: "r" } },
      { "api-key": undefined, authorization: "Bearer token" },
    ],
    [
      "azure-openai/d",
      {
        ...own,
        environment: { AZURE_OPENAI_AD_TOKEN: "t", AZURE_OPENAI_ENDPOINT: "https://r.openai.azure.com" },
      },
      { "api-key": undefined, authorization: "Bearer t" },
    ],
    [
      "vertex/g",
      { apiKey: "AQ.x", variables: { project: "p" } },
      { "x-goog-api-key": "AQ.x", authorization: undefined },
    ],
    [
      "vertex/g",
      { ...own, environment: { VERTEX_API_KEY: "AIzaX" } },
      { "x-goog-api-key": "AIzaX", authorization: undefined },
    ],
    [
      "vertex/g",
      { apiKey: "ya29.x", variables: { project: "p" } },
      { "x-goog-api-key": undefined, authorization: "Bearer ya29.x" },
    ],
    ["openai/m", { apiKey: " sk-x\n" }, { authorization: "Bearer sk-x" }],
    ["anthropic/claude-sonnet-4-5", { apiKey: "sk-x\r\n" }, { "x-api-key": "sk-x" }],
    ["google/g", { ...own, environment: { GEMINI_API_KEY: "a" } }, { "x-goog-api-key": "a" }],
    ["google/g", { ...own, environment: { GOOGLE_GENERATIVE_AI_API_KEY: "a" } }, { "x-goog-api-key": "a" }],
    ["qwen/q", { ...own, environment: { DASHSCOPE_API_KEY: "a" } }, { authorization: "Bearer a" }],
    ["huggingface/h", { ...own, environment: { HF_TOKEN: "a" } }, { authorization: "Bearer a" }],
    [
      "bedrock/anthropic.claude-3",
      { ...own, environment: { AWS_BEARER_TOKEN_BEDROCK: "a" } },
      { authorization: "Bearer a" },
    ],
  ])("of %s from %j is sent as %j", async (spec, options, headers) => {
    const { sent } = await ask(spec, request, { environment: {}, ...options });
    for (const [name, value] of Object.entries(headers)) expect(sent[0]?.headers[name]).toBe(value);
  });

  it("of AWS comes from a function of the vendor's package, and is used until it expires", async () => {
    let calls = 0;
    const credentials = async () => {
      calls++;
      return { accessKeyId: "AKIA1", secretAccessKey: "secret", sessionToken: "session" };
    };
    const options = { apiKey: credentials, region: "eu-west-1", environment: {} };
    const { sent } = await ask("bedrock/anthropic.claude-3", request, options);
    expect(sent[0]?.headers["authorization"]).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIA1\/.*\/eu-west-1\/bedrock/,
    );
    expect(sent[0]?.headers["x-amz-security-token"]).toBe("session");
    expect(calls).toBe(1);
  });

  it("of AWS comes from the profile that AWS_PROFILE names", async () => {
    const folder = mkdtempSync(join(tmpdir(), "aws-"));
    const file = join(folder, "credentials");
    writeFileSync(file, "[work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = s\n");
    const before = process.env["AWS_SHARED_CREDENTIALS_FILE"];
    process.env["AWS_SHARED_CREDENTIALS_FILE"] = file;
    try {
      const environment = { AWS_PROFILE: "work", AWS_REGION: "eu-west-1" };
      const { sent, error } = await ask("bedrock/anthropic.claude-3", request, { ...own, environment });
      expect(error).toBeUndefined();
      expect(sent[0]?.headers["authorization"]).toContain("Credential=AKIAWORK/");
    } finally {
      if (before === undefined) delete process.env["AWS_SHARED_CREDENTIALS_FILE"];
      else process.env["AWS_SHARED_CREDENTIALS_FILE"] = before;
    }
  });
});

describe("a credentials file of Google Cloud", () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const account = {
    type: "service_account",
    client_email: "a@p.iam.gserviceaccount.com",
    private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    token_uri: "https://oauth2.googleapis.com/token",
  };
  const user = { type: "authorized_user", client_id: "i", client_secret: "s", refresh_token: "r" };

  /** Answers requests for tokens, then chats. */
  function google(status = 200): {
    transport: Transport;
    sent: { url: string; body: string; auth?: string }[];
  } {
    const sent: { url: string; body: string; auth?: string }[] = [];
    return {
      sent,
      transport: {
        open({ url, body, headers }, sink) {
          sent.push({ url, body: String(body), auth: headers["authorization"] ?? "" });
          const isToken = url.includes("oauth2");
          const reply = isToken
            ? status === 200
              ? { access_token: "ya29.t", expires_in: 3600 }
              : { error: "invalid_grant", error_description: "Invalid JWT Signature." }
            : { candidates: [{ content: { parts: [{ text: "ok" }] }, finishReason: "STOP" }] };
          queueMicrotask(() => {
            sink.head(isToken ? status : 200, { "content-type": "application/json" });
            sink.data(new TextEncoder().encode(JSON.stringify(reply)));
            sink.end();
          });
          return { pause() {}, resume() {}, abort: () => undefined };
        },
      },
    };
  }

  it("of a service account is exchanged for a token, which serves until it expires", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "gcp-")), "key.json");
    writeFileSync(path, JSON.stringify(account));
    const { transport, sent } = google();
    const environment = { GOOGLE_APPLICATION_CREDENTIALS: path, GOOGLE_CLOUD_PROJECT: "p" };
    const vertex = provider("vertex/gemini-3.8-flash", { environment, transport });
    await vertex.chat(request);
    await vertex.chat(request);
    expect(sent.map(({ url }) => new URL(url).host)).toEqual([
      "oauth2.googleapis.com",
      "aiplatform.googleapis.com",
      "aiplatform.googleapis.com",
    ]);
    expect(sent[2]?.auth).toBe("Bearer ya29.t");
    const assertion = new URLSearchParams(sent[0]?.body).get("assertion") ?? "";
    const [head = "", claims = "", signature = ""] = assertion.split(".");
    const valid = verify(
      "sha256",
      Buffer.from(`${head}.${claims}`),
      publicKey,
      Buffer.from(signature, "base64url"),
    );
    expect(valid).toBe(true);
    expect(JSON.parse(Buffer.from(claims, "base64url").toString())).toMatchObject({
      iss: account.client_email,
      aud: account.token_uri,
      scope: "https://www.googleapis.com/auth/cloud-platform",
    });
  });

  it("may be given as text, and may be the user's own login", async () => {
    const { transport, sent } = google();
    const options = { apiKey: JSON.stringify(user), variables: { project: "p" }, environment: {}, transport };
    await provider("vertex-anthropic/claude-sonnet-4-6", options)
      .chat(request)
      .catch(() => undefined);
    expect(Object.fromEntries(new URLSearchParams(sent[0]?.body))).toEqual({
      grant_type: "refresh_token",
      client_id: "i",
      client_secret: "s",
      refresh_token: "r",
    });
    expect(sent[1]?.auth).toBe("Bearer ya29.t");
  });

  it.each([
    ["{}", "CONFIG_ERROR", "type"],
    ["{", "CONFIG_ERROR", "JSON"],
    [JSON.stringify({ ...account, token_uri: "http://evil.example" }), "CONFIG_ERROR", "https"],
    [JSON.stringify({ ...account, private_key: "x" }), "CONFIG_ERROR", "private_key"],
  ])("is refused if it is %s", async (apiKey, code, message) => {
    const { transport } = google();
    const options = { apiKey, variables: { project: "p" }, environment: {}, transport };
    const asked = async () => provider("vertex/g", options).chat(request);
    await expect(asked()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it("that Google refuses is AUTH_FAILED with Google's words", async () => {
    const { transport } = google(400);
    const options = {
      apiKey: JSON.stringify(account),
      variables: { project: "p" },
      environment: {},
      transport,
    };
    await expect(provider("vertex/g", options).chat(request)).rejects.toMatchObject({
      code: "AUTH_FAILED",
      message: expect.stringContaining("Invalid JWT Signature."),
    });
  });
});
