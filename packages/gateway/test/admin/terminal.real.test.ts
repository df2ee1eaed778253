import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { call, packed } from "../support/calls.js";
import { Command } from "../support/command.js";
import { TOKENS } from "./start.js";
import { startWhole, type Whole } from "./whole.js";

const HOSTILE = "x\u001b[2J\u009b31m\u202ey\u0007";
const CONTROL = /(?![\r\n])\p{Cc}|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

let whole: Whole;
beforeAll(async () => {
  whole = await startWhole({ sqlite: ":memory:" });
  const role = "owner";
  await whole.admin.call("POST", "/keys", { role, body: { id: "k", name: HOSTILE, models: [HOSTILE] } });
  await whole.admin.call("POST", "/groups", {
    role,
    body: { id: "g", name: HOSTILE, routes: [`${HOSTILE}*`] },
  });
  const at = Date.parse("2026-11-28T10:30:00Z");
  const told = { key: "k", user: HOSTILE, session: HOSTILE, tags: [HOSTILE], route: HOSTILE, model: HOSTILE };
  await whole.store.write({ calls: packed([call(at, told)]), contents: [], rates: [] });
});
afterAll(() => whole.close());

async function run(args: readonly string[], url = whole.admin.server.url) {
  const command = new Command(args, {
    AI_LIB_GATEWAY_ADMIN_URL: url,
    AI_LIB_GATEWAY_ADMIN_TOKEN: TOKENS.owner,
  });
  return { code: await command.code, out: command.out, error: command.error };
}

const since = ["--since", "2026-11-28T10:00Z", "--until", "2026-11-28T11:00Z"];
const commands: readonly (readonly string[])[] = [
  ["keys", "list"],
  ["keys", "show", "k"],
  ["keys", "limits", "k"],
  ["keys", "rotate", "k"],
  ["groups", "list"],
  ["groups", "show", "g"],
  ["rates", "list"],
  ["logs", ...since],
  ["usage", ...since, "--by", "user,session,tag"],
  ["usage", ...since, "--by", "route,model"],
];

describe("a command", () => {
  it.each(commands.flatMap((args) => [[args], [[...args, "--json"]]]))(
    "%j lets no control sequence of a name reach the terminal",
    async (args) => {
      const { code, out, error } = await run(args);
      expect([code, error, CONTROL.test(out)]).toEqual([0, "", false]);
      if (args.includes("--json")) expect(() => JSON.parse(out)).not.toThrow();
    },
  );

  it("keeps what JSON says", async () => {
    const { out } = await run(["keys", "list", "--json"]);
    expect(JSON.parse(out)).toContainEqual(expect.objectContaining({ id: "k", name: HOSTILE }));
  });

  it.each([
    [["keys", "show", HOSTILE], 1, /\(invalid_request\)\n {2}path\.id: /],
    [["keys", "create", "a b"], 1, /\(invalid_request\)\n {2}body\.id: /],
    [["keys", "create", "--group", "nowhere"], 1, /make it first, with ai-lib-gateway groups create/],
    [["keys", "create", "--limit", "requests=1/year"], 1, /body\.limits\.0\.per: /],
    [["keys", "create", "--expires", "9999999999d"], 2, /--expires must be a time/],
    [["keys", "rotate", "k", "--grace", "99d"], 1, /body\.graceMs: at most 30 days/],
    [["keys", "create", "--limit", "requests=2.5/day"], 1, /body\.limits\.0\.requests: a whole number/],
    [["keys", "create", "--expires", "2020-01-31"], 1, /body\.expiresAt: is in the past/],
    [["keys", "create", "--route", "nope"], 1, /body\.routes\.0: there is no route nope/],
    [["keys", "update", "k", "--route", "*", "nope"], 1, /body\.routes\.1: there is no route nope/],
    [["groups", "create", "h", "--route", "nope"], 1, /body\.routes\.0: there is no route nope/],
    [["groups", "update", "g", "--route", "nope"], 1, /body\.routes\.0: there is no route nope/],
    [
      ["groups", "limits", "g", "--set", "requests=1/day,route=nope,else=gone"],
      1,
      /limits\.0\.routes\.0: there is no route nope\n.*onExhausted\.route: there is no route gone/,
    ],
    [["usage", "--by", "hour,day"], 1, /query\.groupBy: takes `hour` or `day`, not both/],
    [["usage", "--since", "999999d"], 1, /query\.from: /],
    [["usage", "--limit", "none"], 1, /query\.limit: /],
    [["logs", "show", "no-such"], 1, /There is no such call \(not_found\)/],
    [["logs", "--tag", "a\0"], 1, /query\.tag: must not contain NUL/],
    [["explain", "--key", "k", "--file", fileURLToPath(import.meta.url)], 2, /is no JSON: it must be/],
  ] as const)("%j fails with what to do, in one piece", async (args, expected, message) => {
    const { code, out, error } = await run(args);
    expect([code, out]).toEqual([expected, ""]);
    expect(error).toMatch(message);
    expect(CONTROL.test(error)).toBe(false);
    expect(error).not.toMatch(/\.[jt]s:\d+/);
  });

  describe("that asks something else than an admin API", () => {
    let server: Server;
    let answer = "";
    beforeAll(async () => {
      server = createServer((_, response) => {
        if (answer === "cut")
          response.writeHead(200, { "content-length": 9 }).write("{", () => response.destroy());
        else response.writeHead(200).end(answer);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    });
    afterAll(() => server.close());

    it.each([
      ["<html>", "is no admin API"],
      ["", "is no admin API"],
      ["cut", "cannot be reached"],
    ])("which answers %j says so", async (text, message) => {
      answer = text;
      const { port } = server.address() as AddressInfo;
      const { code, error } = await run(["keys", "show", "k"], `http://127.0.0.1:${port}`);
      expect([code, error]).toEqual([1, expect.stringContaining(message)]);
    });
  });
});
