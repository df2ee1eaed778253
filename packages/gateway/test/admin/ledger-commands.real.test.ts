import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../src/command.js";
import { openStore } from "../../src/store/open-store.js";
import type { Rate } from "../../src/store/rates.js";
import type { Store } from "../../src/store/store.js";
import { attempt, call } from "../support/calls.js";
import { type Started, startAdmin, TOKENS } from "./start.js";

const START = Date.parse("2026-11-28T10:00:00Z");
const RATE: Rate = {
  ...{ id: "rate-x", provider: "openai", model: "gpt-x", variant: "", since: START, edited: false },
  price: { input: 2, output: 10 },
};
let admin: Started;
let store: Store;

beforeAll(async () => {
  store = await openStore({ sqlite: ":memory:" });
  const calls = Array.from({ length: 7 }, (_, index) =>
    call(START + index * 60_000, {
      id: `call_${index}`,
      key: index < 4 ? "team-a" : "team-\u001b[31mb",
      ...(index === 6 && { status: "error", code: "RATE_LIMIT", attempts: [attempt({ rate: undefined })] }),
    }),
  );
  const content = { call: "call_0", endedAt: START, request: '{"a":1}', response: '"pong"' };
  await store.write({ calls, contents: [content], rates: [RATE] });
  admin = await startAdmin({}, { usage: store.usage });
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
    AI_LIB_GATEWAY_ADMIN_TOKEN: TOKENS.viewer,
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
      expect.stringMatching(/^team-\?\[31mb +2026-11-28T00:00:00\.000Z +3 +1 +300 +0 +30 +0\.000600$/),
      expect.stringMatching(/^TOTAL +7 +1 +700 +0 +70 +0\.001800$/),
      "1 attempts have no known price and are not in the dollars",
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
    expect(lines.map((line) => line.split(/ +/).at(-1))).toEqual(["ID", "call_6", "call_5", "call_4"]);
    expect(lines[1]).toMatch(
      /^2026-11-28T10:06:00\.000Z +RATE_LIMIT +team-\?\[31mb +chat +openai\/gpt-x +500 +100 +10 +\? /,
    );
    const failed = JSON.parse(await output("logs", "--json", "--status", "error", ...TIMES));
    expect(failed.map(({ id }: { id: string }) => id)).toEqual(["call_6"]);
  });

  it("prints one call with its attempts, and its content only to operators", async () => {
    expect((await output("logs", "show", "call_0")).trim().split("\n").at(-1)).toMatch(
      /^openai\/gpt-x +success +500 +0\.000300$/,
    );
    const refused = command("logs", "show", "call_0", "--content");
    expect(await refused.code).toBe(1);
    expect(refused.written.err).toContain("forbidden");
  });

  it("follows calls as they end, until it is interrupted", async () => {
    const { written, abort, code } = command("logs", "--follow", "--key", "tailed");
    for (let i = 0; i < 300 && written.out === ""; i++) {
      await store.write({ calls: [call(START + 3_600_000 + i, { key: "tailed" })], contents: [], rates: [] });
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(written.out).toMatch(/^2026-11-28T11:00:\S+ +success +tailed +chat/);
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
