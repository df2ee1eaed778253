import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { scripted } from "ai-lib/testing";
import { afterEach, describe, expect, it } from "vitest";
import type { KeyDraft } from "../src/keys/key-directory.js";
import type { SpendHistory } from "../src/limits/limit-state.js";
import { ModelTable } from "../src/model-table.js";
import { KEY, type Limited, startLimited } from "./support/limited.js";

const BODY = JSON.stringify({ model: "chat", max_tokens: 10, messages: [{ role: "user", content: "Hi" }] });

const open: Limited[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ gateway }) => gateway.cut()));
});

/** A gateway whose route has a hook that waits, and a key of the store in a group. */
async function start(draft: KeyDraft = {}) {
  let release = (): void => undefined;
  let entered = (): void => undefined;
  const inHook = new Promise<void>((resolve) => {
    entered = resolve;
  });
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const run = async (): Promise<undefined> => {
    entered();
    await gate;
  };
  const provider = scripted({ name: "up", replies: [{ usage: { inputTokens: 20, outputTokens: 5 } }] });
  const hooks = [{ at: "request", run, timeoutMs: 5_000, refuses: true }] as const;
  const limited = await startLimited({
    routes: { chat: provider, hooked: { provider, settings: { hooks } } },
  });
  open.push(limited);
  const { directory } = limited.service;
  await directory.createGroup({ id: "team" });
  const { record, secret } = await directory.createKey({ id: "dev", group: "team", ...draft });
  return { limited, directory, record, secret, provider, inHook, release };
}

type Started = Awaited<ReturnType<typeof start>>;

/** Sends a call, of which all but the last byte has arrived when `change` runs. */
async function whileUploading({ limited, secret }: Started, change: () => unknown): Promise<number> {
  const request = httpRequest(`${limited.gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(BODY),
      authorization: `Bearer ${secret}`,
      expect: "100-continue",
    },
  });
  const answered = once(request, "response");
  request.flushHeaders();
  // The gateway has authenticated the request once it asks for the body.
  await once(request, "continue");
  request.write(BODY.slice(0, -1));
  await change();
  request.end(BODY.slice(-1));
  const [reply] = await answered;
  reply.resume();
  await once(reply, "end");
  return reply.statusCode;
}

async function ask({ limited }: Pick<Started, "limited">, secret: string, model = "chat"): Promise<number> {
  const { status } = await fetch(`${limited.gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${secret}` },
    body: BODY.replace("chat", model),
  });
  return status;
}

/** Sends a call whose hook runs while `change` does. */
async function whileInHook(started: Started, change: () => unknown): Promise<number> {
  const answered = ask(started, started.secret, "hooked");
  await started.inHook;
  await change();
  started.release();
  return answered;
}

const update = (draft: KeyDraft) => (started: Started) =>
  started.directory.updateKey("dev", { group: "team", ...draft });

const changes: readonly (readonly [string, (started: Started) => unknown, number])[] = [
  ["does not change", () => undefined, 200],
  ["changes its name", update({ name: "Dev" }), 200],
  ["is disabled", update({ disabled: true }), 401],
  ["expires", update({ expiresAt: 5 }), 401],
  ["is deleted", ({ directory }) => directory.deleteKey("dev"), 401],
  ["gets another secret at once", ({ directory }) => directory.rotateKey("dev", { graceMs: 0 }), 401],
  [
    "gets another secret with a grace",
    ({ directory }) => directory.rotateKey("dev", { graceMs: 60_000 }),
    200,
  ],
  ["may be used in another network alone", update({ networks: ["10.0.0.0/8"] }), 403],
  ["loses its routes", update({ routes: [] }), 403],
  ["loses its models", update({ models: ["other"] }), 403],
  ["loses its kinds", update({ kinds: ["embed"] }), 403],
  ["gets a limit without room", update({ limits: [{ tokens: 5, per: "day" }] }), 400],
  [
    "is in a group that is disabled",
    ({ directory }) => directory.updateGroup("team", { disabled: true } as never),
    401,
  ],
  [
    "is in a group that gets a limit without room",
    ({ directory }) => directory.updateGroup("team", { id: "team", limits: [{ tokens: 5, per: "day" }] }),
    400,
  ],
  [
    "is disabled after a reload",
    async ({ limited, directory }) => {
      const table = new ModelTable({ routes: [], providers: new Map() });
      await limited.service.serve({ table, declared: { keys: [], groups: [] } });
      await directory.updateKey("dev", { disabled: true });
    },
    401,
  ],
];

describe.each([
  ["while its call is uploaded", whileUploading],
  ["while a hook has its call", whileInHook],
] as const)("a key that, %s,", (_when, during) => {
  it.each(changes)("%s", async (_what, change, expected) => {
    const started = await start();
    expect(await during(started, () => change(started))).toBe(expected);
    expect(started.provider.requests).toHaveLength(expected === 200 ? 1 : 0);
  });

  it("reaches its end", async () => {
    const started = await start();
    const expiresAt = Date.now() + 300;
    await started.directory.updateKey("dev", { group: "team", expiresAt });
    const status = await during(started, async () => {
      while (Date.now() < expiresAt) await new Promise((resolve) => setTimeout(resolve, 10));
    });
    expect(status).toBe(401);
  });

  it("reaches the end of the grace of its secret", async () => {
    const started = await start();
    await started.directory.rotateKey("dev", { graceMs: 300 });
    const until = Date.now() + 300;
    const status = await during(started, async () => {
      while (Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
    });
    expect(status).toBe(401);
  });

  it("moves to another group counts there, and has it in its row", async () => {
    const started = await start();
    const { directory, limited } = started;
    await directory.createGroup({ id: "other", limits: [{ requests: 1, per: "day" }] });
    expect(await during(started, () => directory.updateKey("dev", { group: "other" }))).toBe(200);
    expect(limited.rows.at(-1)?.principal.path).toEqual(["other"]);
    expect(await ask(started, started.secret)).toBe(429);
  });
});

describe("a key that changes while the gateway reads what it has used", () => {
  it.each<readonly [string, (started: Pick<Started, "directory">) => unknown, number]>([
    ["does not change", () => undefined, 200],
    ["is disabled", ({ directory }) => directory.updateKey("dev", { disabled: true }), 401],
    ["is deleted", ({ directory }) => directory.deleteKey("dev"), 401],
    ["loses its routes", ({ directory }) => directory.updateKey("dev", { routes: [] }), 403],
  ])("%s", async (_what, change, expected) => {
    let read = (): void => undefined;
    const reading = new Promise<void>((resolve) => {
      read = resolve;
    });
    let found = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      found = resolve;
    });
    const history: SpendHistory = {
      async spentSince() {
        read();
        await gate;
        return [];
      },
    };
    const limited = await startLimited({
      routes: { chat: scripted({ name: "up" }) },
      storage: { options: { history }, ledger: { record() {} } },
    });
    open.push(limited);
    const { directory } = limited.service;
    const { secret } = await directory.createKey({ id: "dev", limits: [{ requests: 9, per: "day" }] });
    const answered = ask({ limited }, secret);
    await reading;
    await change({ directory });
    found();
    expect(await answered).toBe(expected);
  });
});

it("a limit that is removed and added again counts what the ledger has of the time between", async () => {
  let spent = 0;
  const provider = scripted({ name: "up", replies: [{ usage: { inputTokens: 20, outputTokens: 5 } }] });
  const history: SpendHistory = {
    spentSince: async () => [{ at: Date.now(), requests: spent, tokens: 25 * spent, dollars: 0 }],
  };
  const limited = await startLimited({
    routes: { chat: provider },
    storage: { options: { history }, ledger: { record: () => void spent++ } },
  });
  open.push(limited);
  const { directory } = limited.service;
  const limits = [{ requests: 3, per: "day" }, { requests: 9, per: "minute" }, { concurrent: 5 }] as const;
  const { secret } = await directory.createKey({ id: "dev", limits });
  const statuses: number[] = [await ask({ limited }, secret)];
  await directory.updateKey("dev", {});
  statuses.push(await ask({ limited }, secret), await ask({ limited }, secret));
  await directory.updateKey("dev", { limits });
  statuses.push(await ask({ limited }, secret));
  expect(statuses).toEqual([200, 200, 200, 429]);
  const states = (await limited.service.limitsOf("dev")) ?? [];
  // The counts of minutes and of running calls continue.
  expect(states.map(({ used }) => used)).toEqual([3, 1, 0]);
});

describe("a key of the file", () => {
  it("that a reload removes while its call is uploaded is refused", async () => {
    const started = await start();
    const { service } = started.limited;
    const table = new ModelTable({ routes: [], providers: new Map() });
    const status = await whileUploading({ ...started, secret: KEY }, () =>
      service.serve({ table, declared: { keys: [], groups: [] } }),
    );
    expect(status).toBe(401);
  });
});

describe("a key that changes while its stream runs", () => {
  it.each<readonly [string, (started: Started) => unknown, number]>([
    ["is disabled", update({ disabled: true }), 401],
    ["is deleted", ({ directory }) => directory.deleteKey("dev"), 401],
    ["gets a lower limit", update({ limits: [{ tokens: 5, per: "day" }] }), 400],
  ])(
    "%s: the stream ends, is recorded and settled, and the next call meets the change",
    async (_what, change, after) => {
      const limits = [{ tokens: 10_000, per: "day" }, { concurrent: 1 }] as const;
      const provider = scripted({
        name: "up",
        replies: [{ text: ["a", "b", "c"], everyMs: 50, usage: { inputTokens: 20, outputTokens: 5 } }],
      });
      const limited = await startLimited({ routes: { chat: provider }, groups: [{ id: "team", limits }] });
      open.push(limited);
      const { directory } = limited.service;
      const { secret } = await directory.createKey({ id: "dev", group: "team", limits });
      const started = { ...(await start()), limited, directory, secret };
      const reply = await fetch(`${limited.gateway.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${secret}` },
        body: BODY.replace("{", '{"stream":true,'),
      });
      const reader = reply.body?.getReader();
      await reader?.read();
      expect((await limited.buckets())["group team: concurrent"]).toEqual([0, 1]);
      await change(started);
      expect(await ask(started, secret)).toBe(after);
      while ((await reader?.read())?.done === false);
      expect(limited.rows[0]?.end.status).toBe("success");
      expect(await limited.buckets()).toMatchObject({
        "group team: tokens per day": [25, 0],
        "group team: concurrent": [0, 0],
      });
      expect(await ask(started, secret)).toBe(after);
    },
  );
});
