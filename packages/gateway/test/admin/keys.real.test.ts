import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { formatLimitStates } from "../../src/admin/client/limit-states.js";
import { run } from "../../src/command.js";
import { Directory, declaredKey } from "../../src/keys/directory.js";
import { MemoryKeyStore } from "../../src/keys/key-store.js";
import { type Started, startAdmin, TOKENS } from "./start.js";

const FILE_SECRET = "aik_the-secret-of-the-file";
const role = "operator";
const store = new MemoryKeyStore();
let admin: Started;
let directory: Directory;

beforeAll(async () => {
  directory = await Directory.open(
    { store, pepper: "the-pepper" },
    { keys: [declaredKey("of-the-file", FILE_SECRET, {}, "the-pepper")], groups: [] },
  );
  admin = await startAdmin(
    {},
    {
      keys: directory,
      limitsOf: async (id, kind) => [
        {
          node: { kind, id },
          bucket: `${kind} ${id}: requests per hour`,
          limit: { requests: 9, per: "hour" },
          max: 9,
          used: 2,
          reserved: 1,
          resetAt: 3_600_000,
        },
      ],
    },
  );
});
afterAll(() => admin.server.close());

/** Runs a command against the admin API. */
async function command(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const written = { out: "", err: "" };
  const stream = (name: "out" | "err") => {
    const write = (text: string) => {
      written[name] += text;
      return true;
    };
    return { write } as unknown as NodeJS.WritableStream;
  };
  const code = await run(
    {
      stdout: stream("out"),
      stderr: stream("err"),
      environment: { AI_LIB_GATEWAY_ADMIN_URL: admin.server.url, AI_LIB_GATEWAY_ADMIN_TOKEN: TOKENS.owner },
      signal: new AbortController().signal,
    },
    args,
  );
  return { code, ...written };
}

describe("a key", () => {
  it("is made, shown once, changed, rotated, revoked and deleted", async () => {
    const group = await admin.call("POST", "/groups", { role, body: { id: "acme", level: "organisation" } });
    expect([group.status, group.headers.get("etag")]).toEqual([201, expect.stringMatching(/^"1-\w+"$/)]);
    const made = await admin.call("POST", "/keys", {
      role,
      body: {
        id: "team/a",
        group: "acme",
        limits: [{ requests: 10, per: "minute" }],
        expiresAt: "2999-01-01T00:00:00.000Z",
      },
    });
    expect([made.status, made.body.key.id]).toEqual([201, "team/a"]);
    const { secret } = made.body;
    expect(secret).toMatch(/^aik_[\w-]{40,}$/);
    expect(directory.find(secret)).toBe("team/a");

    const shown = await admin.call("GET", "/keys/team%2Fa", { role: "viewer" });
    expect(shown.body).toMatchObject({
      id: "team/a",
      group: "acme",
      expiresAt: "2999-01-01T00:00:00.000Z",
      revision: 1,
    });
    expect(secret.startsWith(shown.body.secrets[0].start)).toBe(true);
    expect(shown.text).not.toContain(secret);
    expect(shown.text).not.toMatch(/"hash"/);

    const patch = (body: unknown, etag: string) =>
      admin.call("PATCH", "/keys/team%2Fa", { role, body, headers: { "if-match": etag } });
    const changed = await patch({ name: "Team A", expiresAt: null }, made.headers.get("etag") ?? "");
    expect(changed.body).toMatchObject({ name: "Team A", group: "acme", revision: 2 });
    expect(changed.body).not.toHaveProperty("expiresAt");
    expect(changed.body.limits).toEqual([{ requests: 10, per: "minute" }]);

    const rotated = await admin.call("POST", "/keys/team%2Fa/rotate", {
      role,
      body: { graceMs: 60_000 },
      headers: { "if-match": '"2"' },
    });
    expect(directory.find(rotated.body.secret)).toBe("team/a");
    expect(directory.find(secret)).toBe("team/a");
    expect(rotated.body.key.secrets).toHaveLength(2);

    const revoked = await admin.call("POST", "/keys/team%2Fa/revoke", { role, headers: { "if-match": "*" } });
    expect(revoked.body).toMatchObject({ disabled: true, revision: 4 });
    const gone = await admin.call("DELETE", "/keys/team%2Fa", { role, headers: { "if-match": '"4"' } });
    expect([gone.status, gone.text]).toEqual([204, ""]);
    expect((await admin.call("GET", "/keys/team%2Fa", { role })).status).toBe(404);

    const { body } = await admin.call("GET", "/audit?target=team/a", { role: "owner" });
    expect(body.data.map(({ action }: { action: string }) => action)).toEqual([
      "key.delete",
      "key.revoke",
      "key.rotate",
      "key.update",
      "key.create",
    ]);
    expect(body.data[3].details).toMatchObject({
      before: { revision: 1 },
      after: { revision: 2, name: "Team A" },
    });
    for (const text of [secret, rotated.body.secret]) expect(JSON.stringify(body)).not.toContain(text);
  });

  it("is changed only by who read its present version", async () => {
    await admin.call("POST", "/keys", { role, body: { id: "versions" } });
    const patch = (headers: Record<string, string>) =>
      admin.call("PATCH", "/keys/versions", { role, body: { name: "b" }, headers });
    const codes = [];
    for (const headers of [
      {},
      { "if-match": '"7"' },
      { "if-match": 'W/"1"' },
      { "if-match": '"1", "2"' },
      { "if-match": '"x"' },
    ])
      codes.push((await patch(headers as Record<string, string>)).body.error.code);
    expect(codes).toEqual([
      "precondition_required",
      "version_conflict",
      "invalid_request",
      "invalid_request",
      "version_conflict",
    ]);
    const both = await Promise.all([patch({ "if-match": '"1"' }), patch({ "if-match": '"1"' })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    const etag = both.find(({ status }) => status === 200)?.headers.get("etag") ?? "";
    const same = await admin.call("GET", "/keys/versions", { role, headers: { "if-none-match": etag } });
    expect([same.status, same.text, same.headers.get("etag")]).toEqual([304, "", etag]);
    expect(
      (await admin.call("GET", "/keys/versions", { role, headers: { "if-none-match": '"1"' } })).status,
    ).toBe(200);
  });

  it("is made once, however often the request is sent with one Idempotency-Key", async () => {
    const create = (name: string, key = "once") =>
      admin.call("POST", "/keys", { role, body: { name }, headers: { "idempotency-key": key } });
    const first = await create("a");
    const again = await create("a");
    expect([again.status, again.body.key.id]).toEqual([201, first.body.key.id]);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    // The secret was shown, and is nowhere any more.
    expect(again.body).not.toHaveProperty("secret");
    expect((await create("b")).body.error.code).toBe("idempotency_mismatch");
    const other = await admin.call("POST", "/keys", {
      role: "owner",
      body: { name: "a" },
      headers: { "idempotency-key": "once" },
    });
    expect(other.body.key.id).not.toBe(first.body.key.id);
    const together = await Promise.all([create("c", "together"), create("c", "together")]);
    const made = together.filter(
      ({ status, headers }) => status === 201 && headers.get("idempotency-replayed") === null,
    );
    expect(made).toHaveLength(1);
    expect((await create("a", "")).status).toBe(400);
    expect((await create("a", "x".repeat(201))).status).toBe(400);
    // A refusal is not stored.
    const wrong = {
      role,
      body: { id: "late", group: "not-yet" },
      headers: { "idempotency-key": "late" },
    } as const;
    expect((await admin.call("POST", "/keys", wrong)).status).toBe(400);
    await admin.call("POST", "/groups", { role, body: { id: "not-yet" } });
    expect((await admin.call("POST", "/keys", wrong)).status).toBe(201);
  });

  it("of the file is shown, and can be changed only there", async () => {
    const shown = await admin.call("GET", "/keys/of-the-file", { role });
    expect(shown.body).toMatchObject({ managed: "file" });
    const { status, body } = await admin.call("POST", "/keys/of-the-file/rotate", {
      role,
      body: {},
      headers: { "if-match": "*" },
    });
    expect([status, body.error.code]).toEqual([409, "conflict"]);
    expect(shown.text).not.toContain(FILE_SECRET);
  });

  it("names what is wrong of it", async () => {
    const { body } = await admin.call("POST", "/keys", { role, body: { group: "nowhere" } });
    expect(body.error).toMatchObject({ code: "invalid_request", details: [{ path: "body.group" }] });
    const limit = await admin.call("POST", "/keys", {
      role,
      body: { limits: [{ requests: 1, tokens: 1, per: "day" }] },
    });
    expect(limit.body.error.details[0].path).toBe("body.limits.0");
    expect((await admin.call("POST", "/groups", { role, body: { id: "acme" } })).body.error.code).toBe(
      "conflict",
    );
    const used = await admin.call("DELETE", "/groups/not-yet", { role, headers: { "if-match": "*" } });
    expect([used.status, used.body.error.code]).toEqual([409, "conflict"]);
  });

  it("is listed in pages", async () => {
    for (let i = 0; i < 5; i++)
      await admin.call("POST", "/keys", { role, body: { id: `page-${i}`, group: "acme" } });
    const seen: string[] = [];
    let cursor = "";
    for (let i = 0; i < 10; i++) {
      const { body } = await admin.call("GET", `/keys?group=acme&limit=2${cursor}`, { role: "viewer" });
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      if (body.nextCursor === undefined) break;
      cursor = `&cursor=${body.nextCursor}`;
    }
    expect(seen).toEqual(["page-0", "page-1", "page-2", "page-3", "page-4"]);
    expect((await admin.call("GET", "/keys?limit=0", { role })).status).toBe(400);
    expect((await admin.call("GET", "/keys?limit=2&limit=3", { role })).status).toBe(400);
  });
});

describe("the state of a key", () => {
  const stateOf = async (id: string) => {
    const { body } = await admin.call("GET", `/keys/${id}`, { role });
    return [body.state, body.problem];
  };
  const patch = (path: string, body: object) =>
    admin.call("PATCH", path, { role, body, headers: { "if-match": "*" } });

  it("is what a call with it would find: also where its group is disabled or gone", async () => {
    const file = declaredKey("of-the-file", FILE_SECRET, {}, "the-pepper");
    const group = { id: "leaving", level: "team", createdAt: 0, revision: 1, managed: "file" } as const;
    await directory.declare({ keys: [file], groups: [group] });
    await admin.call("POST", "/groups", { role, body: { id: "paused" } });
    for (const [id, within] of [
      ["in-leaving", "leaving"],
      ["in-paused", "paused"],
      ["alone", undefined],
    ]) {
      const { body } = await admin.call("POST", "/keys", { role, body: { id, group: within } });
      expect([body.key.state, body.key.problem]).toEqual(["active", undefined]);
    }
    const etag = (await admin.call("GET", "/keys/in-leaving", { role })).headers.get("etag");
    await directory.declare({ keys: [file], groups: [] });
    await patch("/groups/paused", { disabled: true });
    expect(await stateOf("in-leaving")).toEqual(["misplaced", "there is no group leaving"]);
    expect(await stateOf("in-paused")).toEqual(["disabled", "the group paused is disabled"]);
    expect((await admin.call("GET", "/keys/in-leaving", { role })).headers.get("etag")).toBe(etag);
    const { out } = await command("keys", "list");
    expect(out).toMatch(/^in-leaving +leaving +refused: there is no group leaving +never$/m);
    expect(out).toMatch(/^in-paused +paused +refused: the group paused is disabled +never$/m);
    expect((await command("keys", "enable", "in-leaving")).out).toBe(
      "The key in-leaving is refused: there is no group leaving\n",
    );
    expect((await patch("/keys/alone", { disabled: true })).body).toMatchObject({
      ...{ state: "disabled", problem: "it is disabled" },
    });
    for (const id of ["in-leaving", "in-paused", "alone"]) await directory.deleteKey(id);
    await directory.deleteGroup("paused");
  });

  it("is unrecognised where its secrets were made with another pepper, until it is rotated", async () => {
    const earlier = await Directory.open({ store, pepper: "another-pepper" });
    await earlier.createKey({ id: "peppered" });
    const later = await Directory.open({ store, pepper: "the-pepper" });
    const other = await startAdmin({}, { keys: later });
    const get = async () => (await other.call("GET", "/keys/peppered", { role })).body;
    expect(await get()).toMatchObject({
      ...{ state: "unrecognised", problem: "it was made with another pepper; rotate it" },
    });
    const any = { "if-match": "*" };
    await other.call("POST", "/keys/peppered/rotate", { role, headers: any });
    expect((await get()).state).toBe("active");
    await later.deleteKey("peppered");
    await other.server.close();
  });

  it("is expired after its time, which no change sets into the past", async () => {
    const expiresAt = Date.now() + 3_600_000;
    await directory.createKey({ id: "ends", expiresAt });
    const past = "2020-01-31T00:00:00.000Z";
    const { status, body } = await patch("/keys/ends", { expiresAt: past });
    expect([status, body.error]).toMatchObject([
      400,
      {
        message: "A key cannot expire in the past; `revoke` refuses it from the next call on",
        details: [{ path: "body.expiresAt", message: "is in the past" }],
      },
    ]);
    expect(await stateOf("ends")).toEqual(["active", undefined]);
    await directory.updateKey("ends", { expiresAt: Date.parse(past) });
    expect(await stateOf("ends")).toEqual(["expired", "it has expired"]);
    expect((await patch("/keys/ends", { name: "another" })).status).toBe(200);
    expect((await command("keys", "list")).out).toMatch(/^ends +another +expired /m);
    expect((await patch("/keys/ends", { expiresAt: null })).body.state).toBe("active");
    await directory.deleteKey("ends");
  });
});

describe("the command keys", () => {
  it("makes, shows, rotates, limits, revokes and deletes a key", async () => {
    const made = await command(
      "keys",
      "create",
      "cli",
      "--name",
      "A B",
      "--limit",
      "requests=5/minute,rolling",
      "dollars=2.5/month",
      "--expires",
      "90d",
      "--json",
    );
    expect(made).toMatchObject({ code: 0, err: "" });
    const { key, secret } = JSON.parse(made.out);
    expect(key.limits).toEqual([
      { requests: 5, per: "minute", window: "rolling" },
      { dollars: 2.5, per: "month" },
    ]);
    expect(directory.find(secret)).toBe("cli");

    const list = await command("keys", "list");
    expect(list.out).toMatch(/^ID +NAME +GROUP +STATE +LIMITS +LAST USED$/m);
    expect(list.out).toMatch(/^cli +A B +active +requests=5\/minute,rolling dollars=2.5\/month +never$/m);
    expect(list.out).not.toContain(secret);
    expect((await command("keys", "show", "cli")).out).toContain("requests=5/minute,rolling");

    const rotated = await command("keys", "rotate", "cli", "--grace", "0");
    const next = /Secret, which is shown this once: (aik_\S+)/.exec(rotated.out)?.[1] ?? "";
    expect([directory.find(next), directory.find(secret)]).toEqual(["cli", undefined]);

    const limits = await command("keys", "limits", "cli", "--set", "tokens=1000/day");
    expect(limits.out).toMatch(
      /^LIMIT +MAX +USED +RUNNING +LEFT +RESET\nkey cli: requests per hour +9 +2 +1 +6 +1970/,
    );
    expect(directory.key("cli")?.limits).toEqual([{ tokens: 1_000, per: "day" }]);

    expect((await command("keys", "revoke", "cli")).code).toBe(0);
    expect(directory.key("cli")?.disabled).toBe(true);
    expect((await command("keys", "list")).out).toMatch(/^cli .* revoked /m);
    expect((await command("keys", "revoke", "cli", "--delete", "--json")).out).toContain('"deleted": true');
    const gone = await command("keys", "show", "cli");
    expect(gone).toMatchObject({ code: 1, out: "", err: 'There is no key "cli" (not_found)\n' });
  });

  it.each([
    [["keys", "create", "--limit", "many"], "is not a limit; write requests="],
    [["keys", "create", "--expires", "soon"], "--expires must be a time such as"],
    [["keys", "limits", "a", "--set", "requests=1/day", "--clear"], "exclude each other"],
    [["keys", "update", "a"], "Give at least one option"],
    [["groups", "update", "a"], "Give at least one option"],
    [["keys", "update", "a", "--expires", "1d", "--clear", "expiry"], "--clear expiry excludes"],
    [["keys", "update", "a", "--clear", "secrets"], "Allowed choices are name, group"],
    [["keys", "list", "--url", "nowhere"], "is not an address of an admin API"],
    [["keys", "list", "--url", "http://gateway.example"], "unprotected"],
  ])("%j is wrong", async (args, message) => {
    const { code, out, err } = await command(...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(message);
  });

  it("shows rounded amounts, the last use after every change, and no birth of a key of the file", async () => {
    await command("keys", "create", "used", "--limit", "dollars=5000/month");
    expect((await command("keys", "show", "used")).out).toMatch(/^last used +never$/m);
    directory.noteUse("used");
    for (const words of [["rotate"], ["update", "--name", "x"], ["show"]]) {
      const [name = "", ...options] = words;
      expect((await command("keys", name, "used", ...options)).out).toMatch(/^last used +20\d\d-/m);
    }
    const bare = formatLimitStates([
      { bucket: "a", limit: { dollars: 5_000 }, max: 5_000, used: 0.000654801, reserved: 0.1 + 0.2 },
      { bucket: "b", limit: {}, max: 1_000, used: 2.4, reserved: 0 },
    ]);
    expect(bare).toMatch(/^a +5000 +0.000655 +0.3 +4999.699345\nb +1000 +2 +0 +998$/m);
    expect((await command("keys", "show", "of-the-file")).out).toMatch(/^created +file$/m);
  });

  it("changes what is named alone, enables a key again, and deletes it", async () => {
    await command("groups", "create", "first");
    await command("groups", "create", "second");
    const fields = ["--name", "A", "--group", "first", "--limit", "requests=5/day", "--model", "m*"];
    await command("keys", "create", "changed", ...fields, "--expires", "90d");
    const before = directory.key("changed");
    const moved = await command("keys", "update", "changed", "--group", "second", "--kind", "chat", "embed");
    expect([moved.code, moved.err]).toEqual([0, ""]);
    expect(moved.out).toMatch(/^group +second$/m);
    expect(directory.key("changed")).toEqual({
      ...before,
      ...{ group: "second", kinds: ["chat", "embed"], revision: 2 },
    });
    const more = ["--limit", "concurrent=2", "--route", "ch*", "--network", "10.0.0.0/8", "--name", "B"];
    await command("keys", "update", "changed", ...more, "--clear", "group", "models", "expiry");
    const { group: _g, models: _m, expiresAt: _e, ...left } = before ?? expect.fail();
    expect(directory.key("changed")).toEqual({
      ...left,
      ...{ kinds: ["chat", "embed"], revision: 3, name: "B", limits: [{ concurrent: 2 }] },
      ...{ routes: ["ch*"], networks: ["10.0.0.0/8"] },
    });
    await command("keys", "revoke", "changed");
    await command("keys", "update", "changed", "--expires", "1d");
    expect(directory.key("changed")?.disabled).toBe(true);
    expect((await command("keys", "enable", "changed")).out).toBe("The key changed is active\n");
    expect(directory.key("changed")?.disabled).toBe(false);
    expect((await command("keys", "delete", "changed")).out).toBe("The key changed is deleted\n");
    for (const words of [["enable"], ["delete"], ["update", "--name", "x"]])
      expect((await command("keys", ...words.slice(0, 1), "changed", ...words.slice(1))).err).toContain(
        'There is no key "changed" (not_found)',
      );
    expect((await command("keys", "update", "of-the-file", "--name", "x")).err).toContain("change it there");
    await command("groups", "update", "second", "--parent", "first", "--limit", "requests=9/day");
    const cleared = await command("groups", "update", "second", "--name", "S", "--clear", "limits");
    expect([cleared.code, directory.group("second")]).toMatchObject([0, { parent: "first", name: "S" }]);
    expect(directory.group("second")).not.toHaveProperty("limits");
  });

  it("says that nothing listens", async () => {
    const { code, err } = await command("keys", "list", "--url", "http://127.0.0.1:9");
    expect(code).toBe(1);
    expect(err).toContain("cannot be reached");
    expect(err).not.toContain(TOKENS.owner);
  });
});

describe("the command groups", () => {
  it("makes, shows, limits, disables and deletes a group", async () => {
    const made = await command(
      "groups",
      "create",
      "org",
      "--level",
      "organisation",
      "--limit",
      "dollars=5/day",
    );
    expect(made).toMatchObject({ code: 0, err: "" });
    expect((await command("groups", "create", "lab", "--parent", "org", "--name", "A lab")).code).toBe(0);
    expect((await command("keys", "create", "in-lab", "--group", "lab")).code).toBe(0);
    expect(directory.group("lab")).toMatchObject({ parent: "org", level: "team", name: "A lab" });

    const list = await command("groups", "list");
    expect(list.out).toMatch(/^ID +NAME +LEVEL +PARENT +STATE +LIMITS$/m);
    expect(list.out).toMatch(/^lab +A lab +team +org +active/m);
    expect((await command("groups", "list", "--parent", "org")).out).not.toMatch(/^org /m);
    expect((await command("groups", "show", "org")).out).toMatch(/^limits +dollars=5\/day$/m);

    const set = await command("groups", "limits", "lab", "--set", "requests=7/minute", "concurrent=2");
    expect(set.out).toMatch(/^LIMIT +MAX +USED +RUNNING +LEFT +RESET$/m);
    expect(set.out).toMatch(/^group lab: requests per hour +9 +2 +1 +6 +1970-01-01T01:00:00/m);
    expect(directory.group("lab")?.limits).toEqual([{ requests: 7, per: "minute" }, { concurrent: 2 }]);
    expect((await command("groups", "limits", "lab", "--clear")).code).toBe(0);
    expect(directory.group("lab")?.limits ?? []).toEqual([]);

    expect((await command("groups", "disable", "lab")).out).toContain("are refused from now on");
    expect(directory.group("lab")?.disabled).toBe(true);
    expect((await command("groups", "enable", "lab")).code).toBe(0);
    expect(directory.group("lab")?.disabled).toBe(false);

    expect(await command("groups", "delete", "lab")).toMatchObject({ code: 1 });
    await command("keys", "revoke", "in-lab", "--delete");
    expect((await command("groups", "delete", "lab", "--json")).out).toContain('"deleted": true');
    expect(directory.group("lab")).toBeUndefined();
  });
});

describe("no answer, log or audit entry", () => {
  it("has a secret or a hash of one, besides the one answer that shows it", async () => {
    const made = await admin.call("POST", "/keys", { role, body: { id: "hidden" } });
    const secrets = [made.body.secret, FILE_SECRET, "the-pepper", ...Object.values(TOKENS)];
    const { keys } = await store.load();
    const hashes = [...keys, ...directory.keys()].flatMap((key) => key.secrets.map(({ hash }) => hash));
    expect(hashes.length).toBeGreaterThan(3);
    const answers = [];
    for (const path of [
      "/keys?limit=200",
      "/keys/hidden",
      "/keys/hidden/limits",
      "/groups",
      "/audit?limit=200",
      "/status",
      "/session",
    ])
      answers.push((await admin.call("GET", path, { role: "owner" })).text);
    answers.push(
      (
        await admin.call("PATCH", "/keys/hidden", {
          role,
          body: { name: made.body.secret, also: made.body.secret },
          headers: { "if-match": "*" },
        })
      ).text,
    );
    const text = [...answers, ...admin.logs].join("\n");
    for (const secret of [...secrets, ...hashes]) expect(text.includes(secret)).toBe(false);
    expect(admin.faults).toEqual([]);
  });
});
