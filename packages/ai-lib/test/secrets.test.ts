import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { AiClient } from "../src/client/ai-client.js";
import { AiClientBuilder } from "../src/client/builder.js";
import type { DialectId } from "../src/core/contract/dialect.js";
import type { AuthStyle, Transport, TransportRequest } from "../src/core/contract/transport.js";
import { AiLibError } from "../src/core/errors/error.js";
import { HealthMonitor } from "../src/health/monitor.js";
import { logObserver } from "../src/observe/logs.js";
import { defineProvider } from "../src/providers/endpoint/define.js";
import { DIALECT_IDS } from "../src/providers/endpoint/dialect-ids.js";
import type { DialectProvider, ProviderOptions } from "../src/providers/endpoint/provider.js";
import { CustomProviderBuilder } from "../src/providers/own/custom.js";
import { circuitBreaker, concurrencyLimit, rateLimit, retry, timeout } from "../src/resilience/index.js";
import { serverHalves } from "../src/serve/halves.js";
import { failover, hedged, keys, roundRobin, weighted } from "../src/strategies/index.js";
import { RoutingStrategyBuilder } from "../src/strategies/routing-strategy-builder.js";
import { nodeTransport } from "../src/wire/transport-node.js";

/** One secret for each place that takes one; all of them have this part. */
const CANARY = "c4n4ry";
const secret = (place: string) => `${place}/${CANARY}+0123456789&"abc`;
const hello = { messages: [{ role: "user" as const, content: "Hello" }] };

/** Forms in which a server repeats what it received. */
const FORMS: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  json: (text) => JSON.stringify(text),
  "json in json": (text) => JSON.stringify(JSON.stringify(text)),
  percent: (text) => encodeURIComponent(text),
  base64: (text) => Buffer.from(`x${text}`).toString("base64"),
  html: (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;"),
  "cut by the length of messages": (text) => "x".repeat(990) + text,
  "cut by the length of bodies": (text) => "x".repeat(3_990) + text,
  "cut by the length of quotes": (text) => "x".repeat(70) + text,
};

type Reply = (echo: string) => {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};
const event = (value: unknown) => `data: ${typeof value === "string" ? value : JSON.stringify(value)}\n\n`;

const REPLIES: Readonly<Record<string, Reply>> = {
  "an error": (echo) => ({
    status: 401,
    type: "application/json",
    body: JSON.stringify({ error: { message: echo, type: echo }, message: echo }),
    headers: {
      "x-request-id": echo.replace(/[^ -~]/g, ""),
      location: `https://a.test/?x=${encodeURIComponent(echo)}`,
    },
  }),
  "a page": (echo) => ({ status: 502, type: "text/html", body: `<pre>${echo}</pre>` }),
  "a redirect": (echo) => ({
    status: 302,
    type: "text/plain",
    body: echo,
    headers: { location: `https://a.test/${echo}` },
  }),
  "a reply that is no JSON": (echo) => ({ status: 200, type: "application/json", body: `no ${echo}` }),
  "an error inside a 200": (echo) => ({
    status: 200,
    type: "application/json",
    body: JSON.stringify({ error: { message: echo }, message: echo, type: "error" }),
  }),
  "events of errors": (echo) => ({
    status: 200,
    type: "text/event-stream",
    body: event({ type: "error", message: echo, error: { message: echo } }),
  }),
  "frames that are no JSON": (echo) => ({
    status: 200,
    type: "text/event-stream",
    body: `${event(echo.replaceAll("\n", " "))}${event(`more ${echo}`)}`,
  }),
  "an answer": (echo) => ({
    status: 200,
    type: "application/json",
    body: JSON.stringify({ choices: [{ message: { content: "a" }, finish_reason: "stop" }] }),
    headers: { "x-echo": echo.replace(/[^ -~]/g, ""), "x-request-id": echo.slice(0, 60) },
  }),
};

/** A transport whose server repeats the address and the headers of each request. */
function echoing(reply: Reply, form: (text: string) => string): Transport {
  return {
    open(request, sink) {
      let open = true;
      queueMicrotask(() => {
        const all = [request.url, ...Object.values(request.headers)].filter((value) =>
          decodeURIComponent(value).includes(CANARY),
        );
        const own = request.headers["authorization"] ?? "";
        const echo = [...all, own].map((value) => form(value.replace(/^Bearer /, ""))).join(" ");
        const { status, type, body, headers } = reply(echo);
        sink.head(status, { "content-type": type, ...headers });
        if (open) sink.data(new TextEncoder().encode(body));
        if (open) sink.end();
      });
      return {
        pause() {},
        resume() {},
        abort() {
          open = false;
          return undefined;
        },
      };
    },
  };
}

const STYLES: readonly AuthStyle[] = [
  { style: "bearer" },
  { style: "header", header: "x-own-key" },
  { style: "header", header: "authorization", prefix: "Token " },
  { style: "query", parameter: "key" },
  { style: "sigv4", service: "bedrock" },
];

function providerAt(
  dialect: DialectId,
  auth: AuthStyle,
  transport: Transport,
  source = false,
): DialectProvider {
  const key = secret("key");
  const apiKey: ProviderOptions["apiKey"] =
    auth.style === "sigv4"
      ? { accessKeyId: "AKID", secretAccessKey: secret("aws"), sessionToken: secret("session") }
      : source
        ? () => key
        : key;
  return defineProvider(
    {
      id: "labs",
      dialect,
      baseUrl: "https://labs.example/v1",
      model: "m",
      auth,
      headers: { "x-of-data": secret("data") },
      files: { path: "/files", api: "openai", maxBytes: 1e6 },
      variables: { region: { env: [], what: "region", default: "eu" } },
    },
    {
      apiKey,
      transport,
      headers: { "x-team-token": secret("header"), cookie: `a=${secret("cookie")}` },
      query: { code: secret("query") },
      environment: { OTHER_KEY: secret("environment") },
    },
  );
}

/** Everything that may be shown of an outcome, as one text; escapes and codings of the canary are undone. */
function shown(value: unknown): string {
  const texts = [inspect(value, { depth: 12, showHidden: true })];
  if (AiLibError.is(value)) texts.push(value.message, String(value.stack), inspect(value.cause));
  texts.push(JSON.stringify(value) ?? "");
  const all = texts.join("\n");
  const decoded = [...all.matchAll(/[A-Za-z0-9+/_=-]{12,}/g)].flatMap(([run]) =>
    [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), "base64").toString("latin1")),
  );
  return [all, ...decoded].join("\n");
}

const halves = await serverHalves();

async function outcomeOf(run: () => Promise<unknown>): Promise<unknown> {
  try {
    return await run();
  } catch (error) {
    return error;
  }
}

describe.each(DIALECT_IDS)("no secret shows in what %s makes of", (dialect) => {
  it.each(Object.keys(REPLIES))("%s", async (name) => {
    const reply = REPLIES[name] as Reply;
    const lines: unknown[] = [];
    const keep = (...line: unknown[]) => lines.push(line);
    const observer = logObserver({
      errorMessages: true,
      level: "debug",
      logger: { debug: keep, info: keep, warn: keep, error: keep },
    });
    // Each row of the table has other pairs; together they are all of them.
    const row = DIALECT_IDS.indexOf(dialect) + Object.keys(REPLIES).indexOf(name);
    for (const [i, [form, write]] of Object.entries(FORMS).entries()) {
      const auth = STYLES[(i + row) % STYLES.length] as AuthStyle;
      const source = (i + (row >> 1)) % 2 === 0;
      const provider = providerAt(dialect, auth, echoing(reply, write), source);
      const options = { headers: { "x-of-call": secret("call") }, observer };
      const outcomes = [
        await outcomeOf(() => provider.chat(hello, options)),
        await outcomeOf(async () => provider.stream(hello, options).response()),
        await outcomeOf(() => provider.listModels(options)),
        await outcomeOf(() =>
          provider.uploadFile(
            { filename: "a", mediaType: "text/plain", content: new Uint8Array(1) },
            options,
          ),
        ),
      ];
      for (const outcome of [...outcomes, provider]) {
        const where = `${form}, ${JSON.stringify(auth)}`;
        expect(shown(outcome).includes(CANARY), `${where}: ${shown(outcome).slice(0, 2_000)}`).toBe(false);
        if (AiLibError.is(outcome))
          for (const half of halves) expect(shown(half.error(outcome))).not.toContain(CANARY);
      }
    }
    expect(lines.length).toBeGreaterThan(0);
    expect(shown(lines)).not.toContain(CANARY);
  });
});

describe("no secret shows in JSON or when printed: ", () => {
  const silent: Transport = {
    open: (_request: TransportRequest, sink) => {
      queueMicrotask(() => sink.fail(new AiLibError({ code: "NETWORK_ERROR", message: "no" })));
      return { pause() {}, resume() {}, abort: () => undefined };
    },
  };
  const provider = () => providerAt("openai-chat", { style: "bearer" }, silent);
  const environment = {
    LABS_API_KEY: secret("environment"),
    HTTPS_PROXY: `http://u:${CANARY}pass@proxy.test:1`,
  };
  const objects: Readonly<Record<string, () => object>> = {
    "a provider": provider,
    "a client": () => new AiClient(provider(), { headers: { "x-a": secret("default") } } as object),
    "a stream": () => {
      const stream = provider().stream(hello, { headers: { "x-of-call": secret("call") } });
      void stream.response().catch(() => {});
      return stream;
    },
    "a builder of a provider": () =>
      new CustomProviderBuilder("labs")
        .withBaseUrl("https://a.test")
        .withApiKey(secret("key"))
        .withEnvironment(environment),
    "a builder of a client": () =>
      new AiClientBuilder(provider())
        .withEnvironment(environment)
        .withProxy(`http://u:${CANARY}pass@proxy.test:1`),
    "a builder of a strategy": () => new RoutingStrategyBuilder().withProvider(provider()),
    "a health monitor": () => new HealthMonitor(),
    "a transport": () => nodeTransport({ environment, proxy: `http://u:${CANARY}pass@proxy.test:1` }),
    failover: () => failover([provider(), provider()]),
    "round robin": () => roundRobin([provider(), provider()]),
    weighted: () => weighted([{ provider: provider(), weight: 1 }]),
    hedged: () => hedged([provider(), provider()]),
    keys: () => keys([provider(), provider()]),
    retry: () => retry(provider()),
    timeout: () => timeout(provider(), { totalMs: 5 } as object),
    "circuit breaker": () => circuitBreaker(provider()),
    concurrency: () => concurrencyLimit(provider(), { limit: 1 }),
    "rate limit": () => rateLimit(provider(), { requestsPerMinute: 1 } as object),
    "a nest": () =>
      failover([
        retry(circuitBreaker(provider())),
        roundRobin([provider(), hedged([provider(), provider()])]),
      ]),
  };
  it.each(Object.keys(objects))("%s", async (name) => {
    const value = (objects[name] as () => object)();
    if ("chat" in value) await (value as DialectProvider).chat(hello).catch(() => {});
    const json = JSON.stringify(value) ?? "";
    const printed = inspect(value, { depth: 12 });
    for (const text of [json, printed]) expect(text).not.toContain(CANARY);
    expect(json.length).toBeLessThan(1_000);
    expect(printed.length).toBeLessThan(2_500);
  });

  it("a client shows its name and the targets behind it", () => {
    expect(JSON.parse(JSON.stringify(new AiClient(failover([provider(), retry(provider())]))))).toEqual({
      name: "failover[labs->retry(labs)]",
      members: [
        {
          name: "failover[labs->retry(labs)]",
          members: [
            { name: "labs", target: { provider: "labs", model: "m", region: "eu" } },
            {
              name: "retry(labs)",
              members: [{ name: "labs", target: { provider: "labs", model: "m", region: "eu" } }],
            },
          ],
        },
      ],
    });
  });
});

describe("the secrets of a transport", () => {
  it("are masked although it knows them once it has opened a request alone", async () => {
    let opened = false;
    const transport: Transport = {
      secrets: () => (opened ? [secret("proxy")] : []),
      open(_request, sink) {
        opened = true;
        queueMicrotask(() => {
          sink.head(502, { "content-type": "text/plain", "x-echo": secret("proxy") });
          sink.data(new TextEncoder().encode(`refused ${secret("proxy")}`));
          sink.end();
        });
        return { pause() {}, resume() {}, abort: () => undefined };
      },
    };
    const provider = defineProvider(
      { id: "labs", dialect: "openai-chat", baseUrl: "http://labs.example/v1", model: "m" },
      { apiKey: secret("key"), transport },
    );
    const error = await provider.chat(hello).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AiLibError);
    expect(inspect(error, { depth: 9 })).not.toContain(CANARY);
  });
});
