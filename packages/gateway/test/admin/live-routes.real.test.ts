import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadPrices } from "ai-lib/cost";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Installed, install } from "../../../ai-lib/test/support/packed.js";
import { makePlan, type Plan } from "../../src/config/plan.js";
import { parseText } from "../../src/config/source.js";
import { Gateway } from "../../src/gateway.js";
import { OpenAdmission } from "../../src/open-admission.js";
import { Command } from "../support/command.js";
import { GatewayProcess } from "../support/process.js";
import { type Started, startAdmin, TOKENS } from "./start.js";

const SECRET = "a-message-that-must-not-leak";

/** Answers that wait for {@link release}. */
const waiting: (() => void)[] = [];
let upstream: Server;
let base: string;

function release(): void {
  for (const answer of waiting.splice(0)) answer();
}

/** A provider whose path says how it answers. */
function answer(request: IncomingMessage, body: string, response: ServerResponse): void {
  const [, manner = ""] = (request.url ?? "").split("/");
  const { stream, model } = JSON.parse(body) as { stream?: boolean; model: string };
  const json = { "content-type": "application/json" };
  if (manner === "fails") {
    response.writeHead(500, json).end(JSON.stringify({ error: { message: SECRET } }));
    return;
  }
  if (manner === "limits") {
    response
      .writeHead(429, { ...json, "retry-after": "60" })
      .end(JSON.stringify({ error: { message: SECRET } }));
    return;
  }
  const usage = { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 };
  const head = { id: "c", created: 1, model: `${model}-2026` };
  const send = () => {
    if (request.url?.endsWith("/embeddings") === true)
      response.writeHead(200, json).end(
        JSON.stringify({
          ...{ object: "list", model, usage },
          data: [{ object: "embedding", index: 0, embedding: [1, 2] }],
        }),
      );
    else if (stream === true) {
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const choice of [
        { index: 0, delta: { role: "assistant", content: "po" } },
        { index: 0, delta: { content: "ng" } },
        { index: 0, delta: {}, finish_reason: "stop" },
      ])
        response.write(
          `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk", choices: [choice] })}\n\n`,
        );
      response.end("data: [DONE]\n\n");
    } else {
      const message = { role: "assistant", content: "pong" };
      const choices = [{ index: 0, message, finish_reason: "stop" }];
      response
        .writeHead(200, json)
        .end(JSON.stringify({ ...head, object: "chat.completion", choices, usage }));
    }
  };
  if (manner === "waits") waiting.push(send);
  else send();
}

function fileOf(more: Readonly<Record<string, unknown>> = {}) {
  const provider = (manner: string) => ({
    ...{ dialect: "openai-chat", baseUrl: `${base}/${manner}/v1`, model: "m" },
    kinds: ["chat", "embed"],
  });
  return {
    providers: {
      ...{ good: provider("good"), waits: provider("waits") },
      ...{ fails: provider("fails"), limits: provider("limits") },
    },
    routes: {
      chat: { failover: ["fails", { provider: "good", model: "big" }] },
      slow: "waits",
      whole: { circuitBreaker: "limits" },
    },
    ...more,
  };
}

beforeAll(async () => {
  upstream = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => answer(request, Buffer.concat(chunks).toString(), response));
  });
  upstream.listen(0, "127.0.0.1");
  await once(upstream, "listening");
  base = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
});
afterAll(async () => {
  release();
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
});

interface Sent {
  readonly path?: string;
  readonly body?: object;
  readonly signal?: AbortSignal;
}

async function ask(url: string, model: string, { path, body, signal }: Sent = {}): Promise<number> {
  const response = await fetch(`${url}${path ?? "/v1/chat/completions"}`, {
    method: "POST",
    headers: { authorization: "Bearer a-key-of-the-client", "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "ping" }], ...body }),
    ...(signal !== undefined && { signal }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** Waits until something is as it should be; it comes without a time that one could name. */
async function until<T>(read: () => Promise<T>, is: (value: T) => boolean): Promise<T> {
  for (let i = 0; ; i++) {
    const value = await read();
    if (is(value)) return value;
    if (i > 500) throw new Error(`It stays ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A gateway, and the admin API of it. @param planOf the configuration as it is now */
async function startBoth(
  planOf: () => Plan,
): Promise<{ readonly gateway: Gateway; readonly admin: Started }> {
  const parts = { table: planOf().table, admission: new OpenAdmission() };
  const gateway = await Gateway.start(parts, { host: "127.0.0.1", port: 0 });
  const served = {
    ...{ plan: planOf, table: () => planOf().table },
    ...{ readiness: () => gateway.readiness, running: () => gateway.requests, calls: gateway.calls },
  };
  return { gateway, admin: await startAdmin({}, { served }) };
}

describe("the calls of routes", () => {
  let gateway: Gateway;
  let admin: Started;
  let plan: Plan;
  const planOf = async (more?: Readonly<Record<string, unknown>>) =>
    makePlan(parseText("gateway.json", JSON.stringify(fileOf(more)), "rev1"), {
      ...{ environment: {}, prices: await loadPrices() },
    });

  beforeEach(async () => {
    plan = await planOf();
    ({ gateway, admin } = await startBoth(() => plan));
    return async () => {
      await admin.server.close();
      await gateway.cut();
    };
  });
  const route = async (name: string) => (await admin.call("GET", `/routes/${name}`, { role: "viewer" })).body;

  it("are shown for a route and for each of its members, in the order of the file", async () => {
    expect(await route("chat")).toMatchObject({
      calls: { running: 0, calls: 0, failures: 0, cancelled: 0 },
      member: {
        members: [
          { name: "fails", target: { provider: "fails", model: "m" } },
          { name: "good", target: { provider: "good", model: "big" } },
        ],
      },
      targets: [
        { provider: "fails", model: "m", calls: 0 },
        { provider: "good", model: "big", calls: 0 },
      ],
    });
    const before = Date.now();
    for (let i = 0; i < 3; i++) expect(await ask(gateway.url, "chat")).toBe(200);
    const { calls, targets } = await route("chat");
    expect(calls).toMatchObject({ running: 0, calls: 3, failures: 0, latency: { calls: 3 } });
    expect(calls).not.toHaveProperty("lastError");
    const { p50, p95 } = calls.latency.totalMs;
    expect([p50 <= p95, p95 <= Date.now() - before + 1]).toEqual([true, true]);
    expect(targets).toMatchObject([
      { provider: "fails", running: 0, lastError: { code: "PROVIDER_ERROR", status: 500 } },
      { provider: "good", model: "big", running: 0, calls: 3, failures: 0, latency: { calls: 3 } },
    ]);
    expect(targets).toHaveLength(2);
    // Each call may have asked it again.
    expect(targets[0].calls).toBeGreaterThanOrEqual(3);
    expect(targets[0].failures).toBe(targets[0].calls);
    expect(Date.parse(targets[0].lastError.at)).toBeGreaterThanOrEqual(before);
    const { text } = await admin.call("GET", "/routes", { role: "viewer" });
    expect(text).toContain('"name":"chat"');
    expect(text).not.toContain(SECRET);
  });

  it.each([
    ["whole answers whose bytes pass", "good/m", {}],
    ["streams whose bytes pass", "good/m", { body: { stream: true } }],
    ["translated answers", "good/m", { path: "/v1/messages", body: { max_tokens: 9 } }],
    ["translated streams", "good/m", { path: "/v1/messages", body: { max_tokens: 9, stream: true } }],
    ["other kinds", "good/m", { path: "/v1/embeddings", body: { input: "ping" } }],
  ] as const)("count %s", async (_, model, sent) => {
    expect(await ask(gateway.url, model, sent)).toBe(200);
    const { calls, targets } = await route("good");
    const one = { running: 0, calls: 1, failures: 0, cancelled: 0, latency: { calls: 1 } };
    expect(calls).toMatchObject(one);
    expect(targets).toMatchObject([{ provider: "good", model: "m", ...one }]);
    for (const { latency } of [calls, ...targets])
      expect(latency.firstContentMs.p50).toBeLessThanOrEqual(latency.totalMs.p95);
  });

  it("show what runs now, and a client that disconnects as no failure", async () => {
    const abort = new AbortController();
    const left = ask(gateway.url, "slow", { signal: abort.signal }).catch(() => "left");
    const stays = ask(gateway.url, "slow", { body: { stream: true } });
    const both = await until(
      () => route("slow"),
      ({ targets }) => targets[0].running === 2,
    );
    expect(both.calls).toMatchObject({ running: 2, calls: 0 });
    abort.abort();
    expect(await left).toBe("left");
    await until(
      () => route("slow"),
      ({ calls }) => calls.running === 1,
    );
    release();
    expect(await stays).toBe(200);
    const { calls, targets } = await route("slow");
    const ended = { running: 0, calls: 2, failures: 0, cancelled: 1, latency: { calls: 1 } };
    expect([calls, targets[0]]).toMatchObject([ended, ended]);
    expect(targets[0]).not.toHaveProperty("lastError");
  });

  it("show a failed call with its code, and the cooldown of its target", async () => {
    expect(await ask(gateway.url, "whole")).toBe(429);
    const { calls, targets, member } = await route("whole");
    expect(calls).toMatchObject({ calls: 1, failures: 1, lastError: { code: "RATE_LIMIT" } });
    expect(targets).toMatchObject([
      {
        provider: "limits",
        lastError: { code: "RATE_LIMIT", status: 429 },
        cooldown: { code: "RATE_LIMIT" },
      },
    ]);
    expect(Date.parse(targets[0].cooldown.until)).toBeGreaterThan(Date.now());
    expect(member.skipped).toBe("cooling down after RATE_LIMIT");
    await admin.call("POST", "/routes/whole/release", { role: "operator" });
    expect((await route("whole")).targets[0]).not.toHaveProperty("cooldown");
  });

  it("have no call that was refused before its route, and the models that clients name", async () => {
    expect(await ask(gateway.url, "good/other")).toBe(200);
    expect(await ask(gateway.url, "good/m", { body: { messages: 5 } })).toBe(400);
    const { calls, targets } = await route("good");
    expect(calls).toMatchObject({ running: 0, calls: 1 });
    expect(targets.map(({ model, calls }: any) => [model, calls])).toEqual([
      ["m", 0],
      ["other", 1],
    ]);
  });

  it("survive a reload, for the routes that are in both files", async () => {
    const running = ask(gateway.url, "slow");
    await until(
      () => route("slow"),
      ({ calls }) => calls.running === 1,
    );
    await ask(gateway.url, "chat");
    plan = await planOf({ routes: { slow: "waits", new: "good" } });
    await gateway.replace({ table: plan.table, admission: new OpenAdmission() });
    expect(gateway.calls.find("chat")).toBeUndefined();
    expect((await route("slow")).calls).toMatchObject({ running: 1, calls: 0 });
    release();
    expect(await running).toBe(200);
    expect((await route("slow")).calls).toMatchObject({ running: 0, calls: 1 });
  });
});

describe("what a call would find, in explain and in routes", () => {
  let gateway: Gateway;
  let admin: Started;

  beforeAll(async () => {
    const openai = (manner: string) => ({
      ...{ use: "openai", baseUrl: `${base}/${manner}/v1`, model: "m", apiKey: { env: "KEY" } },
    });
    const one = { requestsPerMinute: 1 };
    const file = {
      providers: { ...fileOf().providers, a: openai("limits"), b: openai("good"), c: openai("limits") },
      routes: {
        keyed: { keys: ["a", "b"] },
        allKeys: { keys: ["a", "c"] },
        full: { rateLimit: "good", options: { ...one, maxWaitMs: 0 } },
        waits: { rateLimit: "good", options: one },
        taken: { concurrencyLimit: "waits", options: { limit: 1, maxQueue: 0 } },
        models: {
          failover: [{ rateLimit: { provider: "good", model: "big" }, options: one }, { route: "inner" }],
        },
        inner: { failover: [{ provider: "good", model: "small" }] },
      },
    };
    const plan = await makePlan(parseText("gateway.json", JSON.stringify(file), "rev1"), {
      ...{ environment: { KEY: "sk-test" }, prices: await loadPrices() },
    });
    ({ gateway, admin } = await startBoth(() => plan));
  });
  afterAll(async () => {
    release();
    await admin.server.close();
    await gateway.cut();
  });

  async function explain(model: string) {
    const request = { messages: [{ role: "user", content: "ping" }] };
    const body = { model, request };
    return (await admin.call("POST", "/explain", { role: "viewer", body })).body;
  }
  const route = async (name: string) => (await admin.call("GET", `/routes/${name}`, { role: "viewer" })).body;

  it("names the keys that cool down, and refuses where all do", async () => {
    expect((await explain("keyed")).explained.members[0]).not.toHaveProperty("skipped");
    for (let i = 0; i < 2; i++) expect(await ask(gateway.url, "keyed")).toBe(200);
    const { explained, refusal } = await explain("keyed");
    const words = "cooling down after RATE_LIMIT";
    expect(explained.members.map(({ skipped }: any) => skipped)).toEqual([words, undefined]);
    expect(refusal).toBeUndefined();
    const { targets, member } = await route("keyed");
    expect(member.members).toMatchObject([
      { skipped: words, target: { key: "a" } },
      { target: { key: "b" } },
    ]);
    expect(targets).toMatchObject([
      { provider: "openai", key: "a", failures: 1, cooldown: { code: "RATE_LIMIT" } },
      { provider: "openai", key: "b", calls: 2, failures: 0 },
    ]);
    expect(targets[1]).not.toHaveProperty("cooldown");
    expect(await ask(gateway.url, "allKeys")).toBe(429);
    expect((await explain("allKeys")).refusal).toMatch(words);
  });

  it("says whether a call waits for room in a rate limit, or is refused", async () => {
    expect(await explain("full")).not.toHaveProperty("refusal");
    for (const model of ["full", "waits"]) expect(await ask(gateway.url, model)).toBe(200);
    const words = /^its rate limit has no room for another \d+ ms$/;
    const full = await explain("full");
    expect([full.explained.skipped, full.refusal]).toEqual([
      expect.stringMatching(words),
      expect.stringContaining(full.explained.skipped),
    ]);
    expect(await ask(gateway.url, "full")).toBe(429);
    const waits = await explain("waits");
    expect(waits.explained.waits).toMatch(words);
    expect([waits.refusal, waits.explained.skipped]).toEqual([undefined, undefined]);
    expect((await route("waits")).member.waits).toMatch(words);
  });

  it("says that all places are taken", async () => {
    const first = ask(gateway.url, "taken");
    await until(
      () => explain("taken"),
      ({ refusal }) => refusal !== undefined,
    );
    expect((await explain("taken")).explained.skipped).toBe(
      "all of its places (1) are taken, and 0 calls wait",
    );
    release();
    expect(await first).toBe(200);
    expect(await explain("taken")).not.toHaveProperty("refusal");
  });

  it("names the models of members within wrappers and other routes", async () => {
    const leaves = ({ target, members = [] }: any): string[] =>
      target === undefined ? members.flatMap(leaves) : [target.model];
    expect(leaves((await explain("models")).explained)).toEqual(["big", "small"]);
    expect((await route("models")).targets.map(({ model }: any) => model)).toEqual(["big", "small"]);
  });
});

describe("ai-lib-gateway routes, status, config, cache and audit, of a gateway in a process of its own", () => {
  let folder: string;
  let installed: Installed;
  let gateway: GatewayProcess;

  beforeAll(async () => {
    [folder, installed] = await Promise.all([
      mkdtemp(join(tmpdir(), "gateway-routes-")),
      install("ai-lib-gateway", "ai-lib"),
    ]);
    const file = join(folder, "gateway.json");
    const admin = { listen: { port: 0 }, tokens: { owner: { secret: { env: "TOKEN" }, role: "owner" } } };
    const routes = { ...fileOf().routes, cached: { cache: "good" } };
    const keys = { first: { secret: { env: "KEY" } } };
    await writeFile(
      file,
      JSON.stringify(
        fileOf({ ...{ listen: { port: 0 }, store: "none", direct: false, admin, routes, keys } }),
      ),
    );
    gateway = await GatewayProcess.start(installed.package, file, {
      TOKEN: TOKENS.owner,
      KEY: "a-key-of-the-client",
    });
  }, 180_000);
  afterAll(async () => {
    release();
    await gateway?.end();
    await installed?.remove();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  async function output(...args: string[]): Promise<string> {
    const command = new Command(args, {
      AI_LIB_GATEWAY_ADMIN_URL: /The admin API listens on (\S+)/.exec(gateway.output)?.[1] ?? "",
      AI_LIB_GATEWAY_ADMIN_TOKEN: TOKENS.owner,
    });
    expect([args, await command.code, command.error]).toEqual([args, 0, ""]);
    return command.out;
  }

  it("prints what each route does, and ends a cooldown", async () => {
    const slow = ask(gateway.url, "slow");
    await until(
      () => output("routes", "show", "slow"),
      (text) => /^slow +1 +0 +0 /m.test(text),
    );
    expect(await ask(gateway.url, "chat")).toBe(200);
    expect(await ask(gateway.url, "whole")).toBe(429);
    const lines = (await output("routes", "list")).split("\n");
    const line = (start: string) => lines.find((one) => one.startsWith(start));
    expect(lines[0]).toMatch(
      /^ROUTE +STATE +RUNNING +CALLS +FAILED +FIRST p50 +p95 +TOTAL p50 +p95 +LAST ERROR$/,
    );
    expect(line("chat ")).toMatch(/^chat +0 +1 +0 +\d+ +\d+ +\d+ +\d+$/);
    expect(line("  good/big ")).toMatch(/^ {2}good\/big +0 +1 +0 +\d+ +\d+ +\d+ +\d+$/);
    expect(line("  fails/m ")).toMatch(/ PROVIDER_ERROR 500 \d{4}-\S+Z$/);
    expect(line("  limits/m ")).toMatch(
      /^ {2}limits\/m +cooling down until \S+Z +0 +1 +1 .* RATE_LIMIT 429 /,
    );
    expect(line("  waits/m ")).toMatch(/^ {2}waits\/m +1 +0 +0 +- /);
    const json = JSON.parse(await output("routes", "list", "--json"));
    expect(json.map(({ name }: { name: string }) => name)).toContain("whole");
    const shown = await output("routes", "show", "whole");
    expect(shown).toContain("\n\nPART\nwhole: circuitBreaker(limits/m)\n");
    const released = await output("routes", "release", "whole", "--part", "whole: circuitBreaker(limits/m)");
    expect(released).not.toContain("cooling down");
    expect(await output("routes", "isolate", "whole")).toContain("its circuit is open: open by hand");
    release();
    expect(await slow).toBe(200);
  });

  it("prints the state of the process, the configuration and the audit log", async () => {
    expect(await output("status")).toMatch(/^GATEWAY +\S+\nstate +ready\nrunning +0\nrevision +\w+\n$/);
    expect(JSON.parse(await output("status", "--json"))).toMatchObject({ draining: false });
    expect(await output("config", "show")).toMatch(/^# revision \w+\n(?:.*\n)*routes:\n {2}chat:\n/);
    expect(await output("config", "reload")).toMatch(/^The revision \w+ is served\n$/);
    expect(await output("cache", "purge")).toBe("PURGED\ncached: cache(good/m)\n");
    expect(await output("cache", "purge", "chat")).toBe("There is no cache\n");
    const audit = await output("audit", "--action", "cache.purge", "--since", "1h");
    expect(audit.split("\n").map((one) => one.replace(/ +/g, " ").replace(/^20\S+/, "AT"))).toEqual([
      "AT ACTOR ROLE ACTION TARGET STATUS",
      "AT token:owner owner cache.purge chat 200",
      "AT token:owner owner cache.purge * 200",
      "",
    ]);
    expect(await output("audit", "--actor", "token:nobody")).toBe("No change matches\n");
  });
});
