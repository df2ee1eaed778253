import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getPriority, setPriority, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startSimulator } from "ai-lib/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Installed, install } from "../../../ai-lib/test/support/packed.js";
import type { StoreLocation } from "../../src/store/location.js";
import { openStore } from "../../src/store/open-store.js";
import { openPostgres } from "../../src/store/sql/postgres.js";
import { openSqlite } from "../../src/store/sql/sqlite.js";
import { type Postgres, startPostgres } from "../support/postgres.js";
import { GatewayProcess, startUpstream } from "../support/process.js";
import { threadsOf, WaitingTime } from "../support/waiting-time.js";

const KEY = "aik_abcdefgh_client-key-that-must-not-leak";
const SECRET = "provider-secret-that-must-not-leak";
const PROMPT = "prompt-that-must-not-leak";

let folder: string;
let installed: Installed;
let postgres: Postgres;
let upstream: Server & { readonly url: string };
let count = 0;

beforeAll(async () => {
  [folder, installed, postgres, upstream] = await Promise.all([
    mkdtemp(join(tmpdir(), "gateway-process-")),
    install("ai-lib-gateway", "ai-lib"),
    startPostgres(),
    startUpstream(),
  ]);
}, 180_000);
afterAll(async () => {
  upstream?.close();
  await postgres?.close();
  await installed?.remove();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** A gateway with a store, which may be started several times. */
class Subject {
  readonly environment: Readonly<Record<string, string>>;
  private readonly file = join(folder, `${++count}.json`);

  private constructor(
    readonly location: StoreLocation,
    private readonly config: object,
  ) {
    this.environment = {
      ...{ TEAM_KEY: KEY, PROVIDER_KEY: SECRET },
      ...("postgres" in location && { DATABASE_URL: location.postgres }),
    };
  }

  static async of(kind: string, config: object = {}): Promise<Subject> {
    const location =
      kind === "SQLite"
        ? { sqlite: join(folder, `store-${++count}.db`) }
        : { postgres: await postgres.database(`gateway_${++count}`) };
    return new Subject(location, config);
  }

  /** @param more of the configuration, in this run alone */
  async start(more: object = {}): Promise<GatewayProcess> {
    const store = "sqlite" in this.location ? this.location : { postgres: { env: "DATABASE_URL" } };
    const config = {
      listen: { port: 0 },
      keys: { team: { env: "TEAM_KEY" } },
      providers: {
        up: {
          dialect: "openai-chat",
          baseUrl: `${upstream.url}/v1`,
          model: "m",
          apiKey: { env: "PROVIDER_KEY" },
        },
      },
      routes: { chat: "up" },
      store,
      ...this.config,
      ...more,
    };
    await writeFile(this.file, JSON.stringify(config));
    return GatewayProcess.start(installed.package, this.file, this.environment);
  }
}

function ask(url: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${KEY}`, ...headers },
    body: JSON.stringify({
      model: "chat",
      messages: [{ role: "user", content: `${PROMPT} ${SECRET} ${KEY}` }],
    }),
  });
}

/** Some of an answer of `GET /usage`. */
interface Usage {
  readonly total: { readonly calls: number; readonly dollars: number };
  readonly groups: readonly { readonly sum: { readonly dollars: number } }[];
}

/** When the next month of UTC begins, as an HTTP date. */
function nextMonth(at: number): string {
  const date = new Date(at);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1)).toUTCString();
}

/** Calls that ended, as their clients saw it. */
interface Finished {
  readonly id: string;
  readonly at: number;
}

/** Calls without which a load shows nothing. */
const ENOUGH = 50;

/** How a gateway is loaded until it is killed. */
interface Load {
  readonly clients: number;
  /** Milliseconds between two calls of a client. */
  readonly pauseMs: number;
  /** Milliseconds until it is killed; on a busy machine more, until enough calls ended. */
  readonly forMs: number;
}

/**
 * Puts a gateway under load for some seconds, kills it within, and tells which calls had ended, and how long what writes
 * them waited for a processor.
 */
async function killUnderLoad(
  subject: Subject,
  { clients: count, pauseMs, forMs }: Load,
): Promise<{ finished: Finished[]; killedAt: number; waiting: WaitingTime }> {
  const gateway = await subject.start();
  const waiting = new WaitingTime(() => [
    ...threadsOf(gateway.pid),
    ...("postgres" in subject.location ? postgres.pids().flatMap(threadsOf) : []),
  ]);
  const finished: Finished[] = [];
  let running = true;
  const clients = Array.from({ length: count }, async () => {
    while (running) {
      try {
        const response = await ask(gateway.url);
        await response.arrayBuffer();
        if (response.status === 200)
          finished.push({ id: response.headers.get("x-ai-lib-call") ?? "", at: Date.now() });
        await sleep(pauseMs);
      } catch {
        return;
      }
    }
  });
  await sleep(forMs);
  for (let i = 0; i < 1_000 && finished.length <= ENOUGH; i++) await sleep(20);
  waiting.stop();
  const killedAt = Date.now();
  await gateway.end("SIGKILL");
  running = false;
  await Promise.all(clients);
  return { finished: finished.filter(({ at }) => at <= killedAt), killedAt, waiting };
}

/** Every cell of every table. */
async function cells(location: StoreLocation): Promise<string[]> {
  const database =
    "sqlite" in location ? await openSqlite(location.sqlite) : await openPostgres(location.postgres);
  const names =
    database.kind === "sqlite"
      ? "SELECT name FROM sqlite_master WHERE type = 'table'"
      : "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'";
  const found: string[] = [];
  for (const { name } of await database.all(names))
    for (const row of await database.all(`SELECT * FROM ${name}`))
      for (const [column, value] of Object.entries(row)) found.push(`${name}.${column}: ${value}`);
  await database.close();
  return found;
}

describe.each(["SQLite", "PostgreSQL"])("a gateway with a store in %s", (kind) => {
  it.each([
    ["by twelve clients", { clients: 12, pauseMs: 0, forMs: 2_500 }],
    // Too few calls to fill a batch: time alone ends one. A ledger that waits for longer has nothing yet.
    ["by one client now and then", { clients: 1, pauseMs: 10, forMs: 1_900 }],
  ])(
    "that is killed under load %s has every call that ended 250 ms before, whole",
    async (_, load) => {
      const late: string[] = [];
      const times: number[] = [];
      for (let round = 0; round < 3; round++) {
        const subject = await Subject.of(kind);
        const { finished, killedAt, waiting } = await killUnderLoad(subject, load);
        expect(finished.length).toBeGreaterThan(ENOUGH);
        const again = await subject.start();
        expect((await ask(again.url)).status).toBe(200);
        expect(await again.end()).toBe(0);
        const store = await openStore(subject.location);
        const found = new Set<string>();
        let before: { at: number; id: string } | undefined;
        do {
          const page = await store.usage.calls({ limit: 1_000, ...(before !== undefined && { before }) });
          for (const { id, attempts } of page.calls) if (attempts.length === 1) found.add(id);
          before = page.next;
        } while (before !== undefined);
        const { total } = await store.usage.usage({ from: 0, to: Date.now() });
        expect(total).toMatchObject({ calls: found.size, attempts: found.size, input: 1_000 * found.size });
        await store.close();
        const missing = finished.filter(({ id }) => !found.has(id));
        const since = Math.min(killedAt, ...missing.map(({ at }) => at));
        // A machine that runs something else in place of the writer is no fault of the gateway.
        const free = waiting.free(since, killedAt);
        late.push(`${killedAt - since} ms, of which it could run ${Math.round(free)} ms`);
        times.push(free);
      }
      console.info(`${kind}: calls are missing from before the kill since ${late.join("; ")}`);
      // What the machine does besides, such as writing to a slow disk, may spoil a round, but not most of them.
      const [, middle, longest] = times.sort((a, b) => a - b);
      expect(middle, `calls are missing since ${late.join("; ")}`).toBeLessThanOrEqual(250);
      expect(longest).toBeLessThan(1_000);
    },
    120_000,
  );

  it("counts what was used before it was killed towards the limits of a key", async () => {
    const limits = [{ requests: 3, per: "month" }];
    const subject = await Subject.of(kind, { keys: { team: { secret: { env: "TEAM_KEY" }, limits } } });
    const first = await subject.start();
    for (let i = 0; i < 2; i++) expect((await ask(first.url)).status).toBe(200);
    await sleep(1_000);
    await first.end("SIGKILL");
    const second = await subject.start();
    expect((await ask(second.url)).status).toBe(200);
    const asked = Date.now();
    const refused = await ask(second.url);
    expect(refused.status).toBe(429);
    // Within the test a month may end.
    expect([nextMonth(asked), nextMonth(Date.now())]).toContain(refused.headers.get("retry-after"));
    await second.end();
  }, 60_000);

  it("has one figure for pictures without usage: in the limit, in usage, in the log, and after it was killed", async () => {
    const pictures = createServer((request, response) => {
      const body = JSON.stringify({ created: 1, data: [{ b64_json: "aGk=" }] });
      request
        .resume()
        .on("end", () => response.writeHead(200, { "content-type": "application/json" }).end(body));
    });
    await once(pictures.listen(0, "127.0.0.1"), "listening");
    const { port } = pictures.address() as AddressInfo;
    const limits = [{ dollars: 50, per: "total" }];
    const subject = await Subject.of(kind, {
      admin: { listen: { port: 0 }, tokens: { owner: { secret: { env: "ADMIN_TOKEN" }, role: "owner" } } },
      keys: { team: { secret: { env: "TEAM_KEY" }, limits }, free: { secret: { env: "FREE_KEY" } } },
      providers: {
        up: { dialect: "openai-chat", baseUrl: `http://127.0.0.1:${port}/v1`, model: "m", kinds: ["image"] },
      },
      routes: { chat: { use: "up", kinds: ["image"] } },
      prices: { "up/*": { input: 5, output: 40 } },
    });
    const free = "aik_bcdefghi_client-key-without-limits";
    Object.assign(subject.environment, { ADMIN_TOKEN: "an-admin-token-of-some-length", FREE_KEY: free });
    const draw = async ({ url }: GatewayProcess, key: string) => {
      const response = await fetch(`${url}/v1/images/generations`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
        body: JSON.stringify({ model: "chat", prompt: "a cat" }),
      });
      expect(response.status, await response.text()).toBe(200);
    };
    const read = async <T>(gateway: GatewayProcess, path: string): Promise<T> => {
      const [, url] = /admin API listens on (\S+)/.exec(gateway.output) ?? [];
      const headers = { authorization: "Bearer an-admin-token-of-some-length" };
      return (await (await fetch(new URL(`/admin/v1${path}`, url), { headers })).json()) as T;
    };
    const used = async (gateway: GatewayProcess) => {
      const { data } = await read<{ data: { used: number }[] }>(gateway, "/keys/team/limits");
      return data[0]?.used ?? 0;
    };
    const written = async (gateway: GatewayProcess, calls: number) => {
      const usage = () => read<Usage>(gateway, "/usage?groupBy=key");
      for (let i = 0; i < 500 && (await usage()).total.calls < calls; i++) await sleep(20);
      return usage();
    };

    const first = await subject.start();
    for (const key of [KEY, KEY, free]) await draw(first, key);
    const charged = await used(first);
    expect(charged).toBeGreaterThan(0);
    const { groups } = await written(first, 3);
    expect(groups).toMatchObject([
      { by: { key: "team" }, sum: { calls: 2, estimated: 2, unpriced: 0 } },
      // Nothing says what this picture cost.
      { by: { key: "free" }, sum: { calls: 1, dollars: 0, unpriced: 1 } },
    ]);
    expect(groups[0]?.sum.dollars).toBeCloseTo(charged, 8);
    const { data } = await read<{ data: { key: string; dollars?: number }[] }>(first, "/logs");
    const dollarsOf = (key: string) => data.flatMap((entry) => (entry.key === key ? [entry.dollars] : []));
    expect(dollarsOf("free")).toEqual([undefined]);
    expect(dollarsOf("team")).toEqual([expect.closeTo(charged / 2, 8), expect.closeTo(charged / 2, 8)]);
    await first.end("SIGKILL");

    const second = await subject.start();
    expect(await used(second)).toBeCloseTo(charged, 8);
    await draw(second, KEY);
    expect(await used(second)).toBeCloseTo((charged * 3) / 2, 8);
    expect((await written(second, 4)).total.dollars).toBeCloseTo((charged * 3) / 2, 8);
    expect(await second.end()).toBe(0);
    pictures.close();
  }, 60_000);

  it("reads its store with less priority than it answers, whatever its own is", async () => {
    const limits = [{ requests: 3, per: "month" }];
    const subject = await Subject.of(kind, { keys: { team: { secret: { env: "TEAM_KEY" }, limits } } });
    const gateway = await subject.start();
    // The thread that reads starts with the first call of a limited key, by the thread that answers.
    setPriority(gateway.pid, 15);
    expect((await ask(gateway.url)).status).toBe(200);
    const lowest = Math.max(...threadsOf(gateway.pid).map((thread) => getPriority(Number(basename(thread)))));
    expect([getPriority(gateway.pid), lowest]).toEqual([15, 19]);
    await gateway.end();
  }, 60_000);

  it("starts again with keys and groups that its API put into groups of the file, and without those groups", async () => {
    const tokens = { owner: { secret: { env: "ADMIN_TOKEN" }, role: "owner" } };
    const subject = await Subject.of(kind, { admin: { listen: { port: 0 }, tokens } });
    Object.assign(subject.environment, { ADMIN_TOKEN: "an-admin-token-of-some-length" });
    const groups = { acme: { level: "organisation" } };
    const first = await subject.start({ groups });
    const admin = async (gateway: GatewayProcess, method: string, path: string, body?: object) => {
      const [, url] = /admin API listens on (\S+)/.exec(gateway.output) ?? [];
      const response = await fetch(new URL(`/admin/v1${path}`, url), {
        method,
        headers: {
          authorization: "Bearer an-admin-token-of-some-length",
          ...(body === undefined ? { "if-match": "*" } : { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      expect(response.ok, await response.clone().text()).toBe(true);
      return response;
    };
    await admin(first, "POST", "/groups", { id: "team1", parent: "acme" });
    const made = await admin(first, "POST", "/keys", { id: "stored", group: "team1" });
    const { secret } = (await made.json()) as { readonly secret: string };
    const status = async ({ url }: GatewayProcess) =>
      (await ask(url, { authorization: `Bearer ${secret}` })).status;
    expect(await status(first)).toBe(200);
    await first.end("SIGKILL");
    for (let runs = 0; runs < 2; runs++) {
      const again = await subject.start({ groups });
      expect([await status(again), again.output]).toEqual([200, expect.not.stringContaining("is refused")]);
      expect(await again.end()).toBe(0);
    }

    const without = await subject.start();
    expect(without.output).toContain(
      "The key stored of the store is refused: group team1: there is no group acme.",
    );
    expect([await status(without), (await ask(without.url)).status]).toEqual([401, 200]);
    await admin(without, "DELETE", "/keys/stored");
    await admin(without, "DELETE", "/groups/team1");
    expect(await without.end()).toBe(0);
    const last = await subject.start();
    expect(last.output).not.toContain("is refused");
    expect(await last.end()).toBe(0);
  }, 60_000);

  it.each([
    ["without content", {}],
    ["with content", { ledger: { content: { days: 1 } } }],
  ])(
    "writes no key, no secret and no prompt anywhere, %s",
    async (_, config) => {
      const admin = "admin-token-that-must-not-leak";
      const tokens = { owner: { secret: { env: "ADMIN_TOKEN" }, role: "owner" } };
      const subject = await Subject.of(kind, { ...config, admin: { listen: { port: 0 }, tokens } });
      Object.assign(subject.environment, { ADMIN_TOKEN: admin });
      const gateway = await subject.start();
      const api = /(http:\/\/\S+\/admin\/v1|http:\/\/127\.0\.0\.1:\d+)/g;
      const urls = [...gateway.output.matchAll(api)]
        .map(([url]) => url)
        .filter((url) => !url.startsWith(gateway.url));
      const answers: string[] = [];
      const take = async (response: Response) => {
        answers.push(JSON.stringify([...response.headers]), await response.text());
      };
      await take(await ask(gateway.url, { "x-ai-lib-user": "ann", "x-ai-lib-tags": "a" }));
      await take(await ask(gateway.url, { authorization: `Bearer ${KEY}x` }));
      await take(
        await fetch(`${gateway.url}/v1/chat/completions?key=${KEY}`, { method: "POST", body: PROMPT }),
      );
      await take(await fetch(`${gateway.url}/metrics`));
      await sleep(1_000);
      const base = (urls[0] ?? "").replace(/\/admin\/v1$/, "");
      expect(base).toMatch(/^http/);
      for (const path of ["config", "keys", "keys/team", "usage", "logs", "audit", "routes", "openapi.json"])
        await take(
          await fetch(`${base}/admin/v1/${path}`, { headers: { authorization: `Bearer ${admin}` } }),
        );
      expect(await gateway.end()).toBe(0);
      const all = [...(await cells(subject.location)), ...answers, gateway.output];
      expect(all.some((text) => text.startsWith("gateway_log."))).toBe(true);
      const kept = "ledger" in config;
      expect(all.some((text) => text.includes(PROMPT))).toBe(kept);
      for (const text of all) {
        for (const secret of [KEY, SECRET, admin]) expect(text).not.toContain(secret);
        if (!text.startsWith("gateway_contents.")) expect(text).not.toContain(PROMPT);
      }
      if ("sqlite" in subject.location)
        // SQLite deletes its log when the last connection ends.
        for (const name of await readdir(folder))
          if (join(folder, name).startsWith(subject.location.sqlite)) {
            const bytes = await readFile(join(folder, name), "latin1").catch(() => "");
            for (const secret of [KEY, SECRET, admin]) expect(bytes).not.toContain(secret);
          }
    },
    60_000,
  );
});

describe("a gateway whose file names no store", () => {
  /** Starts one in a folder of its own. */
  async function start(more: object, environment: Readonly<Record<string, string>> = {}) {
    const home = join(folder, `default-${++count}`);
    await mkdir(join(home, "data"), { recursive: true });
    const config = {
      listen: { port: 0 },
      keys: { team: { env: "TEAM_KEY" } },
      providers: { up: { dialect: "openai-chat", baseUrl: `${upstream.url}/v1`, model: "m" } },
      routes: { chat: "up" },
      ...more,
    };
    const file = join(home, "gate.yaml");
    await writeFile(file, JSON.stringify(config));
    const run = () =>
      GatewayProcess.start(installed.package, file, {
        TEAM_KEY: KEY,
        ...Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, join(home, value)])),
      });
    return { home, run };
  }

  it("keeps a ledger beside the file, which the next process continues", async () => {
    const { home, run } = await start({});
    for (let runs = 1; runs <= 2; runs++) {
      const gateway = await run();
      expect((await ask(gateway.url)).status).toBe(200);
      expect(gateway.output).toContain(`The ledger is in ${join(home, "gate.db")}`);
      expect(await gateway.end()).toBe(0);
      const store = await openStore({ sqlite: join(home, "gate.db") });
      const { groups } = await store.usage.usage({ from: 0, to: Date.now(), groupBy: ["key"] });
      expect(groups).toMatchObject([{ by: { key: "team" }, calls: runs }]);
      const [last] = (await store.usage.calls({ limit: 1 })).calls;
      expect(last?.attempts).toMatchObject([{ provider: "up", dialect: "openai-chat" }]);
      await store.close();
    }
  });

  it.each([
    [{}, { AI_LIB_GATEWAY_DATA: "data" }, "data/gate.db"],
    [{}, { STATE_DIRECTORY: "data" }, "data/gate.db"],
    [{ store: "none" }, {}, undefined],
  ])("keeps it where it is asked to: %j %j", async (more, environment, place) => {
    const { home, run } = await start(more, environment);
    const gateway = await run();
    expect((await ask(gateway.url)).status).toBe(200);
    expect(await gateway.end()).toBe(0);
    if (place === undefined) expect(gateway.output).toContain("There is no ledger");
    else expect(existsSync(join(home, place))).toBe(true);
    expect(existsSync(join(home, "gate.db"))).toBe(false);
  });

  it("says what to write where its ledger cannot be", async () => {
    const { run } = await start({}, { AI_LIB_GATEWAY_DATA: "no-such-folder" });
    await expect(run()).rejects.toThrow(/no-such-folder.*`store: none` stores nothing/);
  });
});

describe("a gateway that gets SIGTERM", () => {
  it("ends its streams, refuses new ones, writes its ledger and ends with 0", async () => {
    const simulator = await startSimulator();
    const subject = await Subject.of("SQLite", {
      providers: { up: { dialect: "openai-chat", baseUrl: `${simulator.baseUrl("slow")}/v1`, model: "m" } },
    });
    simulator.always("slow", { frameDelayMs: 150 });
    const gateway = await subject.start();
    const body = { model: "chat", stream: true, messages: [{ role: "user", content: "word ".repeat(40) }] };
    const stream = () =>
      fetch(`${gateway.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${KEY}` },
        body: JSON.stringify(body),
      });
    const replies = await Promise.all([stream(), stream(), stream()]);
    const ended = gateway.end();
    await sleep(300);
    await expect(stream()).rejects.toThrow();
    for (const reply of replies) {
      const text = await reply.text();
      expect(text).toMatch(/data: \[DONE\]\n\n$/);
      const content = [...text.matchAll(/"content":"([^"]*)"/g)].map(([, piece]) => piece).join("");
      expect(content).toBe(`You said: ${"word ".repeat(40)}`);
    }
    expect(await ended).toBe(0);
    await simulator.close();
    const store = await openStore(subject.location);
    expect((await store.usage.usage({ from: 0, to: Date.now() })).total).toMatchObject({
      calls: 3,
      errors: 0,
    });
    await store.close();
  });
});
