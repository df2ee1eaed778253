import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TOKENS } from "./start.js";
import { startWhole, type Whole } from "./whole.js";

let whole: Whole;
beforeAll(async () => {
  whole = await startWhole({ sqlite: ":memory:" }, { changesPerMinute: 10_000 });
});
afterAll(async () => {
  expect(whole.admin.faults).toEqual([]);
  await whole.close();
});

const role = "owner";
const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

describe("a request is refused with the place that is wrong", () => {
  it.each([
    ["/usage?groupBy=hour,day", "query.groupBy"],
    ["/usage?to=0000-01-01T00:00:00Z", "query.from"],
    ["/usage?from=9999-12-31T01:00:00Z&to=9999-12-31T23:00:00Z", "query.from"],
    ["/usage?user=a%00", "query.user"],
    ["/logs?tag=%00", "query.tag"],
    ["/logs/%00", "path.id"],
    ["/logs/%00/content", "path.id"],
    ["/audit?actor=%00", "query.actor"],
    ["/keys?limit=2&limit=2", "query.limit"],
    ["/keys?__proto__=2", "query.__proto__"],
    ["/keys?limit=201", "query.limit"],
    ["/keys?limit=9999999999999999999999", "query.limit"],
  ])("%s", async (path, place) => {
    const { status, body } = await whole.admin.call("GET", path, { role });
    expect([status, body.error.code, body.error.details?.[0].path]).toEqual([400, "invalid_request", place]);
  });

  const forged: readonly [string, unknown][] = [
    ...["/logs", "/logs/tail"].flatMap((list): [string, unknown][] => [
      [list, { at: 1.5, id: "" }],
      [list, { at: -1, id: "" }],
      [list, { at: 1e300, id: "" }],
      [list, { at: "1", id: "" }],
      [list, { at: 1, id: "\0" }],
      [list, { at: 1, id: "", also: 1 }],
      [list, { after: "a" }],
      [list, null],
    ]),
    ["/audit", { before: "\0" }],
    ["/audit", { before: "" }],
    ["/audit", { before: 7 }],
    ["/audit", { at: 1, id: "" }],
    ["/keys", { after: 7 }],
    ["/keys", { before: "a" }],
    ["/rates", [1]],
  ];
  it.each(forged)("%s with the position %j", async (list, position) => {
    const isTail = list === "/logs/tail";
    const { status, body } = await whole.admin.call(
      "GET",
      isTail ? list : `${list}?cursor=${cursorOf(position)}`,
      { role, headers: isTail ? { "last-event-id": cursorOf(position) } : {} },
    );
    expect([status, body.error.code]).toEqual([400, "invalid_request"]);
  });

  it.each([
    ["too deep", "/explain", `{"request":${deep(5_000)}}`],
    ["too deep for its shape", "/keys", deep(50_000)],
    ["not UTF-8", "/keys", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ["with a mark of its byte order", "/keys", "\ufeff{}"],
    ["cut", "/keys", '{"id":'],
    ["a list", "/keys", "[]"],
    ["a list where no field is known", "/keys/team-a/revoke", "[]"],
  ])("a body that is %s", async (_, path, body) => {
    const response = await fetch(`${whole.admin.server.url}/admin/v1${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${TOKENS.owner}`,
        "content-type": "application/json",
        "if-match": "*",
      },
      body,
    });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { code: "invalid_request", details: [{ path: "body" }] } },
    ]);
  });

  it("with an answer that stays small, whatever is wrong", async () => {
    const names = Array.from({ length: 60_000 }, (_, index) => `"k${index}":1`);
    for (const body of [
      `{${names}}`,
      `{"${"a".repeat(900_000)}":1}`,
      `{"limits":[${Array(9_000).fill("{}")}]}`,
    ]) {
      const { status, text } = await whole.admin.call("POST", "/keys", { role, body });
      expect(status).toBe(400);
      expect(text.length).toBeLessThan(20_000);
    }
  });
});

describe("a key that is too large for the store", () => {
  it("is refused, although its body is not too large", async () => {
    const lists: string[][] = [[], [], [], []];
    const [routes = [], models = [], first = [], second = []] = lists;
    const limits = [first, second].map((each, index) => ({ requests: index + 1, per: "day", routes: each }));
    const full = { id: "large", name: "", routes, models, limits };
    const left = () => 1024 * 1024 - JSON.stringify(full).length;
    for (let index = 0; left() > 20_000; index++)
      for (let many = 0; many < 50; many++)
        lists[Math.floor(index / 20)]?.push(`${`${index}-${many}-`.padEnd(279, "r")}*`);
    while (left() > 300) second.push(`${`${second.length}.`.padEnd(279, "r")}*`);
    full.name = "n".repeat(Math.min(200, left()));
    const { status, body: answer } = await whole.admin.call("POST", "/keys", { role, body: full });
    expect([status, answer.error]).toMatchObject([
      400,
      { code: "invalid_request", message: expect.stringContaining("at most 1048576 characters") },
    ]);
  });
});

describe("a time at the edge of the calendar", () => {
  it.each([
    "from=9999-12-30T00:00:00Z&to=9999-12-31T23:59:59.999Z",
    "from=0000-01-01T00:00:00Z&to=0000-01-01T00:30:00Z&session=a",
    "from=0000-01-01T00:00:00Z&to=9999-12-31T23:59:59Z&groupBy=day",
  ])("has usage: %s", async (query) => {
    expect((await whole.admin.call("GET", `/usage?${query}`, { role })).status).toBe(200);
  });
});

describe("a refused change", () => {
  it("has a target in the audit log that each store can hold", async () => {
    const { status } = await whole.admin.call("DELETE", `/keys/${encodeURIComponent("a\0b")}`, {
      role,
      headers: { "if-match": "*" },
    });
    expect(status).toBe(400);
    const { body } = await whole.admin.call("GET", "/audit?limit=1", { role });
    expect(body.data[0].target).toBe("a\ufffdb");
  });
});

describe("a client that goes away in the middle of a body", () => {
  it("is no fault of the gateway", async () => {
    const { port } = new URL(whole.admin.server.url);
    const socket = connect(Number(port), "127.0.0.1", () =>
      socket.write(
        `POST /admin/v1/keys HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${TOKENS.owner}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"id":`,
        () => socket.destroy(),
      ),
    );
    const seen = () =>
      whole.admin.logs.filter((line) => line.includes('"createKey"') && line.includes('"status":0'));
    for (let i = 0; i < 200 && seen().length === 0; i++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(seen()).toHaveLength(1);
    expect(whole.admin.faults).toEqual([]);
  });
});
