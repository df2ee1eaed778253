import { loadPrices } from "ai-lib/cost";
import { type Simulator, startSimulator } from "ai-lib/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../src/command.js";
import { makePlan, type Plan } from "../../src/config/plan.js";
import { parseText } from "../../src/config/source.js";
import { Gateway } from "../../src/gateway.js";
import { KeyService } from "../../src/keys/key-service.js";
import type { Limit } from "../../src/keys/record.js";
import { type Started, startAdmin, TOKENS } from "./start.js";

const SECRET = "sk-provider-secret-that-must-not-leak";
const HEADER = "header-secret-that-must-not-leak";
const PROMPT = "a-prompt-that-must-not-leak";

let simulator: Simulator;
let gateway: Gateway;
let admin: Started;
let plan: Plan;
let keys: KeyService;
let secret: string;

function fileOf(more = ""): string {
  return `
providers:
  one: { dialect: openai-chat, baseUrl: "${simulator.baseUrl("one")}/v1", model: m, apiKey: { env: PROVIDER }, headers: { x-team: ${HEADER} } }
  two: { dialect: openai-chat, baseUrl: "${simulator.baseUrl("two")}/v1", model: m, apiKey: { env: PROVIDER } }
routes:
  chat:
    failover:
      - circuitBreaker: one
        options: { coolDownMs: 60000 }
      - rateLimit: { concurrencyLimit: two, options: { limit: 4 } }
        options: { requestsPerMinute: 500 }
  cached: { cache: two, options: { ttlMs: 600000 } }
  busy: { leastBusy: [one, two] }
${more}`;
}

async function planOf(text: string): Promise<Plan> {
  const environment = { PROVIDER: SECRET };
  return makePlan(parseText("gateway.yaml", text, "rev1"), { environment, prices: await loadPrices() });
}

beforeAll(async () => {
  simulator = await startSimulator();
  plan = await planOf(fileOf());
  keys = await KeyService.open();
  const admission = await keys.serve({ declared: { keys: [], groups: [] }, table: plan.table });
  gateway = await Gateway.start({ table: plan.table, admission }, { host: "127.0.0.1", port: 0 });
  admin = await startAdmin(
    {},
    {
      keys: keys.directory,
      limitsOf: (key) => keys.limitsOf(key),
      preview: (call) => keys.preview(call),
      served: {
        plan: () => plan,
        table: () => plan.table,
        readiness: () => gateway.readiness,
        running: () => gateway.requests,
        calls: gateway.calls,
      },
    },
  );
  await keys.directory.createGroup({ id: "acme", limits: [{ tokens: 1_000_000, per: "day" }] });
  const issued = await keys.directory.createKey({
    id: "team",
    group: "acme",
    limits: [
      { requests: 100, per: "hour" },
      { requests: 1, per: "day", routes: ["elsewhere"] },
    ],
  });
  secret = issued.secret;
});
afterAll(async () => {
  await admin.server.close();
  await gateway.cut();
  await keys.close();
  await simulator.close();
});

async function ask(model: string, content = PROMPT): Promise<number> {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content }] }),
  });
  await response.arrayBuffer();
  return response.status;
}

const role = "operator";

async function partOf(route: string, kind: string): Promise<any> {
  const { body } = await admin.call("GET", `/routes/${route}`, { role: "viewer" });
  return body.parts.find((part: { kind: string }) => part.kind === kind);
}

describe("the live state of routes", () => {
  it("lists what answers, as a tree", async () => {
    const { body } = await admin.call("GET", "/routes?limit=200", { role: "viewer" });
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual([
      "busy",
      "cached",
      "chat",
      "one",
      "two",
    ]);
    const chat = body.data[2];
    expect(chat.member.members).toHaveLength(2);
    expect(chat.parts.map(({ id }: { id: string }) => id)).toEqual([
      "chat: circuitBreaker(one/m)",
      expect.stringMatching(/^chat: concurrencyLimit\(two\/m\)$/),
      expect.stringMatching(/^chat: rateLimit\(/),
    ]);
  });

  it("shows what windows and places hold", async () => {
    simulator.always("one", { status: 500 });
    expect(await ask("chat")).toBe(200);
    simulator.always("one", undefined);
    expect((await partOf("chat", "rateLimit")).window).toMatchObject({
      requests: 1,
      requestsPerMinute: 500,
      waiting: 0,
    });
    expect((await partOf("chat", "concurrencyLimit")).places).toEqual({ running: 0, waiting: 0, limit: 4 });
    expect(await ask("busy")).toBe(200);
    expect((await partOf("busy", "leastBusy")).load).toEqual([
      { member: "one", running: 0 },
      { member: "two", running: 0 },
    ]);
  });

  it("shows a cooldown and its end by an operator", async () => {
    simulator.script("one", [{ status: 429, headers: { "retry-after": "60" } }]);
    expect(await ask("chat")).toBe(200);
    const before = await partOf("chat", "circuitBreaker");
    expect(before.cooldowns).toMatchObject([{ code: "RATE_LIMIT", target: "one/m" }]);
    const asked = simulator.at("one").length;
    await ask("chat");
    expect(simulator.at("one").length).toBe(asked);
    const { status, body } = await admin.call("POST", "/routes/chat/release", {
      role,
      body: { part: before.id },
    });
    expect([status, body.parts[0].cooldowns]).toEqual([200, []]);
    await ask("chat");
    expect(simulator.at("one").length).toBe(asked + 1);
    const audit = await admin.call("GET", "/audit?action=route.release&limit=1", { role: "owner" });
    expect(audit.body.data).toMatchObject([
      { target: "chat", status: 200, details: { before: { part: before.id } } },
    ]);
  });

  it("isolates a target until it is released", async () => {
    const asked = simulator.at("one").length;
    const isolated = await admin.call("POST", "/routes/chat/isolate", { role, body: {} });
    expect(isolated.body.parts[0].circuits).toMatchObject([{ state: "open" }]);
    expect(await ask("chat")).toBe(200);
    expect(simulator.at("one").length).toBe(asked);
    await admin.call("POST", "/routes/chat/release", { role, body: {} });
    expect(await ask("chat")).toBe(200);
    expect(simulator.at("one").length).toBe(asked + 1);
    expect((await admin.call("POST", "/routes/busy/isolate", { role, body: {} })).status).toBe(409);
    expect((await admin.call("POST", "/routes/nothing/release", { role, body: {} })).status).toBe(404);
    expect((await admin.call("POST", "/routes/chat/release", { role, body: { part: "x" } })).status).toBe(
      404,
    );
  });

  it("drops the answers of a cache", async () => {
    const answers = () => simulator.at("two").length;
    const before = answers();
    for (let i = 0; i < 3; i++) await ask("cached", "the same");
    expect(answers()).toBe(before + 1);
    expect((await partOf("cached", "cache")).cache).toEqual({ hits: 2, misses: 1 });
    const { body } = await admin.call("POST", "/cache/purge", { role, body: { route: "cached" } });
    expect(body.parts).toEqual(["cached: cache(two/m)"]);
    await ask("cached", "the same");
    expect(answers()).toBe(before + 2);
    expect((await admin.call("POST", "/cache/purge", { role, body: { route: "nothing" } })).status).toBe(404);
  });

  it.each(["/routes/chat/release", "/routes/chat/isolate", "/cache/purge", "/config/reload"])(
    "%s takes no body as it takes {}, and no unknown field",
    async (path) => {
      const post = (body?: unknown) => admin.call("POST", path, { role: "owner", body });
      // This gateway does not read a file again.
      const status = path === "/config/reload" ? 501 : 200;
      expect([(await post()).status, (await post({})).status]).toEqual([status, status]);
      expect((await post({ unknown: 1 })).body.error).toMatchObject({
        code: "invalid_request",
        details: [{ path: "body.unknown", message: "unknown" }],
      });
      await admin.call("POST", "/routes/chat/release", { role });
    },
  );

  it("needs a body where something is made", async () => {
    expect((await admin.call("POST", "/keys", { role })).body.error.code).toBe("invalid_request");
  });

  it("survives a reload, for the parts that are in both files", async () => {
    await admin.call("POST", "/routes/chat/isolate", { role, body: {} });
    const next = await planOf(fileOf("  further: { circuitBreaker: two }\n"));
    next.live.takeOver(plan.live);
    const now = Date.now();
    const breakers = next.live.parts.filter(({ word }) => word === "circuitBreaker");
    expect(breakers.map((part) => next.live.circuits(part, now).map(({ state }) => state))).toEqual([
      ["open"],
      [],
    ]);
    const [limiter] = next.live.parts.filter(({ word }) => word === "rateLimit");
    expect(limiter?.provider).toHaveProperty("taken");
    await admin.call("POST", "/routes/chat/release", { role, body: {} });
  });
});

describe("explain", () => {
  const question = {
    key: "team",
    request: { model: "chat", max_tokens: 50, messages: [{ role: "user", content: PROMPT }] },
  };

  it("shows the route, the members, and what is left of the limits that count", async () => {
    const asked = simulator.attempts.length;
    const { status, body } = await admin.call("POST", "/explain", { role: "viewer", body: question });
    expect([status, body.route, body.explained.members.length]).toEqual([200, "chat", 2]);
    expect(body.limits).toMatchObject([
      { node: { kind: "group", id: "acme" }, fits: true },
      { node: { kind: "key", id: "team" }, max: 100, fits: true },
    ]);
    const [, own] = body.limits;
    expect(own.left).toBe(own.max - own.used - own.reserved);
    expect(own.used).toBeGreaterThan(5);
    expect(simulator.attempts.length).toBe(asked);
  });

  it("says why the key would be refused, and what does not fit", async () => {
    await keys.directory.createKey({ id: "narrow", routes: ["busy"], limits: [{ tokens: 3, per: "day" }] });
    const { body } = await admin.call("POST", "/explain", {
      role: "viewer",
      body: { ...question, key: "narrow" },
    });
    expect(body.refusal).toBe("narrow may not use the route chat with the model chat");
    expect(body.limits).toMatchObject([{ left: 3, fits: false }]);
  });

  it("says what a call would reserve, and the refusal that it then gets", async () => {
    const limits = [{ tokens: 1_000, per: "day" as const }];
    const { secret: own } = await keys.directory.createKey({ id: "small", limits });
    for (const [maxTokens, fits] of [
      [980, false],
      [800, true],
    ] as const) {
      const request = { ...question.request, max_tokens: maxTokens };
      const text = JSON.stringify(request);
      const { body } = await admin.call("POST", "/explain", {
        role: "viewer",
        body: { key: "small", request },
      });
      expect(body.limits).toMatchObject([{ needs: maxTokens + text.length, fits, used: 0, reserved: 0 }]);
      const headers = { authorization: `Bearer ${own}`, "content-type": "application/json" };
      const answer = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: "POST",
        headers,
        body: text,
      });
      const { error } = (await answer.json()) as { error?: { message: string } };
      expect([answer.status, body.refusal]).toEqual([fits ? 200 : 400, error?.message]);
    }
  });

  it("shows the limit of the answer, the route that answers, and what has no price", async () => {
    const request = { ...question.request, max_tokens: undefined };
    const ask = async (id: string, ...limits: readonly Limit[]) => {
      await keys.directory.createKey({ id, limits });
      return (await admin.call("POST", "/explain", { role: "viewer", body: { key: id, request } })).body;
    };
    const open = await ask("open", { tokens: 100_000, per: "day" });
    expect([open.maxTokens, open.refusal, open.live]).toEqual([16_384, undefined, true]);
    expect(open.explained.members[1].members[0].members[0].target).toMatchObject({
      maxTokens: 16_384,
      estimate: { outputTokens: 16_384 },
    });
    const own = await admin.call("POST", "/explain", { role: "viewer", body: { ...question, key: "open" } });
    expect([own.body.maxTokens, own.body.limits[0].fits]).toEqual([undefined, true]);
    const sent = await ask("sent", { tokens: 9, per: "day", onExhausted: { route: "cached" } });
    expect([sent.route, sent.divertedTo, sent.explained.members.length]).toEqual(["chat", "cached", 1]);
    const direct = await ask("direct", { tokens: 9, per: "day", onExhausted: { route: "two/m" } });
    expect([direct.divertedTo, direct.explained.name]).toEqual(["two/m", "retry(two)"]);
    const priced = await ask("priced", { dollars: 1, per: "day" });
    expect(priced.refusal).toMatch("is unknown, and key priced: dollars per day counts the call");
    expect(priced.limits).toMatchObject([{ left: 1, max: 1 }]);
  });

  it("says which member an operator has isolated", async () => {
    const skipped = async () => {
      const { body } = await admin.call("POST", "/explain", { role: "viewer", body: question });
      return body.explained.members.map((one: { skipped?: string }) => one.skipped);
    };
    expect(await skipped()).toEqual([undefined, undefined]);
    for (const body of [{ model: undefined }, { model: "m" }]) {
      await admin.call("POST", "/routes/chat/isolate", { role: "operator", body });
      expect(await skipped()).toEqual(["its circuit is open: open by hand", undefined]);
      await admin.call("POST", "/routes/chat/release", { role: "operator", body: {} });
    }
    await admin.call("POST", "/routes/chat/isolate", { role: "operator", body: { model: "other" } });
    expect(await skipped()).toEqual([undefined, undefined]);
    await admin.call("POST", "/routes/chat/release", { role: "operator", body: {} });
  });

  it("is a command with --key", async () => {
    const written: string[] = [];
    const stdout = { write: (text: string) => written.push(text) > 0 } as unknown as NodeJS.WritableStream;
    const environment = {
      AI_LIB_GATEWAY_ADMIN_URL: admin.server.url,
      AI_LIB_GATEWAY_ADMIN_TOKEN: TOKENS.viewer,
    };
    const io = { stdout, stderr: stdout, environment, signal: new AbortController().signal };
    expect(await run(io, ["explain", "--key", "team", "--model", "chat"])).toBe(0);
    expect(written.join("")).toMatch(
      /"chat" leads to the route chat\n.*key team: requests per hour: \d+ of 100 left\n$/s,
    );
  });

  it("names a model, a key and a request that are wrong", async () => {
    const codes = [];
    for (const body of [
      { model: "no-such" },
      { model: "chat", key: "no-such" },
      { model: "chat", request: { messages: 5 } },
      { model: "chat", dialect: "latin" },
    ])
      codes.push((await admin.call("POST", "/explain", { role: "viewer", body })).body.error.code);
    expect(codes).toEqual(["not_found", "not_found", "invalid_request", "invalid_request"]);
  });
});

describe("explain of a key whose group the file has lost", () => {
  it("says why the key is refused", async () => {
    const group = { id: "gone", level: "team", createdAt: 0, revision: 1, managed: "file" } as const;
    await keys.directory.declare({ keys: [], groups: [group] });
    await keys.directory.createKey({ id: "lost", group: "gone" });
    await keys.directory.declare({ keys: [], groups: [] });
    const body = { model: "chat", key: "lost" };
    const answer = await admin.call("POST", "/explain", { role: "viewer", body });
    expect(answer.body.refusal).toBe("there is no group gone");
    await keys.directory.deleteKey("lost");
  });
});

describe("the configuration", () => {
  it("shows secrets as references, and masks texts that may hold one", async () => {
    const { body, headers } = await admin.call("GET", "/config", { role: "viewer" });
    expect(headers.get("etag")).toBe('"rev1"');
    expect(body).toMatchObject({
      revision: "rev1",
      config: { providers: { one: { apiKey: { env: "PROVIDER" }, headers: { "x-team": "***" } } } },
    });
  });

  it("is in no answer and no log with its values, nor is a prompt", async () => {
    const answers = [];
    for (const path of ["/config", "/routes", "/status", "/audit", "/openapi.json", "/keys", "/session"])
      answers.push((await admin.call("GET", path, { role: "owner" })).text);
    answers.push(
      (
        await admin.call("POST", "/explain", {
          role: "owner",
          body: { model: "chat", request: { messages: [{ role: "user", content: PROMPT }] } },
        })
      ).text,
    );
    simulator.always("one", { status: 500, body: `${SECRET} ${PROMPT}` });
    for (let i = 0; i < 12; i++) await ask("chat");
    simulator.always("one", {
      status: 401,
      body: `{"error":{"message":"Incorrect API key provided: ${SECRET}"}}`,
    });
    await admin.call("POST", "/routes/chat/release", { role: "owner", body: {} });
    await ask("chat");
    simulator.always("one", undefined);
    const state = await admin.call("GET", "/routes/chat", { role: "owner" });
    expect(state.text).toMatch(/"state":"open"|"code":"AUTH_FAILED"/);
    const text = [
      ...answers,
      state.text,
      ...admin.logs,
      (await admin.call("GET", "/audit", { role: "owner" })).text,
    ].join("\n");
    for (const hidden of [SECRET, HEADER, PROMPT, secret, ...Object.values(TOKENS)])
      expect(text.includes(hidden)).toBe(false);
    expect(admin.faults).toEqual([]);
  });
});
