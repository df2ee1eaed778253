import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Installed, install } from "../../ai-lib/test/support/packed.js";
import type { StoreLocation } from "../src/store/location.js";
import { openPostgres } from "../src/store/sql/postgres.js";
import { openSqlite } from "../src/store/sql/sqlite.js";
import { Browser } from "./admin/browser.js";
import { FalseProvider } from "./admin/false-provider.js";
import { MANNERS, startEchoUpstream } from "./support/echo-upstream.js";
import { type Postgres, startPostgres } from "./support/postgres.js";
import { GatewayProcess } from "./support/process.js";
import { Traces } from "./support/secret-search.js";

/** What the configuration and the environment have. */
const CONFIGURED = {
  clientKey: "aik_client00_a-key-of-the-file-Zq3vX81pLm2",
  providerKey: "sk-provider-Yt7wQ2nB5cV9xK4mJ8hG",
  geminiKey: "AIza-gemini-Rf6tG3yH8uJ1kL5oP9sD",
  headerSecret: "header-Nm4bV7cX2zA9sD6fG1hJ",
  hookSecret: "hook-token-Ui8oP3lK6jH1gF5dS9aQ",
  hookPassword: "hook-password-We2rT7yU4iO9pA6sD",
  pepper: "pepper-Qa5wS8eD3rF6tG1yH4uJ",
  ownerToken: "owner-token-Zx9cV4bN7mA2sD5fG8hJ",
  viewerToken: "viewer-token-Po3iU6yT1rE8wQ5aS2dF",
  environmentToken: "environment-token-Lk7jH2gF9dS4aP1oI6",
  oidcSecret: "oidc-secret-Mn8bV3cX6zL1kJ4hG7fD",
  databasePassword: "database-password-Ty5uI9oP2aS7dF4gH",
  prompt: "a prompt that nobody may keep Vb6nM1kJ9hG4fD7sA",
};

let folder: string;
let installed: Installed;
let postgres: Postgres;
let upstream: Server & { readonly url: string };
let identity: FalseProvider;
let hooks: Server;
let hookManner: "ok" | "fails" | "hangs" = "ok";

beforeAll(async () => {
  [folder, installed, postgres, upstream, identity] = await Promise.all([
    mkdtemp(join(tmpdir(), "gateway-secrets-")),
    install("ai-lib-gateway", "ai-lib"),
    startPostgres(),
    startEchoUpstream(),
    FalseProvider.start(CONFIGURED.oidcSecret),
  ]);
  hooks = createServer((request, response) => {
    request.resume().on("end", () => {
      if (hookManner === "hangs") return;
      response.writeHead(hookManner === "fails" ? 500 : 200, { "content-type": "application/json" });
      response.end(hookManner === "fails" ? `${request.url} ${JSON.stringify(request.headers)}` : "{}");
    });
  });
  await new Promise<void>((resolve) => hooks.listen(0, "127.0.0.1", resolve));
}, 180_000);
afterAll(async () => {
  upstream?.close();
  hooks?.closeAllConnections();
  hooks?.close();
  await identity?.close();
  await postgres?.close();
  await installed?.remove();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** A gateway with everything on. */
function configOf(store: object, content: boolean): Record<string, unknown> {
  const { port } = hooks.address() as AddressInfo;
  const { hookSecret, headerSecret } = CONFIGURED;
  const apiKey = { env: "PROVIDER_KEY" };
  const providers = Object.fromEntries([
    ...MANNERS.map((manner) => [
      manner,
      {
        ...{ dialect: "openai-chat", baseUrl: `${upstream.url}/${manner}/v1`, model: "m", apiKey },
        headers: { "x-team": headerSecret },
      },
    ]),
    ["away", { dialect: "openai-chat", baseUrl: "http://127.0.0.1:9/v1", model: "m", apiKey }],
    [
      "google",
      { dialect: "gemini", baseUrl: `${upstream.url}/refuses`, model: "m", apiKey: { env: "GEMINI_KEY" } },
    ],
    [
      "google-away",
      { dialect: "gemini", baseUrl: "http://127.0.0.1:9", model: "m", apiKey: { env: "GEMINI_KEY" } },
    ],
  ]);
  const url = `http://127.0.0.1:${port}/check?token=${hookSecret}`;
  const hook = (onFailure: string) => [{ at: "request", url, timeoutMs: 300, onFailure }];
  const routes = {
    ...Object.fromEntries(Object.keys(providers).map((name) => [`to-${name}`, name])),
    "to-good": { use: "good", headers: { set: { "x-organisation": headerSecret } } },
    chain: {
      failover: [...MANNERS.filter((manner) => manner !== "good"), "away", "google", "good"].map(
        (member) => ({
          circuitBreaker: { retry: member, options: { maxRetries: 1, baseMs: 1, maxWaitMs: 50 } },
        }),
      ),
    },
    hooked: { use: "good", hooks: hook("refuse") },
    lenient: { use: "good", hooks: hook("continue") },
    stored: { cache: "good", options: { ttlMs: 60_000 } },
  };
  const token = (name: string, role: string) => ({ secret: { env: name }, role });
  return {
    listen: { port: 0 },
    keys: { team: { env: "TEAM_KEY" } },
    pepper: { env: "PEPPER" },
    ...{ providers, routes, store },
    telemetry: { otel: true },
    metrics: { open: true },
    ...(content && { ledger: { content: { days: 1 } } }),
    admin: {
      listen: { port: 0 },
      tokens: { owner: token("OWNER_TOKEN", "owner"), viewer: token("VIEWER_TOKEN", "viewer") },
      oidc: {
        ...{ issuer: identity.issuer, clientId: "gateway", clientSecret: { env: "OIDC_SECRET" } },
        roles: { owner: ["admins"] },
      },
    },
  };
}

/** A module that writes each span to a file, as an operator's SDK of OpenTelemetry sends them elsewhere. */
async function writeTelemetry(spans: string): Promise<string> {
  const file = join(folder, "telemetry.mjs");
  const find = (name: string) => JSON.stringify(import.meta.resolve(name));
  await writeFile(
    file,
    `import { appendFileSync } from "node:fs";
import { trace, context } from ${find("@opentelemetry/api")};
import { BasicTracerProvider, SimpleSpanProcessor } from ${find("@opentelemetry/sdk-trace-base")};
const exporter = {
  export(spans, done) {
    for (const { name, attributes, events, status } of spans)
      appendFileSync(${JSON.stringify(spans)}, JSON.stringify({ name, attributes, events, status }) + "\\n");
    done({ code: 0 });
  },
  shutdown: async () => undefined,
};
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
`,
  );
  return pathToFileURL(file).href;
}

/** Every cell of every table. */
async function addCells(traces: Traces, location: StoreLocation): Promise<void> {
  const database =
    "sqlite" in location ? await openSqlite(location.sqlite) : await openPostgres(location.postgres);
  const names =
    database.kind === "sqlite"
      ? "SELECT name FROM sqlite_master WHERE type = 'table'"
      : "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'";
  for (const { name } of await database.all(names))
    for (const row of await database.all(`SELECT * FROM ${name}`))
      for (const [column, value] of Object.entries(row))
        traces.add(`the cell ${name}.${column}`, String(value));
  await database.close();
}

describe.each([
  ["SQLite", false],
  ["SQLite", true],
  ["PostgreSQL", false],
  ["PostgreSQL", true],
])("a gateway with every feature on, a store in %s, and content kept: %s", (kind, content) => {
  it("writes no secret anywhere", async () => {
    const traces = new Traces();
    const home = await mkdtemp(join(folder, "home-"));
    const data = join(home, "data");
    await mkdir(data);
    const name = `secrets_${kind.toLowerCase()}_${content}`;
    const location: StoreLocation =
      kind === "SQLite"
        ? { sqlite: join(data, "gateway.db") }
        : {
            postgres: (await postgres.database(name)).replace(
              "gateway@",
              `gateway:${CONFIGURED.databasePassword}@`,
            ),
          };
    const store = "sqlite" in location ? location : { postgres: { env: "DATABASE_URL" } };
    const spans = join(data, "spans.jsonl");
    const file = join(home, "gateway.json");
    const config = configOf(store, content);
    await writeFile(file, JSON.stringify(config));
    const environment = {
      ...{
        TEAM_KEY: CONFIGURED.clientKey,
        PROVIDER_KEY: CONFIGURED.providerKey,
        GEMINI_KEY: CONFIGURED.geminiKey,
      },
      ...{
        PEPPER: CONFIGURED.pepper,
        OWNER_TOKEN: CONFIGURED.ownerToken,
        VIEWER_TOKEN: CONFIGURED.viewerToken,
      },
      ...{ OIDC_SECRET: CONFIGURED.oidcSecret, AI_LIB_GATEWAY_ADMIN_TOKEN: CONFIGURED.environmentToken },
      ...("postgres" in location && { DATABASE_URL: location.postgres }),
      ...{ NODE_OPTIONS: `--import ${await writeTelemetry(spans)}`, HOME: data, TMPDIR: data },
    };
    const start = () => GatewayProcess.start(installed.package, file, environment);
    const made: Record<string, string> = {};
    const gateway = await start();
    const api = `${/The admin API listens on (\S+)/.exec(gateway.output)?.[1]}/admin/v1`;

    const admin = async (method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
      const response = await fetch(`${api}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${CONFIGURED.ownerToken}`,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...more,
        },
        ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
      });
      return traces.take(`${method} ${path}`, response);
    };

    const tail = new AbortController();
    const tailed = fetch(`${api}/logs/tail`, {
      headers: { authorization: `Bearer ${CONFIGURED.viewerToken}` },
      signal: tail.signal,
    }).then(async (response) => {
      let text = "";
      try {
        for await (const chunk of response.body ?? []) text += Buffer.from(chunk).toString();
      } catch {
        // The test ends it.
      }
      return text;
    });

    // Keys that the API makes: shown once, and nowhere else.
    const issued = async (name: string, path: string, body: object, headers: Record<string, string>) => {
      const response = await fetch(`${api}${path}`, {
        method: "POST",
        headers: {
          authorization: `Bearer ${CONFIGURED.ownerToken}`,
          "content-type": "application/json",
          ...headers,
        },
        body: JSON.stringify(body),
      });
      made[name] = ((await response.json()) as { secret: string }).secret;
      await traces.take(
        `again ${path}`,
        await fetch(`${api}${path}`, {
          method: "POST",
          headers: {
            authorization: `Bearer ${CONFIGURED.ownerToken}`,
            "content-type": "application/json",
            ...headers,
          },
          body: JSON.stringify(body),
        }),
      );
    };
    await issued("madeKey", "/keys", { id: "made" }, { "idempotency-key": "one" });
    await issued("rotatedKey", "/keys/made/rotate", {}, { "idempotency-key": "two", "if-match": "*" });

    // A person who logs in.
    const browser = new Browser();
    const { response: session } = await browser.follow(`${api}/login`);
    made["csrfToken"] = ((await session.json()) as { csrfToken: string }).csrfToken;
    made["sessionCookie"] = browser.jar(api).get("ai_lib_session") ?? "";
    await traces.take(
      "a refused change of a session",
      await browser.send("POST", `${api}/keys`, { body: {} }),
    );
    await traces.take("status of a session", await browser.get(`${api}/status`));

    const ask = async (model: string, more: object = {}, headers: Record<string, string> = {}, path = "") => {
      const response = await fetch(`${gateway.url}/v1/chat/completions${path}`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${CONFIGURED.clientKey}`,
          ...{ "x-ai-lib-user": "ann", "x-ai-lib-session": "s", "x-ai-lib-tags": "a", cookie: "b=c" },
          ...headers,
        },
        body: JSON.stringify({
          model,
          messages: [{ role: "user", content: `${CONFIGURED.prompt} ${CONFIGURED.providerKey}` }],
          ...more,
        }),
      });
      await traces.take(`a call of ${model}`, response);
    };
    for (const route of Object.keys(config["routes"] as object))
      for (const stream of [false, true]) await ask(route, { stream });
    for (const manner of ["fails", "hangs", "ok"] as const) {
      hookManner = manner;
      for (const route of ["hooked", "lenient"]) await ask(route);
    }
    await ask("stored");
    await ask("no-such-model");
    await ask("to-good", { messages: CONFIGURED.prompt });
    await ask("to-good", { temperature: CONFIGURED.prompt });
    await ask("to-good", {}, { authorization: `Bearer ${CONFIGURED.clientKey}x` });
    await ask("to-good", {}, { authorization: "", "x-api-key": made["madeKey"] ?? "" });
    await ask("to-good", {}, { authorization: `Bearer ${made["rotatedKey"]}` });
    await ask("to-good", {}, { authorization: "" }, `?key=${CONFIGURED.clientKey}`);
    await traces.take("models", await fetch(`${gateway.url}/v1/models?key=${CONFIGURED.clientKey}`));
    const whole = { method: "POST", headers: { authorization: `Bearer ${CONFIGURED.clientKey}` } };
    for (const body of [CONFIGURED.prompt, `{"model":"to-good","messages":[{"content":"${CONFIGURED.prompt}`])
      await traces.take("no JSON", await fetch(`${gateway.url}/v1/chat/completions`, { ...whole, body }));
    await traces.take("a wrong path", await fetch(`${gateway.url}/${CONFIGURED.clientKey}`, whole));

    // Changes, questions and refusals.
    await admin("PATCH", "/keys/made", { name: "A" }, { "if-match": "*" });
    await admin("POST", "/keys", { id: CONFIGURED.prompt });
    await admin("POST", "/keys", `{"id":"${CONFIGURED.prompt}`);
    await admin("POST", "/explain", {
      key: "team",
      model: "chain",
      request: { model: "chain", messages: [{ role: "user", content: CONFIGURED.prompt }] },
    });
    await admin("POST", "/explain", { request: { model: "chain", messages: CONFIGURED.prompt } });
    await admin("POST", "/routes/chain/isolate", {});
    await admin("POST", "/routes/chain/release", {});
    await admin("POST", "/cache/purge", {});
    await admin("GET", "/status", undefined, { authorization: `Bearer ${CONFIGURED.ownerToken}x` });
    await admin("DELETE", "/keys/made", undefined, {
      authorization: `Bearer ${CONFIGURED.viewerToken}`,
      "if-match": "*",
    });
    await traces.take("a callback", await fetch(`${api}/login/callback?code=${made["csrfToken"]}&state=a`));
    await sleep(1_000);

    // Reloads: of a file that is right, of files with mistakes beside secrets, and of one whose secret is a plain text.
    await admin("POST", "/config/reload");
    const plain = {
      ...config,
      admin: { tokens: { owner: { secret: CONFIGURED.ownerToken, role: "owner" } } },
    };
    const hooked = [{ at: "end", url: `http://hook:${CONFIGURED.hookPassword}@127.0.0.1/check` }];
    const wrong = [
      JSON.stringify({ ...config, routes: { chat: { use: "good", hooks: hooked } } }),
      JSON.stringify(plain),
      JSON.stringify({ ...config, pepper: CONFIGURED.pepper }),
      JSON.stringify({ ...config, keys: { team: CONFIGURED.clientKey } }),
      JSON.stringify({ ...config, store: { postgres: `postgres://a:${CONFIGURED.databasePassword}@b/c` } }),
      JSON.stringify({
        ...config,
        providers: { up: { ...{ dialect: "openai-chat" }, apiKey: CONFIGURED.providerKey } },
      }),
      JSON.stringify(config).replace('"x-team"', '"x-team" '.repeat(2)),
    ];
    for (const text of wrong) {
      await writeFile(file, text);
      await admin("POST", "/config/reload");
    }
    await writeFile(file, JSON.stringify(config));
    const reloaded = await admin("POST", "/config/reload");
    expect(reloaded).toContain('"revision"');

    const document = JSON.parse(await admin("GET", "/openapi.json")) as {
      paths: Record<string, { get?: object }>;
    };
    const reads = Object.entries(document.paths).filter(
      ([path, { get }]) => get !== undefined && !/login|tail|session/.test(path),
    );
    const ids = (JSON.parse(await admin("GET", "/logs?limit=200")) as { data: { id: string }[] }).data;
    const [rate = { id: "none" }] = (JSON.parse(await admin("GET", "/rates")) as { data: { id: string }[] })
      .data;
    for (const [path] of reads) {
      const place = path.replace("/admin/v1", "");
      const own = /logs/.test(place) ? (ids[0]?.id ?? "") : /rates/.test(place) ? rate.id : "made";
      await admin("GET", place.replace("{id}", own).replace("{name}", "chain"));
    }
    for (const { id } of ids) {
      await admin("GET", `/logs/${id}`);
      await admin("GET", `/logs/${id}/content`);
    }
    await admin("GET", "/usage?groupBy=user,session,tag");
    await admin("GET", "/audit?limit=200");
    await traces.take("metrics", await fetch(`${gateway.url}/metrics`));
    for (const part of ["cmdline", "comm"])
      traces.add(`/proc/${part}`, await readFile(`/proc/${gateway.pid}/${part}`, "latin1"));
    tail.abort();
    traces.add("the tail", await tailed);

    // A crash, a start after it, and an orderly end.
    await ask("chain");
    await sleep(600);
    await gateway.end("SIGKILL");
    traces.add("the output", gateway.output);
    const again = await start();
    await sleep(300);
    expect(await again.end()).toBe(0);
    traces.add("the output of the second run", again.output);
    await addCells(traces, location);
    traces.files(data);

    const secrets = { ...CONFIGURED, ...made };
    const isContent = (place: string) =>
      content && /^the cell gateway_contents\.|\/content \d+, body$|^the file .*gateway\.db/.test(place);
    const leaks = traces.leaks(secrets, (place, name) => {
      // The client of a call reads its own prompt and its own path in the answer; so does who asks the API about them.
      if (name === "prompt") return isContent(place) || /^(a call of|no JSON)/.test(place);
      if (name === "clientKey") return /^a wrong path \d+, body$/.test(place);
      // What a provider answers with success reaches the client as it is.
      if (name === "providerKey") return /^a call of (to-warns|chain) 200, body$/.test(place);
      return false;
    });
    expect(leaks).toEqual([]);
    // The search has seen what it should.
    const places = traces.texts.map(({ place }) => place).join("\n");
    for (const part of [
      "gateway_log",
      "gateway_audit",
      "gateway_documents",
      "spans.jsonl",
      "the tail",
      "metrics 200",
    ])
      expect(places).toContain(part);
    expect(traces.texts.find(({ place }) => place === "the tail")?.text).toContain("event: call");
    expect(traces.texts.find(({ place }) => place.includes("spans.jsonl"))?.text).toContain('"name"');
    expect(places.includes("gateway_contents")).toBe(content);
    for (const [each, secret] of Object.entries(secrets))
      expect([each, secret.length > 20]).toEqual([each, true]);
  }, 120_000);
});
