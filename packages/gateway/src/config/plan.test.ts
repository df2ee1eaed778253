import { AiLibError, type PriceSource } from "ai-lib";
import { describe, expect, it } from "vitest";
import { FIRST_FILE } from "../first-file.js";
import { hashSecret } from "../keys/secret.js";
import { settingsOf } from "../settings.js";
import { readPepper } from "./declared.js";
import { makePlan, type Plan } from "./plan.js";
import { configSchema } from "./schema.js";
import { parseText } from "./source.js";

const environment = {
  OPENAI_API_KEY: "sk-test-openai",
  ANTHROPIC_API_KEY: "sk-test-anthropic",
  GROQ_API_KEY: "sk-test-groq",
  COHERE_API_KEY: "sk-test-cohere",
  TEAM_KEY: "aik_team_key_0123456789",
  SHORT_KEY: "short",
};
const prices = { price: () => undefined, cost: () => undefined };

function plan(text: string, known: PriceSource = prices): Promise<Plan> {
  return makePlan(parseText("gateway.yaml", text, "r1"), { environment, prices: known });
}

/** The problems of a file, without the name of the file: `line: place: what`. */
async function problems(text: string): Promise<string[]> {
  try {
    await plan(text);
  } catch (error) {
    if (!AiLibError.is(error)) throw error;
    expect(error.code).toBe("CONFIG_ERROR");
    return error.message.split("\n").map((line) => line.replace("gateway.yaml:", ""));
  }
  return [];
}

describe("a configuration", () => {
  it("reports a missing key once, at the provider, however many routes use it", async () => {
    const text = `
providers: { mistral: {} }
routes:
  chat: { failover: [openai, mistral] }
  fast: { retry: mistral/mistral-small-latest }
`;
    expect(await problems(text)).toEqual([
      expect.stringMatching(/^2: providers\.mistral: No key for "mistral"/),
    ]);
  });

  it("sends calls of an exhausted limit to a route, or to a model of a provider, as the admin API does", async () => {
    for (const name of ["cheap", "openai/m", "openai/org/m"]) {
      const { table, declared } = await plan(`
providers: { openai: {} }
routes: { cheap: openai }
groups: { a: { limits: [{ requests: 1, per: day, onExhausted: { route: ${name} } }] } }
`);
      expect([name, table.leads(name), declared.groups.length]).toEqual([name, true, 1]);
    }
  });

  it("nests as the functions of the library do", async () => {
    const { table } = await plan(`
routes:
  chat:
    failover:
      - weighted:
          - { provider: openai/gpt-x, weight: 3 }
          - { provider: groq, weight: 1 }
      - retry: anthropic
        options: { maxRetries: 1 }
  fast: { use: { hedged: [openai, groq], options: { afterMs: 300 } }, timeouts: { totalMs: 60000 } }
  all: { cache: { route: chat }, options: { ttlMs: 1000 } }
aliases: { "claude-*": "anthropic/claude-*", gpt: chat }
providers: { anthropic: {} }
default: chat
`);
    const names = (model: string | undefined) => table.choose(model, "openai-chat").provider.name;
    expect(names("chat")).toBe("failover[weighted[openai,groq]->retry(anthropic)]");
    expect(names("fast")).toBe("hedged[openai,groq]");
    expect(names("all")).toBe("cache(failover[weighted[openai,groq]->retry(anthropic)])");
    expect(table.choose("claude-x", "openai-chat")).toMatchObject({ route: "anthropic", model: "claude-x" });
    expect(table.choose("gpt", "openai-chat").route).toBe("chat");
    expect(table.choose("unknown", "openai-chat").route).toBe("chat");
    expect(table.choose("fast", "gemini").settings.timeouts).toEqual({ totalMs: 60_000 });
  });

  it("sends names that no provider is known to have to the default route", async () => {
    const text = "providers: { openai: {}, groq: {} }\nroutes: { chat: { retry: groq } }";
    const known: PriceSource = {
      ...prices,
      price: (_, model) => (model === "gpt-6.2-sol" ? { input: 1, output: 1 } : undefined),
    };
    const { table } = await plan(`${text}\ndefault: chat`, known);
    expect(table.choose("no-such-model", "openai-chat").route).toBe("chat");
    expect(table.choose("no-such-model", "anthropic-messages").route).toBe("chat");
    expect(table.choose("gpt-6.2-sol", "openai-chat")).toMatchObject({
      route: "openai",
      model: "gpt-6.2-sol",
    });
    expect(table.choose("gpt-6.2-sol", "anthropic-messages")).toMatchObject({
      route: "openai",
      model: "gpt-6.2-sol",
    });
    const without = (await plan(text)).table;
    expect(without.choose("no-such-model", "openai-chat")).toMatchObject({
      route: "openai",
      model: "no-such-model",
    });
    expect(() => without.choose("no-such-model", "anthropic-messages")).toThrow("no model");
  });

  it("sends requests without a model to the default route, also with only one provider", async () => {
    const text = "providers: { openai: {} }\nroutes: { chat: { retry: openai } }";
    expect((await plan(`${text}\ndefault: chat`)).table.choose(undefined, "gemini").route).toBe("chat");
    expect((await plan(text)).table.choose("", "gemini").route).toBe("openai");
  });

  it("reports problems in the order of their lines", async () => {
    const found = await problems("default: z\nroutes: { a: opnai }");
    expect(found.map((line) => line.slice(0, 2))).toEqual(["1:", "2:"]);
  });

  it("may be the file that init writes", async () => {
    expect((await plan(FIRST_FILE)).table.list().length).toBeGreaterThan(0);
  });

  it("has heartbeats every 15 seconds where it names only their beginning", async () => {
    const { config } = await plan("providers: { openai: {} }\nheartbeat: { from: call }");
    expect(settingsOf(config)).toMatchObject({ heartbeatMs: 15_000, heartbeatFrom: "call" });
  });

  it("reads keys of clients from the environment", async () => {
    const { declared } = await plan("keys: { team: { env: TEAM_KEY } }\nproviders: { openai: {} }");
    const hash = hashSecret(environment.TEAM_KEY, "").toString("hex");
    expect(declared.keys).toMatchObject([{ id: "team", managed: "file", secrets: [{ hash }] }]);
  });

  it("has the pepper of the environment without white space around it, as one of the file", () => {
    const found = { AI_LIB_GATEWAY_PEPPER: " pepper\n" };
    expect(readPepper({}, found)).toBe("pepper");
    expect(readPepper({ pepper: { env: "AI_LIB_GATEWAY_PEPPER" } }, found)).toBe("pepper");
  });

  it.each([
    ["an unknown key", "providers: { openai: {} }\nrouts: {}", '2: routs: unknown key "routs"'],
    [
      "an unknown key deep inside",
      "routes:\n  a:\n    failover:\n      - provider: openai\n        wieght: 3",
      '5: routes.a.failover[0].wieght: unknown key "wieght"',
    ],
    [
      "kinds of a provider that ai-lib knows",
      "providers:\n  openai: { kinds: [embed] }",
      "2: providers.openai: `kinds` has no effect without `dialect`",
    ],
    [
      "a kind that the dialect of a provider lacks",
      "providers:\n  own: { dialect: gemini, baseUrl: 'http://127.0.0.1:1', kinds: [embed, rerank] }",
      "2: providers.own: the dialect gemini has no calls of the kind rerank",
    ],
    [
      "a route's unknown setting",
      "routes:\n  a:\n    use: openai\n    timeout: 3",
      '4: routes.a.timeout: unknown key "timeout"',
    ],
    [
      "a timeout of another type",
      "routes:\n  a:\n    use: openai\n    timeouts:\n      totalMs: soon",
      "5: routes.a.timeouts.totalMs: expected number, received string",
    ],
    [
      "a secret in the file",
      "providers:\n  openai:\n    apiKey: sk-live",
      "3: providers.openai.apiKey: a secret is { env: NAME } or { file: FILE }, never the secret itself",
    ],
    [
      "a key in the file",
      "keys:\n  team: aik_0123456789abcdef",
      "2: keys.team: a secret is { env: NAME } or { file: FILE }, never the secret itself",
    ],
    [
      "a kind of a key that does not exist",
      "providers: { openai: {} }\nkeys:\n  a: { secret: { env: TEAM_KEY }, kinds: [chta] }",
      /^3: keys\.a\.kinds\[0\]: .*"chat"/,
    ],
    [
      "neither providers nor routes",
      "direct: true",
      "1: there is nothing to serve: add `providers` or `routes`",
    ],
    [
      "a variable that is not set",
      "keys:\n  a: { env: NO_SUCH }",
      "2: keys.a: the environment variable NO_SUCH is not set",
    ],
    [
      "a secret's file that is absent",
      "keys:\n  a: { file: /no/such }",
      "2: keys.a: the file /no/such cannot be read: ENOENT",
    ],
    ["a short key", "keys:\n  a: { env: SHORT_KEY }", "2: keys.a: a key has at least 16 characters"],
    [
      "keys of an open gateway",
      "open: true\nkeys:\n  a: { env: TEAM_KEY }",
      "2: keys: `keys` have no effect with `open: true`",
    ],
    ["a provider that does not exist", "routes:\n  a: opnai", /^2: routes\.a: .*opnai/],
    ["a provider without a key", "routes:\n  a: mistral", /^2: routes\.a: .*MISTRAL_API_KEY/],
    ["a route that does not exist", "routes:\n  a: { route: b }", "2: routes.a.route: there is no route b"],
    [
      "a route that contains itself",
      "routes:\n  a: { retry: { route: b } }\n  b: { retry: { route: a } }",
      "3: routes.b.retry.route: the route a contains itself",
    ],
    [
      "a member twice",
      "routes:\n  a:\n    failover:\n      - openai\n      - groq\n      - openai",
      "6: routes.a.failover[2]: this member is the same as member 0 and is never reached",
    ],
    [
      "a member without the kind",
      "routes:\n  a:\n    use: { failover: [cohere, anthropic] }\n    kinds: [rerank]",
      /^3: routes\.a\.use\.failover\[1\]: anthropic does not answer calls of the kind rerank/,
    ],
    [
      "two strategies at one place",
      "routes:\n  a: { failover: [openai], hedged: [groq] }",
      /^2: routes\.a: a member is exactly one of .* found failover and hedged/,
    ],
    [
      "no member at all",
      "routes:\n  a: { options: {} }",
      /^2: routes\.a: a member is exactly one of .* found none/,
    ],
    [
      "a weight without weights",
      "routes:\n  a:\n    failover:\n      - { provider: openai, weight: 3 }",
      "4: routes.a.failover[0].weight: `weight` has no effect in `failover`",
    ],
    [
      "options of a provider",
      "routes:\n  a: { provider: openai, options: {} }",
      "2: routes.a.options: `options` has no effect beside `provider`",
    ],
    [
      "an option that a strategy lacks",
      "routes:\n  a: { hedged: [openai, groq], options: { after: 3 } }",
      /^2: routes\.a: .*after/,
    ],
    [
      "a mirror to nobody",
      "routes:\n  a: { mirror: openai }",
      "2: routes.a: `mirror` needs `to`: the member that gets the copies",
    ],
    [
      "a default that does not exist",
      "providers: { openai: {} }\ndefault: b",
      "2: default: there is no route b",
    ],
    [
      "a key of a route that does not exist",
      "providers: { openai: {} }\nkeys:\n  a: { secret: { env: TEAM_KEY }, routes: [openai, groq] }",
      "3: keys.a.routes[1]: there is no route groq",
    ],
    [
      "a key of a provider that no client may ask",
      "direct: false\nroutes: { r: openai }\nproviders: { openai: {} }\nkeys:\n  a: { secret: { env: TEAM_KEY }, routes: [r, openai] }",
      "5: keys.a.routes[1]: there is no route openai",
    ],
    ...["openai", "openai/", "groq/m", "/m", "none"].map((name): [string, string, string] => [
      `a limit whose calls go to ${name}`,
      `providers: { openai: {} }\ngroups:\n  a: { limits: [{ requests: 1, per: day, onExhausted: { route: ${name} } }] }`,
      `3: groups.a.limits[0].onExhausted.route: there is no route ${name}`,
    ]),
    [
      "a limit whose calls go to a provider that no client may ask",
      "direct: false\nroutes: { r: openai }\nproviders: { openai: {} }\ngroups:\n  a: { limits: [{ requests: 1, per: day, onExhausted: { route: openai/m } }] }",
      "5: groups.a.limits[0].onExhausted.route: there is no route openai/m",
    ],
    [
      "an alias with * in the middle",
      "providers: { openai: {} }\naliases:\n  gpt-*-mini: openai/gpt-x",
      '3: aliases["gpt-*-mini"]: * stands only at the end of a name',
    ],
    [
      "a model of a key with * in the middle",
      "providers: { openai: {} }\nkeys:\n  a: { secret: { env: TEAM_KEY }, models: ['*-mini'] }",
      "3: keys.a.models[0]: * stands only at the end of a name",
    ],
    [
      "an alias to nothing",
      "providers: { openai: {} }\naliases:\n  x: nothing",
      "3: aliases.x: nothing is neither a route nor a model of a provider of this file",
    ],
    [
      "an alias under a route's name",
      "routes: { a: openai }\naliases:\n  a: a",
      "3: aliases.a: a route has this name, so the alias is never reached",
    ],
    [
      "a provider that nobody asks",
      "direct: false\nroutes: { a: openai }\nproviders:\n  groq: {}",
      "4: providers.groq: no route asks this provider, and `direct: false` lets no client ask it",
    ],
    [
      "an endpoint without an address",
      "providers:\n  x: { dialect: openai-chat }",
      "2: providers.x: an endpoint with a `dialect` of its own needs a `baseUrl`",
    ],
    [
      "an address that is no URL",
      "providers:\n  x: { dialect: openai-chat, baseUrl: nowhere }",
      /^2: providers\.x: .*malformed/,
    ],
    [
      "a wrong quirk",
      "providers:\n  x: { dialect: openai-chat, baseUrl: 'http://a/v1', quirks: { topK: 'yes' } }",
      /^2: providers\.x: .*topK/,
    ],
    [
      "a header that no rule may pass",
      "routes:\n  a: { use: openai, headers: { pass: [Authorization] } }",
      "2: routes.a.headers.pass[0]: this header never goes to a provider",
    ],
    [
      "a hook that is nowhere",
      "routes:\n  a:\n    use: openai\n    hooks:\n      - at: request",
      "5: routes.a.hooks[0]: a hook has either `module` or `url`",
    ],
    [
      "a password in the address of a hook",
      "routes:\n  a:\n    use: openai\n    hooks:\n      - { at: request, url: 'http://user:secret@hooks.test/' }",
      /^5: routes\.a\.hooks\[0\]: (?!.*secret)the address of a hook has no user/,
    ],
  ])("with %s is refused with its line", async (_, text, expected) => {
    const found = await problems(text);
    expect(found).toEqual([typeof expected === "string" ? expected : expect.stringMatching(expected)]);
  });

  it("reports every problem together", async () => {
    expect(await problems("routes: { a: opnai, b: { route: c } }\ndefault: z")).toHaveLength(3);
  });

  it.each(["a: b: c", "a: [1", "{", "a: 1\na: 2"])("that does not parse names its line: %j", (text) => {
    expect(() => parseText("gateway.yaml", text, "r1")).toThrow(/^gateway\.yaml(:\d+)?: /);
  });

  it.each([
    "[]",
    "1",
    "routes: []",
    "__proto__: { x: 1 }",
    "routes: { __proto__: openai }",
    "routes: { constructor: { route: toString } }",
    "default: hasOwnProperty",
  ])("of another kind is refused: %s", async (text) => {
    expect((await problems(text)).length).toBeGreaterThan(0);
  });

  it("with aliases of YAML that repeat each other is refused and not expanded", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(", ")}]`,
      );
    expect(() => parseText("gateway.yaml", lines.join("\n"), "r1")).toThrow(/gateway\.yaml/);
  });

  it("has a JSON Schema that refuses unknown keys", () => {
    expect(configSchema()).toMatchObject({ type: "object", additionalProperties: false });
  });
});
