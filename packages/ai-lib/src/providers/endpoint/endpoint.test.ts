import { describe, expect, it } from "vitest";
import { jsonOf, sentBy } from "../../../test/support/sent-request.js";
import { AiLibError } from "../../core/errors/error.js";
import type { ProviderData } from "./data.js";
import { defineProvider } from "./define.js";
import type { Environment } from "./environment.js";
import type { ProviderOptions } from "./provider.js";

const labs: ProviderData = {
  id: "my-labs",
  dialect: "openai-chat",
  baseUrl: "https://{region}.labs.example/v1",
  keyEnv: ["LABS_TOKEN"],
  keyUrl: "https://labs.example/keys",
  model: "gpt-x",
  variables: {
    region: { env: ["LABS_REGION", "REGION"], default: "eu", what: "the region" },
    team: { env: ["LABS_TEAM"], what: "the team" },
    version: { env: [], what: "the version" },
  },
  headers: { "X-Team": "{team}", "x-fixed": "yes" },
  query: { "api-version": "{version}" },
};

const sent = (options: ProviderOptions, data: ProviderData = labs) =>
  sentBy((transport) => defineProvider(data, { environment: {}, apiKey: "k-123", ...options, transport }));

function refusal(options: ProviderOptions, data: ProviderData = labs): AiLibError {
  try {
    defineProvider(data, { environment: {}, apiKey: "k-123", ...options });
  } catch (error) {
    if (AiLibError.is(error)) return error;
  }
  throw new Error("it was not refused");
}

describe("an endpoint", () => {
  it("is asked at the URL of its data, with the key and what the variables fill in", async () => {
    const request = await sent({ variables: { team: "blue", version: "2" } });
    expect(request.url).toBe("https://eu.labs.example/v1/chat/completions?api-version=2");
    expect(request.headers).toMatchObject({
      authorization: "Bearer k-123",
      "x-team": "blue",
      "x-fixed": "yes",
    });
    expect(jsonOf(request)).toMatchObject({ model: "gpt-x" });
  });

  it("leaves out headers and query parameters whose variable has no value", async () => {
    const { url, headers } = await sent({});
    expect(url).toBe("https://eu.labs.example/v1/chat/completions");
    expect(headers).not.toHaveProperty("x-team");
  });

  it("takes an option before a variable of the environment, and that before its own default", async () => {
    const environment: Environment = {
      MY_LABS_API_KEY: "k-env",
      LABS_TOKEN: "k-second",
      MY_LABS_BASE_URL: "http://proxy.example:8080/{region}/",
      MY_LABS_MODEL: "gpt-env",
      REGION: "us",
    };
    const byEnvironment = await sent({ environment, apiKey: undefined });
    expect(byEnvironment.url).toBe("http://proxy.example:8080/us/chat/completions");
    expect(byEnvironment.headers["authorization"]).toBe("Bearer k-env");
    expect(jsonOf(byEnvironment)["model"]).toBe("gpt-env");
    const byOption = await sent({ environment, baseUrl: "https://x.example", model: "gpt-o", region: "ap" });
    expect(byOption.url).toBe("https://x.example/chat/completions");
    expect(byOption.headers["authorization"]).toBe("Bearer k-123");
    expect(jsonOf(byOption)["model"]).toBe("gpt-o");
  });

  it("names the key in its target by the variable it came from, never by its value", () => {
    const { target } = defineProvider(labs, { environment: { LABS_TOKEN: "k-secret" } });
    expect(target).toEqual({ provider: "my-labs", model: "gpt-x", key: "LABS_TOKEN", region: "eu" });
  });

  it("takes the region option as the value of its region variable", async () => {
    expect((await sent({ region: "ap" })).url).toContain("https://ap.labs.example/");
  });

  it("lays facts of models over those that are known, field by field", () => {
    const data = { ...labs, models: { "gpt-x": { contextWindow: 1000, tools: true } } };
    const models = { "gpt-x": { contextWindow: 2000 } };
    expect(defineProvider(data, { apiKey: "k", models }).facts()).toEqual({
      contextWindow: 2000,
      tools: true,
    });
  });

  it.each([
    ["https://api.example/v1", "https://api.example/v1/messages"],
    ["https://api.example", "https://api.example/v1/messages"],
    ["https://api.example/v2/", "https://api.example/v2/v1/messages"],
  ])("joins %s and a path that begins with its version to %s", async (baseUrl, url) => {
    expect((await sent({ baseUrl }, { ...labs, dialect: "anthropic-messages" })).url).toBe(url);
  });

  it("stands elsewhere for a value of a variable that its data names", async () => {
    const data = { ...labs, baseUrlWhen: { region: { global: "https://labs.example/v1" } } };
    expect((await sent({ region: "global" }, data)).url).toBe("https://labs.example/v1/chat/completions");
    expect((await sent({ region: "eu" }, data)).url).toBe("https://eu.labs.example/v1/chat/completions");
  });

  it.each([
    ["gpu", "http://gpu:11434"],
    ["gpu:9", "http://gpu:9"],
    ["https://gpu/", "https://gpu"],
    ["0.0.0.0", "http://127.0.0.1:11434"],
    ["http://0.0.0.0:9", "http://127.0.0.1:9"],
    [":9", "http://127.0.0.1:9"],
    ["[::1]:9", "http://[::1]:9"],
  ])("reads the address %s as %s", async (host, origin) => {
    const address = { scheme: "http", port: 11434 } as const;
    const data = {
      ...labs,
      baseUrl: "{host}/v1",
      variables: { host: { env: ["HOST"], what: "it", address } },
    };
    const { url } = await sent({ environment: { HOST: host } }, { ...data, headers: {}, query: {} });
    expect(url).toBe(`${origin}/v1/chat/completions`);
  });
});

describe("a wrong endpoint is refused when it is made", () => {
  const cases: [what: string, says: RegExp, options: ProviderOptions, data?: Partial<ProviderData>][] = [
    [
      "no key",
      /No key for "my-labs": set MY_LABS_API_KEY or LABS_TOKEN, or pass apiKey; get one at https:\/\/labs/,
      { apiKey: undefined },
    ],
    [
      "no AWS key",
      /set .* or AWS_ACCESS_KEY_ID and AWS_SECRET/,
      { apiKey: undefined },
      { auth: { style: "sigv4", service: "s" } },
    ],
    ["a key that is not wanted", /takes no key/, {}, { auth: { style: "none" } }],
    [
      "an empty variable",
      /needs region \(the region\): set LABS_REGION or REGION, or pass/,
      { variables: { region: "" } },
    ],
    [
      "an unknown variable",
      /Unknown endpoint variable .* "zone"; known are: region/,
      { variables: { zone: "x" } },
    ],
    ["an unknown option", /Unknown option .* "keys"; known are: apiKey/, { keys: 1 } as ProviderOptions],
    [
      "an unknown field",
      /Unknown field of a provider "url"; known are: id/,
      {},
      { url: 1 } as Partial<ProviderData>,
    ],
    [
      "an unknown quirk",
      /unknown quirk "thinkTag" .* known are: .*thinkTags/,
      { quirks: { thinkTag: true } as never },
    ],
    [
      "an unknown quirk in its data",
      /unknown quirk "vertex" of the dialect openai-chat/,
      {},
      { quirks: { vertex: true } as never },
    ],
    [
      "a quirk of a wrong value",
      /the quirk topK must be true or false/,
      { quirks: { topK: "yes" } as never },
    ],
    ["a list that is a text", /the quirk omit must be a list/, {}, { quirks: { omit: "seed" } as never }],
    [
      "an unknown item",
      /the quirk omit must be a list in which item 2 is one of temperature, /,
      {},
      { quirks: { omit: ["seed", "sede"] } as never },
    ],
    [
      "a quirk of single models with a wrong value",
      /byModel must be a list in which item 1 is .*"topK" is true or false/,
      { quirks: { byModel: [{ match: ["x*"], quirks: { topK: 1 } }] } as never },
    ],
    [
      "rules of models within rules of models",
      /byModel must be .* an object without "byModel"/,
      { quirks: { byModel: [{ match: ["x*"], quirks: { byModel: [] } }] } as never },
    ],
    [
      "an error code with an unknown meaning",
      /errorCodes must be an object without "WRONG_KEY"/,
      { quirks: { errorCodes: { WRONG_KEY: [1] } } as never },
    ],
    [
      "error codes that are no codes",
      /errorCodes must be .*"AUTH_FAILED" is a list in which item 2 is a text or a whole number/,
      { quirks: { errorCodes: { AUTH_FAILED: ["a", null] } } as never },
    ],
    ["an unknown dialect", /dialect must be one of .*openai-chat/, {}, { dialect: "grpc" as "gemini" }],
    ["a bad id", /id must be lower case letters, digits and dashes/, {}, { id: "My Labs" }],
    ["no URL", /malformed; it must look like https:/, { baseUrl: "labs.example/v1" }],
    ["a strange scheme", /must begin with https:\/\/ or http:\/\//, { baseUrl: "ftp://labs.example" }],
    ["a password in the URL", /contains credentials/, { baseUrl: "https://me:s3cr3t@labs.example" }],
    ["a query in the URL", /pass query parameters as query/, { baseUrl: "https://labs.example/?key=s3cr3t" }],
    ["a place that nothing fills", /No value for \{zone\}/, { baseUrl: "https://{zone}.example" }],
    [
      "a header beside the key",
      /both a key and the header authorization/,
      { headers: { Authorization: "Bearer s3cr3t" } },
    ],
    ["a header that is none", /"x y" is not a valid header name/, { headers: { "x y": "s3cr3t" } }],
    ["a header of two lines", /header "x-y" contains a line break/, { headers: { "x-y": "s3cr3t\r\nz: 1" } }],
    [
      "a window that is none",
      /models must be an object in which "gpt-x" is .*"contextWindow" is a number above 0/,
      { models: { "gpt-x": { contextWindow: -1 } } },
    ],
    [
      "a price that is none",
      /"price" is .*"output" is a number, 0 or more/,
      { models: { m: { price: { input: 1, output: Number.NaN } } } },
    ],
    [
      "an auth style that is none",
      /auth must be an object whose "style" is one of none/,
      {},
      { auth: { style: "basic" } as never },
    ],
    [
      "an auth style without its header",
      /auth must be an object with "header"/,
      {},
      { auth: { style: "header" } as never },
    ],
    ["key variables that are no list", /keyEnv must be a list/, {}, { keyEnv: "LABS" as never }],
    [
      "a variable without its meaning",
      /variables must be an object in which "zone" is an object with "what"/,
      {},
      { variables: { zone: { env: [] } as never } },
    ],
  ];
  it.each(cases)("for %s", (_, says, options, data) => {
    const error = refusal(options, { ...labs, ...data } as ProviderData);
    expect(error.code).toBe("CONFIG_ERROR");
    expect(error.local).toBe(true);
    expect(error.message).toMatch(says);
    expect(error.message).not.toContain("s3cr3t");
  });

  it("once, however it was called: an option of the base URL frees from variables that only its own needs", () => {
    const needy = { ...labs, variables: { ...labs.variables, region: { env: ["R"], what: "the region" } } };
    expect(refusal({}, needy).message).toContain("set R");
    expect(defineProvider(needy, { apiKey: "k", environment: {}, baseUrl: "https://x.example" }).name).toBe(
      "my-labs",
    );
  });
});
