import { request as httpRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Started, startAdmin, TOKENS } from "./start.js";

let admin: Started;
beforeAll(async () => {
  admin = await startAdmin();
});
afterAll(() => admin.server.close());

describe("a request is refused", () => {
  it.each([
    "Bearer wrong-token-of-enough-characters",
    `Basic ${TOKENS.owner}`,
    `Bearer ${TOKENS.owner}x`,
    "Bearer ",
    `Bearer ${"x".repeat(5_000)}`,
  ])("with %j", async (authorization) => {
    const { status, body } = await admin.call("GET", "/status", { headers: { authorization } });
    expect([status, body.error.code]).toEqual([401, "unauthenticated"]);
  });

  it.each(["evil.example", "evil.example:80", "127.0.0.1.evil.example", "[::2]", "a b"])(
    "that names the host %s: a page of another site whose name leads here",
    async (host) => {
      const status = await new Promise((resolve, reject) => {
        const { port } = new URL(admin.server.url);
        const headers = { host, authorization: `Bearer ${TOKENS.owner}` };
        httpRequest({ host: "127.0.0.1", port, path: "/admin/v1/status", headers }, (reply) => {
          reply.resume();
          resolve(reply.statusCode);
        })
          .on("error", reject)
          .end();
      });
      expect(status).toBe(421);
    },
  );

  it("whose body is no JSON, has another type, or is too long", async () => {
    const role = "operator";
    const bad = await admin.call("POST", "/groups", { role, body: "{" });
    expect([bad.status, bad.body.error.code]).toEqual([400, "invalid_request"]);
    const form = await admin.call("POST", "/groups", {
      role,
      body: "id=a",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    expect([form.status, form.body.error.code]).toEqual([415, "unsupported_media_type"]);
    const long = await admin.call("POST", "/groups", {
      role,
      body: { id: "a", name: "x".repeat(1_100_000) },
    });
    expect([long.status, long.body.error.code]).toEqual([413, "too_large"]);
  });

  it("with unknown fields, each of which it names", async () => {
    const { status, body } = await admin.call("POST", "/groups?also=1", {
      role: "operator",
      body: { id: "a", budget: 5, limits: [{ requests: 0, per: "year" }] },
    });
    expect([status, body.error.code]).toEqual([400, "invalid_request"]);
    const more = await admin.call("POST", "/groups", {
      role: "operator",
      body: { id: "a", budget: 5, limits: [{ requests: 0, per: "year" }] },
    });
    expect(more.body.error.details.map(({ path }: { path: string }) => path).sort()).toEqual([
      "body.budget",
      "body.limits.0.per",
      "body.limits.0.requests",
    ]);
    expect(more.body.error.requestId).toBe(more.headers.get("x-request-id"));
  });

  it("on a path or with a method that the table does not have", async () => {
    expect((await admin.call("GET", "/nothing", { role: "owner" })).status).toBe(404);
    const { status, headers } = await admin.call("PUT", "/keys", { role: "owner" });
    expect([status, headers.get("allow")]).toEqual([405, "GET, POST"]);
    expect((await fetch(`${admin.server.url}/v1/models`)).status).toBe(404);
  });

  it("beyond the changes of a minute", async () => {
    const few = await startAdmin({ changesPerMinute: 2 });
    const change = () => few.call("POST", "/config/reload", { role: "owner" });
    const statuses = [];
    // Two minutes may share the requests.
    for (let i = 0; i < 6; i++) statuses.push(await change());
    const refused = statuses.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(2);
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    await few.server.close();
  });
});

describe("every answer", () => {
  it("is not cached, framed or read by other sites", async () => {
    for (const path of ["/status", "/nothing"]) {
      const { headers } = await admin.call("GET", path, { role: "viewer" });
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
  });

  it("to a browser's question about other sites allows nothing", async () => {
    const { status, headers } = await admin.call("OPTIONS", "/keys", {
      headers: { origin: "https://evil.example", "access-control-request-method": "POST" },
    });
    expect([status, headers.get("access-control-allow-origin")]).toEqual([405, null]);
  });

  it("has the document that the table makes", async () => {
    const { body } = await admin.call("GET", "/openapi.json", { role: "viewer" });
    expect(Object.keys(body.paths)).toContain("/admin/v1/keys/{id}");
    expect(body.paths["/admin/v1/openapi.json"].get.operationId).toBe("getOpenApi");
  });
});

describe("refused changes", () => {
  it("are in the audit log, with their actor", async () => {
    await admin.call("DELETE", "/keys/team-a", { role: "viewer", headers: { "if-match": "*" } });
    const { body } = await admin.call("GET", "/audit?limit=1&action=key.delete", { role: "owner" });
    expect(body.data).toMatchObject([
      { actor: "token:the-viewer", role: "viewer", action: "key.delete", target: "team-a", status: 403 },
    ]);
    expect(body.data[0].details).toMatchObject({ code: "forbidden", name: "the-viewer" });
  });

  it("have pages, whose cursors cannot be made up", async () => {
    for (let i = 0; i < 3; i++) await admin.call("DELETE", `/groups/page-${i}`, { role: "viewer" });
    const first = await admin.call("GET", "/audit?limit=2&action=group.delete", { role: "owner" });
    const second = await admin.call(
      "GET",
      `/audit?limit=2&action=group.delete&cursor=${first.body.nextCursor}`,
      { role: "owner" },
    );
    const targets = [...first.body.data, ...second.body.data].map(({ target }) => target);
    expect(targets.slice(0, 3)).toEqual(["page-2", "page-1", "page-0"]);
    const wrong = await admin.call("GET", "/audit?cursor=abc", { role: "owner" });
    expect([wrong.status, wrong.body.error.code]).toEqual([400, "invalid_request"]);
  });
});

describe("the log of the admin API", () => {
  it("names the call and who made it, and neither token nor path", async () => {
    await admin.call("GET", "/keys/secret-looking-id", { role: "viewer" });
    const logged = () => admin.logs.findLast((text) => text.includes('"getKey"'));
    await expect.poll(logged).toBeDefined();
    const line = JSON.parse(logged() ?? "");
    expect(line).toMatchObject({ admin: "getKey", method: "GET", actor: "token:the-viewer" });
    for (const secret of [...Object.values(TOKENS), "secret-looking-id"])
      expect(admin.logs.join("")).not.toContain(secret);
  });
});
