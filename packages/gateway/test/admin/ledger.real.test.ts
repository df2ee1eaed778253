import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AdminClient } from "../../src/admin/client/admin-client.js";
import { openStore } from "../../src/store/open-store.js";
import { callIdOf } from "../../src/store/packed-calls.js";
import type { Store } from "../../src/store/store.js";
import { attempt, call, packed } from "../support/calls.js";
import { type Started, startAdmin, TOKENS } from "./start.js";

const HOUR_MS = 3_600_000;
const START = Date.parse("2026-11-28T10:00:00Z");
let admin: Started;
let store: Store;

/** The id of one of the calls. */
const idOf = (index: number) => callIdOf(START + index * 60_000 + 500, index);

beforeAll(async () => {
  store = await openStore({ sqlite: ":memory:" });
  const calls = Array.from({ length: 7 }, (_, index) =>
    call(START + index * 60_000 + 500, {
      id: idOf(index),
      key: index < 4 ? "team-a" : "team-b",
      groups: ["acme"],
      attempts: [attempt(index === 6 ? { dialect: "gemini" } : {})],
    }),
  );
  await store.write({
    calls: packed(calls),
    contents: [
      {
        call: idOf(0),
        endedAt: START + 500,
        request: '{"messages":[]}',
        response: '"[redacted]"',
        errors: '[{"attempt":0,"message":"slow"}]',
      },
    ],
    rates: [],
  });
  admin = await startAdmin({}, { usage: store.usage, audit: store.audit });
});
afterAll(async () => {
  await admin.server.close();
  await store.close();
});

const role = "viewer";

describe("usage", () => {
  const times = "from=2026-11-28T10:00:00Z&to=2026-11-28T11:00:00Z";

  it("is grouped by what is asked for", async () => {
    const { status, body } = await admin.call("GET", `/usage?${times}&groupBy=key,hour`, { role });
    expect(status).toBe(200);
    expect(body.groups.map(({ by, sum }: { by: object; sum: { calls: number } }) => [by, sum.calls])).toEqual(
      expect.arrayContaining([
        [{ key: "team-a", hour: "2026-11-28T10:00:00.000Z" }, 4],
        [{ key: "team-b", hour: "2026-11-28T10:00:00.000Z" }, 3],
      ]),
    );
    expect(body.total).toMatchObject({ calls: 7 });
  });

  it("is one sum without a dimension, and restricted by filters", async () => {
    const { body } = await admin.call("GET", `/usage?${times}&key=team-b`, { role });
    expect(body.total.calls).toBe(3);
    expect((await admin.call("GET", `/usage?${times}&group=acme`, { role })).body.total.calls).toBe(7);
  });

  it.each([
    "groupBy=color",
    "groupBy=key,user,tag,route",
    "groupBy=key,key",
    "from=yesterday",
    "from=2026-11-28T12:00:00Z&to=2026-11-28T11:00:00Z",
    "groupBy=hour&from=2026-01-01T00:00:00Z&to=2026-11-28T11:00:00Z",
    "limit=0",
    "color=red",
  ])("refuses %s", async (query) => {
    const { status, body } = await admin.call("GET", `/usage?${query}`, { role });
    expect([status, body.error.code]).toEqual([400, "invalid_request"]);
    expect(body.error.details[0].path).toMatch(/^query\./);
  });

  it("is not there without a store", async () => {
    const bare = await startAdmin();
    expect((await bare.call("GET", "/usage", { role })).body.error.code).toBe("not_configured");
    await bare.server.close();
  });
});

describe("logs", () => {
  it("have pages, the latest first, without losing or repeating a call", async () => {
    const client = new AdminClient({ url: admin.server.url, token: TOKENS.viewer });
    const all = await client.all<{ id: string; endedAt: string }>("/logs");
    expect(all.map(({ id }) => id)).toEqual([6, 5, 4, 3, 2, 1, 0].map(idOf));
    const seen: string[] = [];
    let cursor = "";
    do {
      const { body } = await admin.call("GET", `/logs?limit=3${cursor}`, { role });
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor === undefined ? "" : `&cursor=${body.nextCursor}`;
    } while (cursor !== "");
    expect(seen).toEqual(all.map(({ id }) => id));
  });

  it("name the rate that prices each attempt, and the dialect of its provider where it is known", async () => {
    const { body } = await admin.call("GET", "/logs?limit=2", { role });
    const one = await admin.call("GET", `/logs/${idOf(6)}`, { role });
    expect(one.body).toEqual(body.data[0]);
    expect(one.body).toMatchObject({
      dialect: "openai-chat",
      attempts: [{ rate: "rate-x", dialect: "gemini" }],
    });
    expect(body.data[1].attempts[0]).not.toHaveProperty("dialect");
  });

  it("are restricted by filters", async () => {
    const { body } = await admin.call("GET", "/logs?key=team-b&to=2026-11-28T10:05:30Z", { role });
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([idOf(5), idOf(4)]);
    expect((await admin.call("GET", "/logs?kind=poem", { role })).body.data).toEqual([]);
  });

  it("show one call, and its content only to operators", async () => {
    const { body } = await admin.call("GET", `/logs/${idOf(0)}`, { role });
    expect(body).toMatchObject({
      id: idOf(0),
      key: "team-a",
      groups: ["acme"],
      endedAt: "2026-11-28T10:00:00.500Z",
    });
    expect((await admin.call("GET", `/logs/${idOf(0)}/content`, { role })).status).toBe(403);
    const content = await admin.call("GET", `/logs/${idOf(0)}/content`, { role: "operator" });
    expect(content.body).toEqual({
      ...{ request: { messages: [] }, response: "[redacted]" },
      errors: [{ attempt: 0, message: "slow" }],
    });
    expect((await admin.call("GET", `/logs/${idOf(1)}/content`, { role: "operator" })).status).toBe(404);
    expect((await admin.call("GET", "/logs/nothing", { role })).status).toBe(404);
  });

  it("are followed as calls end, and continue where a client disconnected", async () => {
    const abort = new AbortController();
    const client = new AdminClient({ url: admin.server.url, token: TOKENS.viewer, signal: abort.signal });
    const events = client.events("/logs/tail", { key: "team-c" });
    let came = false;
    const first = events.next().finally(() => {
      came = true;
    });
    // Calls that end before the tail has begun are not in it.
    let made = 0;
    for (; !came && made < 50; made++) {
      await store.write({
        calls: packed([call(START + HOUR_MS + made, { key: "team-c" })]),
        contents: [],
        rates: [],
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const { value } = await first;
    expect(value).toMatchObject({ event: "call" });
    const seen = JSON.parse(value?.data ?? "") as { id: string };
    expect(seen).toMatchObject({ id: expect.stringMatching(/^call_/), key: "team-c" });
    abort.abort();
    await events.return(undefined);

    const last = call(START + HOUR_MS + made, { key: "team-c" });
    await store.write({ calls: packed([last]), contents: [], rates: [] });
    const again = await fetch(`${admin.server.url}/admin/v1/logs/tail?key=team-c`, {
      headers: { authorization: `Bearer ${TOKENS.viewer}`, "last-event-id": value?.id ?? "" },
    });
    expect(again.headers.get("content-type")).toBe("text/event-stream");
    const reader = again.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    while (!text.includes(last.id)) text += (await reader?.read())?.value ?? "";
    expect(text).toContain(`"id":"${last.id}"`);
    expect(text).not.toContain(`"id":"${seen.id}"`);
    await reader?.cancel();
    expect((await admin.call("GET", "/logs/tail?color=red", { role })).status).toBe(400);
    const wrong = await admin.call("GET", "/logs/tail", { role, headers: { "last-event-id": "abc" } });
    expect(wrong.status).toBe(400);
  });

  it("end their streams when the server closes", async () => {
    const own = await startAdmin({}, { usage: store.usage });
    const response = await fetch(`${own.server.url}/admin/v1/logs/tail`, {
      headers: { authorization: `Bearer ${TOKENS.viewer}` },
    });
    const text = response.text();
    await own.server.close();
    expect(await text).toContain(": connected");
  });
});

describe("the audit log in a store", () => {
  it("has pages", async () => {
    for (let i = 0; i < 3; i++) await admin.call("DELETE", `/keys/audit-${i}`, { role });
    const first = await admin.call("GET", "/audit?limit=2", { role: "owner" });
    const second = await admin.call("GET", `/audit?limit=2&cursor=${first.body.nextCursor}`, {
      role: "owner",
    });
    const targets = [...first.body.data, ...second.body.data].map(({ target }: { target: string }) => target);
    expect(targets.slice(0, 3)).toEqual(["audit-2", "audit-1", "audit-0"]);
  });
});
