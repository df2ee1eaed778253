import {
  type AiLibErrorInit,
  type ChatProvider,
  type ChatRequest,
  defineProvider,
  failover,
  type Price,
  type Usage,
} from "ai-lib";
import { cache, concurrencyLimit } from "ai-lib/resilience";
import { hedged } from "ai-lib/strategies";
import { type ScriptedReply, scripted, startSimulator } from "ai-lib/testing";
import { afterEach, describe, expect, it } from "vitest";
import type { KeyDraft } from "../src/keys/key-directory.js";
import type { Limit } from "../src/keys/record.js";
import { mirror } from "../src/mirror.js";
import { type Answer, KEY, type Limited, post, startLimited, tokensOf } from "./support/limited.js";

const messages = [{ role: "user", content: "Tell me something that nobody has heard before" }];
const PRICE: Price = { input: 2, output: 10 };
const facts = { price: PRICE, contextWindow: 100_000 };

type Replies = (before: number, call: { readonly request: object; readonly mode: string }) => ScriptedReply;

const open: Limited[] = [];
async function start(options: Parameters<typeof startLimited>[0]): Promise<Limited> {
  const limited = await startLimited(options);
  open.push(limited);
  return limited;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ gateway }) => gateway.cut()));
});

const chat = (limited: Limited, body: object = {}, headers: Readonly<Record<string, string>> = {}) =>
  post(limited, "/v1/chat/completions", { model: "chat", max_tokens: 100, messages, ...body }, KEY, headers);

const usage = (outputTokens: number, inputTokens = 20): Usage => ({ inputTokens, outputTokens });

/** What the rows of a gateway add up to. */
function spent({ rows }: Pick<Limited, "rows">): { readonly tokens: number; readonly dollars: number } {
  const attempts = rows.flatMap(({ end }) => end.attempts);
  const used = attempts.flatMap((attempt) => attempt.usage ?? []);
  return {
    tokens: used.reduce((sum, one) => sum + tokensOf(one), 0),
    dollars: attempts.reduce((sum, { cost = 0 }) => sum + cost, 0),
  };
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  await expect.poll(done).toBe(true);
}

describe("1,000 calls at the same time", () => {
  const TEXT = "Tell me something that nobody has heard before";

  /** A chat, whose bytes are the most tokens that its prompt may have. */
  const bodyOf = (maxTokens: number, stream: boolean, padding = 0) => {
    const content = TEXT + "x".repeat(padding);
    return { model: "chat", max_tokens: maxTokens, messages: [{ role: "user", content }], stream };
  };
  const bytesOf = (...given: Parameters<typeof bodyOf>) =>
    Buffer.byteLength(JSON.stringify(bodyOf(...given)));

  /** The usage of a chat that uses its very bound. */
  const most = ({ maxTokens = 0, messages: [message] }: ChatRequest, stream: boolean): Usage =>
    usage(maxTokens, bytesOf(maxTokens, stream, String(message?.content).length - TEXT.length));

  /** What the calls of a node used. */
  const usedBy = ({ rows }: Limited, node: string) => {
    const own = rows.filter(({ principal }) => principal.path?.includes(node) === true);
    return { ...spent({ rows: own }), requests: own.length };
  };

  /** What a byte of the prompt and a token of the answer are in each unit. */
  const EACH = { tokens: [1, 1], dollars: [2e-6, 10e-6], requests: [0, 0] } as const;

  type Case = readonly [unit: keyof typeof EACH, organisation: number, team: number, period: Partial<Limit>];
  const cases: readonly Case[] = [
    ["tokens", 20_000, 14_000, { per: "day" }],
    ["dollars", 0.05, 0.035, { per: "month", window: "rolling" }],
    ["requests", 137, 95, { per: "total" }],
  ];
  /** An organisation with two teams, each with a limit and a key. Calls wait until the past is read, and are admitted together. */
  async function startTree([unit, organisation, team, period]: Case, replies: Replies) {
    const limit = (amount: number): Limit => ({ [unit]: amount, ...period });
    const provider = scripted({ name: "up", facts, replies });
    const spentSince = () => new Promise<never[]>((resolve) => setTimeout(resolve, 50, []));
    const limited = await start({
      routes: { chat: provider },
      groups: [
        { level: "organisation", limits: [limit(organisation), { concurrent: 40 }] },
        { limits: [limit(team)] },
      ],
      key: { limits: [{ requests: 900, per: "hour" }] },
      storage: { options: { history: { spentSince } }, ledger: { record() {} } },
    });
    const { directory } = limited.service;
    await directory.createGroup({ id: "other", parent: "g0", limits: [limit(team)] });
    const { secret } = await directory.createKey({ group: "other" });
    const ask = async (key: string, ...body: Parameters<typeof bodyOf>) =>
      (await post(limited, "/v1/chat/completions", bodyOf(...body), key)).status;
    return { limited, provider, secret, ask };
  }

  it.each(cases)(
    "never overshoot a limit in %s at any node",
    async (...given) => {
      const [unit, organisation, team] = given;
      const { limited, provider, secret, ask } = await startTree(given, (before, { request, mode }) => {
        const bound = most(request as ChatRequest, mode === "stream");
        // Usage of the very bound and less, failures, and streams of several pieces.
        const delayMs = (before * 7) % 40;
        if (before % 11 === 3) return { delayMs, error: { code: "PROVIDER_ERROR", message: "down" } };
        const used = before % 3 === 0 ? bound : usage(before % (bound.outputTokens + 1));
        return { delayMs, text: ["some ", "words"], everyMs: 1, usage: used };
      });
      // Most calls are of one team, which comes to its end before the organisation does.
      const send = (_one: unknown, index: number) =>
        ask(index % 10 === 0 ? secret : KEY, 1 + (index % 100), index % 2 === 0);
      const statuses = await Promise.all(Array.from({ length: 1_000 }, send));
      // More waves, until nothing fits any more.
      for (let wave = 0; wave < 12; wave++)
        statuses.push(...(await Promise.all(Array.from({ length: 40 }, send))));
      await until(async () => Object.values(await limited.buckets()).every(([, reserved]) => reserved === 0));
      for (const [node, end] of [
        ["g0", organisation],
        ["g1", team],
        ["other", team],
      ] as const) {
        expect(usedBy(limited, node)[unit]).toBeLessThanOrEqual(end);
        if (node !== "other") expect(usedBy(limited, node)[unit]).toBeGreaterThan(0.9 * end);
      }
      expect(provider.requests).toHaveLength(limited.rows.length);
      expect(provider.peak).toBeLessThanOrEqual(40);
      expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(50);
      expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(500);
      // What the bucket says is what was used.
      const buckets = Object.entries(await limited.buckets());
      const [, [counted] = []] = buckets.find(([name]) => name.startsWith(`group g0: ${unit}`)) ?? [];
      expect(counted).toBeCloseTo(usedBy(limited, "g0")[unit], 6);
    },
    60_000,
  );

  it.each(cases)("use a limit in %s to its end: a call that is one larger is refused", async (...given) => {
    const [unit, organisation, team] = given;
    const { limited, secret, ask } = await startTree(given, (_before, { request, mode }) => ({
      usage: most(request as ChatRequest, mode === "stream"),
    }));
    const [ofByte, ofToken] = EACH[unit];
    const size = unit === "requests" ? 1 : bytesOf(100, true) * ofByte + 100 * ofToken;
    for (const [node, end, key] of [
      ["g1", team, KEY],
      ["g0", organisation, secret],
    ] as const) {
      const left = () => end - usedBy(limited, node)[unit];
      while (left() > 1.99 * size) expect(await ask(key, 100, true)).toBe(200);
      const padding = unit === "requests" ? 0 : Math.round((left() - size) / ofByte);
      if (unit !== "requests") expect(await ask(key, 100, true, padding + 1)).toBe(429);
      expect(await ask(key, 100, true, padding)).toBe(200);
      expect(await ask(key, 1, true)).toBe(429);
      expect(left()).toBeCloseTo(0, 9);
    }
  });
});

describe("a refusal", () => {
  const paths: readonly (readonly [string, object])[] = [
    ["/v1/chat/completions", { model: "chat", messages }],
    ["/v1/responses", { model: "chat", input: "ping" }],
    ["/v1/messages", { model: "chat", max_tokens: 50, messages }],
    ["/v1beta/models/chat:generateContent", { contents: [{ role: "user", parts: [{ text: "ping" }] }] }],
    ["/v2/chat", { model: "chat", messages }],
    ["/api/chat", { model: "chat", messages, stream: false }],
    ["/model/chat/converse", { messages: [{ role: "user", content: [{ text: "ping" }] }] }],
  ];
  it.each(paths)("names its bucket, its reset and when to come back, at %s", async (path, body) => {
    const limited = await start({
      routes: { chat: scripted({ name: "up" }) },
      groups: [{ id: "acme", limits: [{ requests: 1, per: "hour" }] }],
      key: { limits: [{ requests: 1, per: "minute" }] },
    });
    expect((await post(limited, path, body)).status).toBe(200);
    const { status, headers, body: text } = await post(limited, path, body);
    expect([status, text]).toEqual([
      429,
      expect.stringMatching(
        /group acme: requests per hour \(1 call\).*it has room at \d{4}-\d\d-\d\dT\d\d:00:00/,
      ),
    ]);
    const after = headers["retry-after"] ?? "";
    const seconds = /^\d+$/.test(after) ? Number(after) : (Date.parse(after) - Date.now()) / 1_000;
    expect(seconds).toBeGreaterThan(-2);
    expect(seconds).toBeLessThanOrEqual(3_600);
  });

  it("of a call that is larger than a whole limit is no reason to wait", async () => {
    const limited = await start({
      routes: { chat: scripted({ name: "up" }) },
      key: { limits: [{ tokens: 500, per: "minute" }] },
    });
    const { status, headers, body } = await chat(limited, { max_tokens: 5_000 });
    expect([status, headers["retry-after"], body]).toEqual([
      400,
      undefined,
      expect.stringMatching(/key ci: tokens per minute \(500 tokens\)/),
    ]);
  });

  it("reaches a stream before its head", async () => {
    const limited = await start({
      routes: { chat: scripted({ name: "up" }) },
      key: { limits: [{ requests: 1, per: "total" }] },
    });
    await chat(limited);
    const { status, body } = await chat(limited, { stream: true });
    expect([status, body]).toEqual([429, expect.stringMatching(/does not reset/)]);
  });
});

describe("a limited call", () => {
  const limits = [{ tokens: 50_000, per: "day" }, { dollars: 5, per: "day" }, { concurrent: 3 }] as const;

  it("settles with what it used", async () => {
    const limited = await start({
      routes: { chat: scripted({ name: "up", facts, replies: [{ usage: usage(30) }] }) },
      key: { limits },
    });
    await chat(limited);
    expect(await limited.buckets()).toEqual({
      "key ci: tokens per day": [50, 0],
      "key ci: dollars per day": [0.00034, 0],
      "key ci: concurrent": [0, 0],
    });
  });

  it("gives everything back when it fails", async () => {
    const error: AiLibErrorInit = { code: "INVALID_REQUEST", message: "no" };
    const limited = await start({
      routes: { chat: scripted({ name: "up", facts, replies: [{ error }] }) },
      key: { limits },
    });
    expect((await chat(limited)).status).toBe(400);
    expect(Object.values(await limited.buckets())).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it("holds its bound while it runs, and is charged an estimate when its client leaves", async () => {
    const provider = scripted({
      name: "up",
      facts,
      replies: [{ text: ["some words", " more"], silent: true }],
    });
    const limited = await start({ routes: { chat: provider }, key: { limits } });
    const controller = new AbortController();
    const reply = await fetch(`${limited.gateway.url}/v1/chat/completions`, {
      method: "POST",
      signal: controller.signal,
      headers: { "content-type": "application/json", authorization: `Bearer ${KEY}` },
      body: JSON.stringify({ model: "chat", max_tokens: 100, messages, stream: true }),
    });
    await reply.body?.getReader().read();
    const running = await limited.buckets();
    expect(running["key ci: concurrent"]).toEqual([0, 1]);
    expect(running["key ci: tokens per day"]?.[1]).toBeGreaterThanOrEqual(
      100 + JSON.stringify(messages).length,
    );
    controller.abort();
    await until(() => limited.rows.length === 1);
    const after = await limited.buckets();
    expect(after["key ci: concurrent"]).toEqual([0, 0]);
    const [used = 0, reserved] = after["key ci: tokens per day"] ?? [];
    expect(reserved).toBe(0);
    expect(used).toBeGreaterThan(3);
    expect(used).toBeLessThan(100);
    expect(limited.rows[0]?.end).toMatchObject({ status: "cancelled", estimated: true });
  });

  it.each([
    ["/v1/embeddings", { model: "chat", input: "ping" }, "embed"],
    ["/v2/rerank", { model: "chat", query: "ping", documents: ["a", "b"] }, "rerank"],
    ["/v1/moderations", { model: "chat", input: "ping" }, "moderate"],
    ["/v1/images/generations", { model: "chat", prompt: "a cat", n: 2 }, "image"],
  ])("may be of any kind: %s", async (path, body, kind) => {
    const provider = scripted({ name: "up", kinds: [kind], facts });
    const limited = await start({
      routes: { chat: provider },
      groups: [{ id: "acme", limits: [{ requests: 1, per: "day" }] }],
      key: { limits },
    });
    expect((await post(limited, path, body)).status).toBe(200);
    expect((await limited.buckets())["group acme: requests per day"]).toEqual([1, 0]);
    expect((await limited.buckets())["key ci: concurrent"]).toEqual([0, 0]);
    const [used] = (await limited.buckets())["key ci: tokens per day"] ?? [];
    // What is reported, or else what was reserved.
    expect(used).toBe(spent(limited).tokens + (limited.rows[0]?.charged?.tokens ?? 0));
    expect(used).toBeGreaterThan(0);
    expect([402, 429]).toContain((await post(limited, path, body)).status);
    expect(provider.requests).toHaveLength(1);
  });

  it("reserves for each further attempt that may use something, and makes none without room", async () => {
    const slow = scripted({ name: "slow", facts, replies: [{ delayMs: 300, usage: usage(10) }] });
    const second = scripted({ name: "second", facts, replies: [{ delayMs: 1, usage: usage(10) }] });
    const one = 100 + 130;
    const run = async (tokens: number) => {
      const limited = await start({
        routes: { chat: hedged([slow, second], { afterMs: 20 }) },
        key: { limits: [{ tokens, per: "day" }] },
      });
      const { status } = await chat(limited);
      expect(status).toBe(200);
      await until(async () => Object.values(await limited.buckets()).every(([, held]) => held === 0));
      return limited;
    };
    const before = second.requests.length;
    await run(2 * one - 40);
    expect(second.requests.length).toBe(before);
    const both = await run(10 * one);
    expect(second.requests.length).toBe(before + 1);
    // The answer of the second, and the estimate of the first, which was cut.
    expect((await both.buckets())["key ci: tokens per day"]?.[0]).toBe(spent(both).tokens);
    expect(spent(both).tokens).toBeGreaterThan(30);
  });

  it("is copied by a mirror, and each copy is a call of its own in limits and ledger", async () => {
    const own = scripted({ name: "own", facts, replies: [{ usage: usage(10) }] });
    const copies = [
      { delayMs: 300, usage: usage(30) },
      { error: { code: "PROVIDER_ERROR", message: "down" } },
    ];
    const other = scripted({ name: "other", facts, replies: copies as ScriptedReply[] });
    const limited = await start({
      routes: { chat: mirror(own, other) },
      key: { limits: [{ requests: 3, per: "day" }] },
    });
    const tagged = { "x-ai-lib-tags": "night", "x-ai-lib-user": "ann" };
    expect((await chat(limited, {}, tagged)).status).toBe(200);
    expect(limited.rows).toHaveLength(1);
    await until(() => limited.rows.length === 2);
    const [first, copy] = limited.rows;
    expect(copy).toMatchObject({
      user: "ann",
      route: "chat",
      model: "chat",
      kind: "chat",
      dialect: "openai-chat",
    });
    expect(copy?.principal).toBe(first?.principal);
    expect([first?.tags, copy?.tags]).toEqual([["night"], ["night", "mirror"]]);
    expect([copy?.end.status, copy?.end.usage?.outputTokens]).toEqual(["success", 30]);
    expect(copy?.end.attempts.map(({ target }) => target.provider)).toEqual(["other"]);
    expect(copy?.id).not.toBe(first?.id);
    // The third request is the last one, so that it has no copy.
    expect((await chat(limited)).status).toBe(200);
    expect(await limited.buckets()).toEqual({ "key ci: requests per day": [3, 0] });
    expect(other.requests).toHaveLength(1);
    expect(limited.rows.map(({ end }) => end.status)).toEqual(["success", "success", "success"]);
  });

  it.each([
    ["whose call makes no attempt", (own: ChatProvider) => cache(own), (other: ChatProvider) => other],
    [
      "that waits longer than its call",
      (own: ChatProvider) => own,
      (other: ChatProvider) => concurrencyLimit(other, { limit: 1 }),
    ],
  ])("never overshoots by a copy %s", async (_what, ownOf, otherOf) => {
    const replies: ScriptedReply[] = [{ delayMs: 5, usage: usage(100) }];
    const own = scripted({ name: "own", facts, replies: [{ usage: usage(10) }] });
    const other = scripted({ name: "other", facts, replies });
    const limited = await start({
      routes: { chat: mirror(ownOf(own), otherOf(other)) },
      key: { limits: [{ dollars: 0.03, per: "day" }] },
    });
    const all = await Promise.all(Array.from({ length: 60 }, () => chat(limited)));
    expect(all.some(({ status }) => status === 200)).toBe(true);
    await until(async () => Object.values(await limited.buckets()).every(([, held]) => held === 0));
    const { dollars } = spent(limited);
    expect(dollars).toBeLessThanOrEqual(0.03);
    expect((await limited.buckets())["key ci: dollars per day"]?.[0]).toBeCloseTo(dollars, 8);
    const attempts = limited.rows.flatMap(({ end }) =>
      end.attempts.filter(({ outcome }) => outcome !== "skipped"),
    );
    expect(attempts).toHaveLength(own.requests.length + other.requests.length);
    expect(other.requests.length).toBeGreaterThan(3);
  });

  it("leaves copies the time to end when the gateway stops", async () => {
    const own = scripted({ name: "own", facts, replies: [{ usage: usage(10) }] });
    const other = scripted({
      name: "other",
      facts,
      replies: [{ delayMs: 400, usage: usage(30) }, { silent: true }],
    });
    const make = () =>
      start({ routes: { chat: mirror(own, other) }, key: { limits: [{ requests: 9, per: "day" }] } });
    const limited = await make();
    expect((await chat(limited)).status).toBe(200);
    await limited.gateway.close();
    expect(limited.rows.map(({ end }) => end.status)).toEqual(["success", "success"]);
    const cut = await make();
    expect((await chat(cut)).status).toBe(200);
    await cut.gateway.cut();
    expect(cut.rows.map(({ end }) => end.status)).toEqual(["success", "cancelled"]);
  });

  it("is refused where no model has a known price and a limit counts dollars", async () => {
    const priced = scripted({ name: "priced", facts, replies: [{ usage: usage(10) }] });
    const unknown = scripted({ name: "unknown" });
    const limited = await start({
      routes: { chat: unknown, both: failover([unknown, priced]) },
      key: { limits: [{ dollars: 5, per: "day" }] },
    });
    expect((await chat(limited)).status).toBe(429);
    expect(unknown.requests).toHaveLength(0);
    expect((await chat(limited, { model: "both" })).status).toBe(200);
    expect((await limited.buckets())["key ci: dollars per day"]).toEqual([0.00014, 0]);
  });

  it("takes another route where an exhausted limit names one, and counts there", async () => {
    const [dear, cheap] = ["dear", "cheap"].map((name) =>
      scripted({ name, facts, replies: [{ usage: usage(10) }] }),
    ) as [ReturnType<typeof scripted>, ReturnType<typeof scripted>];
    const limited = await start({
      routes: { chat: dear, cheap },
      key: {
        limits: [
          { requests: 1, per: "day", onExhausted: { route: "cheap" } },
          { requests: 2, per: "month", routes: ["cheap"] },
        ],
      },
    });
    const statuses: number[] = [];
    for (let i = 0; i < 4; i++) statuses.push((await chat(limited)).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect([dear.requests.length, cheap.requests.length]).toEqual([1, 2]);
    expect(limited.rows.map(({ route }) => route)).toEqual(["chat", "cheap", "cheap"]);
  });

  describe("asks another route only as its key may", () => {
    const limits: readonly Limit[] = [{ requests: 1, per: "day", onExhausted: { route: "cheap" } }];
    const inside = { limits: [], kinds: ["chat"] } as const;
    it.each<[string, Parameters<typeof startLimited>[0]["groups"], KeyDraft, number]>([
      ["its lists are open", [], { limits }, 200],
      ["it may ask for both", [], { limits, routes: ["chat", "cheap"], models: ["ch*"] }, 200],
      ["it may ask one route", [], { limits, routes: ["chat"] }, 429],
      ["it may ask for one model", [], { limits, models: ["chat"] }, 429],
      ["it may ask one route, and its group names the other", [{ limits }], { routes: ["chat"] }, 429],
      ["its group may ask one route", [{ routes: ["chat"] }], { limits }, 429],
      ["its outer group may ask for one model", [{ models: ["chat"] }, { limits }], inside, 429],
      ["its group may ask for both", [{ routes: ["chat", "cheap"] }], { limits }, 200],
    ])("%s", async (_, groups = [], key, status) => {
      const [dear, cheap] = ["dear", "cheap"].map((name) => scripted({ name, facts })) as [
        ReturnType<typeof scripted>,
        ReturnType<typeof scripted>,
      ];
      const limited = await start({ routes: { chat: dear, cheap }, groups, key });
      expect((await chat(limited)).status).toBe(200);
      const second = await chat(limited);
      expect(second.status).toBe(status);
      expect([dear.requests.length, cheap.requests.length]).toEqual([1, status === 200 ? 1 : 0]);
      if (status === 429)
        expect(second.body).toMatch(
          /The limit is reached: \w+ \w+: requests per day .* This key may not ask for the route that would answer instead/,
        );
    });

    it.each<[string, KeyDraft, string]>([
      ["makes calls of one kind", { kinds: ["embed"] }, "of the kind chat"],
      ["comes from another network", { networks: ["10.0.0.0/8"] }, "from this address"],
    ])("and not at all where it %s", async (_, key, why) => {
      const cheap = scripted({ name: "cheap", facts });
      const limited = await start({
        routes: { chat: scripted({ name: "dear", facts }), cheap },
        key: { ...key, limits },
      });
      for (let i = 0; i < 2; i++)
        expect(await chat(limited)).toMatchObject({ status: 403, body: expect.stringContaining(why) });
      expect(cheap.requests).toEqual([]);
    });
  });

  it("reserves what its model usually uses in soft limits", async () => {
    const provider = scripted({ name: "up", replies: [{ usage: usage(10) }] });
    const limited = await start({
      routes: { chat: provider },
      key: { limits: [{ tokens: 20_000, per: "day", soft: true }] },
    });
    const ask = () => chat(limited, { max_tokens: 15_000 });
    for (let i = 0; i < 20; i++) expect((await ask()).status).toBe(200);
    // Two of the most that a call can use do not fit, and 20 of what calls usually use do.
    expect((await Promise.all(Array.from({ length: 20 }, ask))).map(({ status }) => status)).toEqual(
      Array.from({ length: 20 }, () => 200),
    );
  });

  it("gets a limit of its answer where it has none, which fits small limits", async () => {
    const provider = scripted({ name: "up", replies: [{ usage: usage(10) }] });
    const limited = await start({
      routes: { chat: provider },
      key: { limits: [{ tokens: 2_000, per: "day" }] },
    });
    expect((await chat(limited, { max_tokens: undefined })).status).toBe(200);
    const { maxTokens = 0 } = provider.requests[0] ?? {};
    expect(maxTokens).toBeGreaterThanOrEqual(256);
    expect(maxTokens).toBeLessThan(2_000);
  });
});

describe("a key", () => {
  const status = async (key: object, body: object = {}, groups: readonly object[] = []): Promise<Answer> => {
    const limited = await start({ routes: { chat: scripted({ name: "up" }) }, key, groups });
    return chat(limited, body);
  };

  it.each([
    [{ routes: ["chat"] }, 200],
    [{ routes: ["ch*"] }, 200],
    [{ routes: [] }, 403],
    [{ models: ["other"] }, 403],
    [{ kinds: ["embed"] }, 403],
    [{ networks: ["127.0.0.0/8"] }, 200],
    [{ networks: ["10.0.0.0/8"] }, 403],
    [{ expiresAt: 5 }, 401],
    [{ disabled: true }, 401],
  ])("with %j gives %i", async (key, expected) => {
    expect((await status(key)).status).toBe(expected);
    // What a group may not do, its keys may not.
    expect((await status({}, {}, [{ ...key, expiresAt: undefined }])).status).toBe(
      expected === 401 && "expiresAt" in key ? 200 : expected,
    );
  });

  it.each<readonly [object, object, number]>([
    [{}, { models: ["dear"] }, 200],
    [{ limits: [{ requests: 9, per: "day" }] }, { models: ["dear"] }, 200],
    [{ limits: [{ tokens: 9_000, per: "day" }] }, { models: ["dear"] }, 400],
    [{ limits: [{ dollars: 9, per: "day" }] }, { fallbacks: ["dear"] }, 400],
    [{ models: ["chat"] }, { models: ["dear"] }, 400],
    [{ routes: ["chat"] }, { extra_body: { preset: "dear" } }, 400],
    [{ models: ["chat"] }, { Model: "dear" }, 400],
    [{ models: ["chat"] }, { models: [] }, 200],
  ])("with %j that lets a vendor choose by %j gives %i", async (key, body, expected) => {
    const up = scripted({ name: "up", facts });
    const limited = await start({ routes: { chat: up }, key });
    expect((await chat(limited, body)).status).toBe(expected);
    expect(up.requests).toHaveLength(expected === 200 ? 1 : 0);
  });

  it("sees the models alone that it may ask for", async () => {
    const up = scripted({ name: "up" });
    const limited = await start({ routes: { chat: up, other: up }, key: { routes: ["other"] } });
    const reply = await fetch(`${limited.gateway.url}/v1/models`, {
      headers: { authorization: `Bearer ${KEY}` },
    });
    const { data } = (await reply.json()) as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual(["other"]);
  });

  it("that is made, rotated, limited and deleted takes effect with the next call", async () => {
    const limited = await start({ routes: { chat: scripted({ name: "up" }) } });
    const { directory } = limited.service;
    const ask = async (secret: string) =>
      (await post(limited, "/v1/chat/completions", { model: "chat", messages }, secret)).status;
    const { record, secret } = await directory.createKey({});
    expect(await ask(secret)).toBe(200);
    const next = await directory.rotateKey(record.id);
    expect([await ask(secret), await ask(next.secret)]).toEqual([200, 200]);
    await directory.updateKey(record.id, { limits: [{ requests: 1, per: "day" }] });
    expect([await ask(secret), await ask(next.secret)]).toEqual([200, 429]);
    await directory.deleteKey(record.id);
    expect(await ask(next.secret)).toBe(401);
  });
});

describe("a stream of OpenAI's chats", () => {
  it.each([
    [undefined, "bytes", false],
    [{ include_usage: false }, "translated", false],
    [{ include_usage: true }, "bytes", true],
  ])("with the options %j is counted by its usage", async (options, relay, shown) => {
    const simulator = await startSimulator({
      answer: () => ({ content: [{ type: "text", text: "Hi" }], usage: usage(9_000) }),
    });
    try {
      const provider = defineProvider(
        {
          ...{ id: "up", dialect: "openai-chat", auth: { style: "none" } },
          baseUrl: `${simulator.baseUrl("up", "openai-chat")}/v1`,
        },
        { environment: {}, model: "m" },
      );
      const limited = await start({
        routes: { chat: { provider, model: "m" } },
        key: { limits: [{ tokens: 100_000, per: "day" }] },
      });
      const { headers, body } = await chat(limited, {
        ...{ stream: true, max_tokens: 9_000 },
        ...(options !== undefined && { stream_options: options }),
      });
      expect([headers["x-ai-lib-relay"], body.includes('"usage":{')]).toEqual([relay, shown]);
      expect((await limited.buckets())["key ci: tokens per day"]).toEqual([9_020, 0]);
      const { http } = simulator.at("up")[0] ?? {};
      expect(JSON.parse(String(http?.body))).toMatchObject({ stream_options: { include_usage: true } });
    } finally {
      await simulator.close();
    }
  });
});

describe("the bytes of a client", () => {
  const upstreams = [
    ["/v1/chat/completions", "openai-chat", { model: "chat", messages }, "max_tokens"],
    ["/v1/responses", "openai-responses", { model: "chat", input: "ping" }, "max_output_tokens"],
    ["/v2/chat", "cohere-chat", { model: "chat", messages }, "max_tokens"],
  ] as const;
  it.each(upstreams)(
    "pass with the limit of the answer appended, at %s",
    async (path, dialect, body, field) => {
      const simulator = await startSimulator();
      try {
        const provider = defineProvider(
          {
            id: "up",
            dialect,
            baseUrl: `${simulator.baseUrl("up", dialect)}${path.slice(0, 3)}`,
            auth: { style: "none" },
          },
          { environment: {}, model: "m" },
        );
        const limited = await start({
          routes: { chat: { provider, model: "m" } },
          key: { limits: [{ tokens: 100_000, per: "day" }] },
          maxTokens: 1_234,
        });
        const { status, headers } = await post(limited, path, { ...body, metadata: { kept: "yes" } });
        expect([status, headers["x-ai-lib-relay"]]).toEqual([200, "bytes"]);
        const sent = JSON.parse(String(simulator.at("up")[0]?.http.body));
        expect(sent).toEqual({ ...body, model: "m", metadata: { kept: "yes" }, [field]: 1_234 });
        // A field that may limit the answer already is not written twice.
        const other = await post(limited, path, { ...body, [field]: null });
        expect([other.status, other.headers["x-ai-lib-relay"]]).toEqual([200, "translated"]);
        expect(simulator.at("up")[1]?.request.maxTokens).toBe(1_234);
      } finally {
        await simulator.close();
      }
    },
  );
});
