import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../src/command.js";
import { Directory } from "../../src/keys/directory.js";
import { MemoryKeyStore } from "../../src/keys/key-store.js";
import { openStore } from "../../src/store/open-store.js";
import { callIdOf } from "../../src/store/packed-calls.js";
import type { Rate } from "../../src/store/rates.js";
import type { Store } from "../../src/store/store.js";
import { attempt, call, packed } from "../support/calls.js";
import { type Started, startAdmin, TOKENS } from "./start.js";

const START = Date.parse("2026-11-28T10:00:00Z");
const RATE: Rate = {
  ...{ id: "rate-x", provider: "openai", model: "gpt-x", variant: "", since: START, edited: false },
  price: { input: 2, output: 10 },
};
let admin: Started;
let store: Store;

/** The id of one of the calls. */
const idOf = (index: number) => callIdOf(START + index * 60_000, index);

beforeAll(async () => {
  store = await openStore({ sqlite: ":memory:" });
  const calls = Array.from({ length: 7 }, (_, index) => {
    const times = { startedAt: START + index * 60_000, endedAt: START + index * 60_000 + 500 };
    return call(times.endedAt, {
      startedAt: times.startedAt,
      attempts: [attempt(times)],
      id: idOf(index),
      key: index < 4 ? "team-a" : "team-\u001b[31mb",
      ...(index === 6 && {
        status: "error",
        code: "RATE_LIMIT",
        attempts: [attempt({ ...times, rate: undefined })],
      }),
    });
  });
  const content = { call: idOf(0), endedAt: START, request: '{"a":1}', response: '"pong"' };
  await store.write({ calls: packed(calls), contents: [content], rates: [RATE] });
  admin = await startAdmin({}, { usage: store.usage, rates: store.rates });
});
afterAll(async () => {
  await admin.server.close();
  await store.close();
});

/** A command that asks the admin API, and what it printed. */
function command(...args: string[]) {
  const written = { out: "", err: "" };
  const abort = new AbortController();
  const stream = (name: "out" | "err") =>
    ({
      write: (text: string) => {
        written[name] += text;
        return true;
      },
    }) as unknown as NodeJS.WritableStream;
  const environment = {
    AI_LIB_GATEWAY_ADMIN_URL: admin.server.url,
    AI_LIB_GATEWAY_ADMIN_TOKEN: TOKENS[args[0] === "rates" && args[1] === "set" ? "owner" : "viewer"],
  };
  const io = { stdout: stream("out"), stderr: stream("err"), environment, signal: abort.signal };
  return { written, abort, code: run(io, args) };
}

async function output(...args: string[]): Promise<string> {
  const { written, code } = command(...args);
  expect([args, await code, written.err]).toEqual([args, 0, ""]);
  return written.out;
}

const TIMES = ["--since", "2026-11-28T10:00Z", "--until", "2026-11-28T11:00Z"];

describe("ai-lib-gateway usage", () => {
  it("prints groups with a total, without control characters of others", async () => {
    expect((await output("usage", "--by", "key,day", ...TIMES)).split("\n")).toEqual([
      "2026-11-28T10:00:00.000Z to 2026-11-28T11:00:00.000Z",
      expect.stringMatching(/^KEY +DAY +CALLS +ERRORS +INPUT +CACHED +OUTPUT +DOLLARS$/),
      expect.stringMatching(/^team-a +2026-11-28T00:00:00\.000Z +4 +0 +400 +0 +40 +0\.001200$/),
      expect.stringMatching(/^team-\\u001b\[31mb +2026-11-28T00:00:00\.000Z +3 +1 +300 +0 +30 +0\.000600$/),
      expect.stringMatching(/^TOTAL +7 +1 +700 +0 +70 +0\.001800$/),
      "1 attempt has no known price: the dollars are without",
      "",
    ]);
  });

  it("restricts by filters, and prints JSON", async () => {
    const report = JSON.parse(await output("usage", "--json", "--key", "team-a", "--limit", "5", ...TIMES));
    expect(report).toMatchObject({ total: { calls: 4 }, groups: [{ by: {}, sum: { calls: 4 } }] });
    expect(await output("usage", "--since", "1h")).toContain("CALLS");
  });

  it.each([
    ["--since", "soon"],
    ["--by", "colour"],
    ["--limit", "0"],
  ])("refuses %s %s", async (option, value) => {
    const { written, code } = command("usage", option, value);
    expect(await code).toBeGreaterThan(0);
    expect(written.err).not.toBe("");
  });
});

describe("ai-lib-gateway logs", () => {
  it("prints the latest calls, by filter", async () => {
    const lines = (await output("logs", "--limit", "3")).trim().split("\n");
    expect(lines.map((line) => line.split(/ +/).at(-1))).toEqual(["ID", idOf(6), idOf(5), idOf(4)]);
    expect(lines[1]).toMatch(
      /^2026-11-28T10:06:00\.500Z +RATE_LIMIT +team-\\u001b\[31mb +chat +openai\/gpt-x +500 +100 +10 +\? /,
    );
    const failed = JSON.parse(await output("logs", "--json", "--status", "error", ...TIMES));
    expect(failed.map(({ id }: { id: string }) => id)).toEqual([idOf(6)]);
  });

  it("prints one call with its attempts, and its content only to operators", async () => {
    const lines = (await output("logs", "show", idOf(0))).trim().split("\n");
    expect(lines.at(-1)).toMatch(/^openai\/gpt-x +- +success +500 +- +100 +10 +0\.000300 +rate-x$/);
    const refused = command("logs", "show", idOf(0), "--content");
    expect(await refused.code).toBe(1);
    expect(refused.written.err).toContain("forbidden");
  });

  it("prints all of a call, with marks of estimates, and nothing for an attempt that used nothing", async () => {
    const at = START - 7_200_000;
    const attempts = [
      attempt({ outcome: "error", code: "RATE_LIMIT", meters: undefined, rate: undefined }),
      attempt({ dialect: "gemini", startedAt: at, endedAt: at + 900, firstContentMs: 120, estimated: true }),
    ];
    const whole = call(at + 1_000, {
      ...{ startedAt: at, key: "whole", user: "u-1", session: "s-9", tags: ["a", "b"] },
      ...{ dialect: "anthropic-messages", model: "asked", mode: "stream", attempts },
    });
    await store.write({ calls: packed([whole]), contents: [], rates: [] });
    const lines = (await output("logs", "show", whole.id)).trim().split("\n");
    expect(lines.map((line) => line.replace(/ {2,}/g, " | "))).toEqual([
      `CALL | ${whole.id}`,
      "started | 2026-11-28T08:00:00.000Z",
      "ended | 2026-11-28T08:00:01.000Z",
      "status | success",
      "took | 1000 ms",
      "first content | 200 ms",
      "key | whole",
      "groups | acme search",
      "user | u-1",
      "session | s-9",
      "tags | a, b",
      "route | chat",
      "model | asked",
      "kind | chat, stream",
      "dialect | anthropic-messages",
      "tokens | ~100 in, ~10 out",
      "dollars | ~0.000300",
      "",
      "ATTEMPT | DIALECT | OUTCOME | MS | FIRST | INPUT | OUTPUT | DOLLARS | RATE",
      "openai/gpt-x | - | RATE_LIMIT | 0 | - | - | - | - | -",
      "openai/gpt-x | gemini | success | 900 | 120 | ~100 | ~10 | ~0.000300 | rate-x",
      "~ estimated: a provider reported no usage, or its cost is unknown",
    ]);
    expect(JSON.parse(await output("logs", "show", whole.id, "--json"))).toMatchObject({
      dialect: "anthropic-messages",
      attempts: [{ outcome: "error" }, { dialect: "gemini" }],
    });
    expect(await output("logs", "--key", "whole")).toMatch(/ ~100 +~10 +~0\.000300 .*\n~ estimated/);
  });

  it("says that no call matches, and that there is no such key", async () => {
    const keys = await Directory.open({ store: new MemoryKeyStore() });
    await keys.createKey({ id: "unused" });
    const own = await startAdmin({}, { usage: store.usage, keys });
    for (const name of ["logs", "usage"] as const) {
      const at = ["--url", own.server.url];
      expect(await output(name, "--key", "nokey", ...at)).toMatch(
        /^No call matches, and there is no key "nokey"$/m,
      );
      expect(await output(name, "--group", "none", ...at)).toMatch(/there is no group "none"$/m);
      expect(await output(name, "--key", "unused", ...at)).toMatch(/^No call matches$/m);
      expect(await output(name, "--key", "nokey", ...at, "--json")).not.toContain("No call");
    }
    await own.server.close();
  });

  it("follows calls as they end, until it is interrupted", async () => {
    const { written, abort, code } = command("logs", "--follow", "--key", "tailed");
    for (let i = 0; i < 300 && !written.out.includes("tailed"); i++) {
      await store.write({
        calls: packed([call(START + 3_600_000 + i, { key: "tailed" })]),
        contents: [],
        rates: [],
      });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(written.out.split("\n").slice(0, 2)).toEqual([
      expect.stringMatching(/^ENDED +STATUS +KEY +ROUTE +MODEL +MS +INPUT +OUTPUT +DOLLARS +ID$/),
      expect.stringMatching(/^2026-11-28T11:00:\S+ +success +tailed +chat +openai\/gpt-x +0 +100 +10 /),
    ]);
    const [head = "", line = ""] = written.out.split("\n");
    for (const [name, cell] of [
      ["STATUS", "success"],
      ["KEY", "tailed"],
      ["MODEL", "openai/gpt-x"],
      ["ID", "call_"],
    ] as const)
      expect(line.indexOf(cell)).toBe(head.indexOf(name));
    abort.abort();
    expect(await code).toBe(0);
  });

  it.each([[["logs", "--limit", "many"]], [["logs", "--follow", "--since", "1h"]], [["logs", "show"]]])(
    "refuses %j",
    async (args) => {
      expect(await command(...args).code).toBe(2);
    },
  );
});

describe("ai-lib-gateway rates", () => {
  it("prints the rate card, and corrects a price for the past too", async () => {
    expect((await output("rates", "list", "--provider", "openai")).split("\n").slice(0, 2)).toEqual([
      expect.stringMatching(/^ID +PROVIDER +MODEL +VARIANT +INPUT +CACHED +OUTPUT +SINCE +SOURCE$/),
      expect.stringMatching(/^rate-x +openai +gpt-x +2 +\? +10 +2026-11-28T10:00:00.000Z +catalogue$/),
    ]);
    expect(await output("rates", "list", "--model", "other")).not.toContain("rate-x");
    const cost = async () => JSON.parse(await output("usage", "--json", ...TIMES)).total.dollars;
    const before = await cost();
    expect(await output("rates", "set", "rate-x", "--input", "20", "--output", "100")).toMatch(
      /rate-x .* 20 +\? +100 .*operator$/m,
    );
    expect(await cost()).toBeCloseTo(10 * before, 9);
    await output("rates", "set", "rate-x", "--input", "2", "--output", "10", "--request", "0.5");
    expect(JSON.parse(await output("rates", "list", "--json"))[0].price).toEqual({
      input: 2,
      output: 10,
      request: 0.5,
    });
    expect((await admin.audit.read({ action: "rate.update" })).entries).toMatchObject([
      { target: "rate-x" },
      { target: "rate-x" },
    ]);
  });

  it.each([
    [["rates", "set", "rate-x"], 2, "Give at least one of --input"],
    [["rates", "set", "rate-x", "--input", "much"], 2, "must be an amount of US dollars"],
    [["rates", "set", "none", "--input", "1"], 1, 'There is no rate "none"'],
  ])("%j is wrong", async (args, status, message) => {
    const { written, code } = command(...args);
    expect([await code, written.out]).toEqual([status, ""]);
    expect(written.err).toContain(message);
  });

  it("changes only the price that was read", async () => {
    const role = "owner";
    const first = await admin.call("GET", "/rates/rate-x", { role });
    const body = { price: { input: 3, output: 9 } };
    const headers = { "if-match": first.headers.get("etag") ?? "" };
    const changed = await admin.call("PATCH", "/rates/rate-x", { role, headers, body });
    expect(changed).toMatchObject({ status: 200, body: { price: body.price, edited: true } });
    const again = await admin.call("PATCH", "/rates/rate-x", { role, headers, body });
    expect([again.status, again.body.error.code]).toEqual([412, "version_conflict"]);
    for (const price of [{ input: -1, output: 1 }, { input: 1 }, { input: 1, output: 1, tiers: {} }]) {
      const wrong = await admin.call("PATCH", "/rates/rate-x", {
        ...{ role, body: { price } },
        headers: { "if-match": "*" },
      });
      expect([wrong.status, wrong.body.error.code]).toEqual([400, "invalid_request"]);
    }
  });
});

describe("ai-lib-gateway usage by session", () => {
  it("prints sessions over whole days", async () => {
    await store.write({ calls: packed([call(START, { session: "s-1" })]), contents: [], rates: [] });
    expect(await output("usage", "--by", "session", ...TIMES)).toMatch(/^s-1 +1 +0 +100 /m);
    expect(await output("usage", "--session", "s-1", ...TIMES)).toMatch(
      /^2026-11-28T00:00:00.000Z to 2026-11-29T00:00:00.000Z$/m,
    );
    for (const args of [
      ["--by", "session", "--since", "2026-11-01"],
      ["--by", "session,hour", ...TIMES],
    ])
      expect(await command("usage", ...args).code).toBe(1);
  });
});
