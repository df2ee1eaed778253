import { type AiLibErrorInit, defineProvider, failover, type Price, type Usage } from "ai-lib";
import { hedged } from "ai-lib/strategies";
import { type ScriptedReply, scripted, startSimulator } from "ai-lib/testing";
import { afterEach, describe, expect, it } from "vitest";
import { type Answer, KEY, type Limited, post, startLimited, tokensOf } from "./support/limited.js";

const messages = [{ role: "user", content: "Tell me something that nobody has heard before" }];
const PRICE: Price = { input: 2, output: 10 };
const facts = { price: PRICE, contextWindow: 100_000 };

const open: Limited[] = [];
async function start(options: Parameters<typeof startLimited>[0]): Promise<Limited> {
  const limited = await startLimited(options);
  open.push(limited);
  return limited;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ gateway }) => gateway.cut()));
});

const chat = (limited: Limited, body: object = {}) =>
  post(limited, "/v1/chat/completions", { model: "chat", max_tokens: 100, messages, ...body });

const usage = (outputTokens: number, inputTokens = 20): Usage => ({ inputTokens, outputTokens });

/** What the rows of a gateway add up to. */
function spent({ rows }: Limited): { readonly tokens: number; readonly dollars: number } {
  const attempts = rows.flatMap(({ end }) => end.attempts);
  const used = attempts.flatMap((attempt) => attempt.usage ?? []);
  return {
    tokens: used.reduce((sum, one) => sum + tokensOf(one), 0),
    dollars: attempts.reduce((sum, { cost = 0 }) => sum + cost, 0),
  };
}

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400 && !(await done()); i++) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe("1,000 calls at the same time", () => {
  const cases = [
    ["tokens of an organisation", { tokens: 20_000, per: "day" }],
    ["dollars of an organisation", { dollars: 0.05, per: "month", window: "rolling" }],
    ["requests of an organisation", { requests: 137, per: "total" }],
  ] as const;
  it.each(cases)(
    "never overshoot the %s",
    async (_what, limit) => {
      let calls = 0;
      const provider = scripted({
        name: "up",
        facts,
        replies: (before): ScriptedReply => {
          calls++;
          // Usage up to the very bound, failures, and streams of several pieces.
          const delayMs = (before * 7) % 40;
          if (before % 11 === 3) return { delayMs, error: { code: "PROVIDER_ERROR", message: "down" } };
          return {
            delayMs,
            text: ["some ", "words"],
            everyMs: 1,
            usage: usage(before % 3 === 0 ? 100 : before % 90),
          };
        },
      });
      const limited = await start({
        routes: { chat: provider },
        groups: [{ level: "organisation", limits: [limit] }, { limits: [{ concurrent: 40 }] }],
        key: { limits: [{ requests: 900, per: "hour" }] },
      });
      const answers = await Promise.all(
        Array.from({ length: 1_000 }, (_one, index) => chat(limited, { stream: index % 2 === 0 })),
      );
      // More waves, until nothing fits any more.
      for (let wave = 0; wave < 12; wave++)
        answers.push(...(await Promise.all(Array.from({ length: 40 }, () => chat(limited)))));
      await until(async () => Object.values(await limited.buckets()).every(([, reserved]) => reserved === 0));
      const { tokens, dollars } = spent(limited);
      if ("tokens" in limit) expect(tokens).toBeLessThanOrEqual(limit.tokens);
      if ("dollars" in limit) expect(dollars).toBeLessThanOrEqual(limit.dollars);
      if ("requests" in limit) expect(calls).toBe(limit.requests);
      expect(provider.peak).toBeLessThanOrEqual(40);
      const counts = new Map<number, number>();
      for (const { status } of answers) counts.set(status, (counts.get(status) ?? 0) + 1);
      expect(counts.get(200)).toBeGreaterThan(50);
      expect(counts.get(429)).toBeGreaterThan(500);
      // What the buckets say is what was used.
      const buckets = Object.entries(await limited.buckets());
      const [, [used] = []] = buckets.find(([name]) => name.startsWith("group g0")) ?? [];
      if ("tokens" in limit) expect(used).toBe(tokens);
      if ("dollars" in limit) expect(used).toBeCloseTo(dollars, 6);
    },
    60_000,
  );
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
    expect((await limited.buckets())["key ci: tokens per day"]?.[0]).toBeGreaterThanOrEqual(0);
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
