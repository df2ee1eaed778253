import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Directory, declaredKey } from "../../src/keys/directory.js";
import { KeyService } from "../../src/keys/key-service.js";
import { MemoryKeyStore } from "../../src/keys/key-store.js";
import { ModelTable } from "../../src/model-table.js";
import { startAdmin } from "./start.js";
import { startWhole, type Whole } from "./whole.js";

/** A store that takes its time, so that changes overlap. */
class SlowStore extends MemoryKeyStore {
  override async put(...args: Parameters<MemoryKeyStore["put"]>): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return super.put(...args);
  }
}

let whole: Whole;
beforeAll(async () => {
  const keys = await Directory.open({ store: new SlowStore() });
  await keys.createGroup({ id: "acme", level: "organisation" });
  await keys.createKey({ id: "team-a", group: "acme" });
  whole = await startWhole({ sqlite: ":memory:" }, { changesPerMinute: 10_000 }, (parts) => ({
    ...parts,
    keys,
  }));
});
afterAll(() => whole.close());

const role = "owner";

function patch(path: string, body: object, ifMatch: string) {
  return whole.admin.call("PATCH", path, { role, body, headers: { "if-match": ifMatch } });
}

async function etagOf(path: string): Promise<string> {
  return (await whole.admin.call("GET", path, { role })).headers.get("etag") ?? "";
}

/** Changes of one thing that touch different fields. */
const subjects: readonly [string, readonly object[]][] = [
  ["/keys/team-a", [{ name: "a" }, { routes: ["chat"] }, { models: ["m"] }, { kinds: ["chat"] }]],
  ["/groups/acme", [{ name: "a" }, { routes: ["chat"] }, { models: ["m"] }, { kinds: ["chat"] }]],
];

describe("two owners who change the same at once", () => {
  it.each(subjects)(
    "%s: one of those who read the same version, and no update is lost",
    async (path, bodies) => {
      const etag = await etagOf(path);
      const answers = await Promise.all(bodies.map((body) => patch(path, body, etag)));
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses).toEqual([200, 412, 412, 412]);
      const late = answers.find(({ status }) => status === 412);
      expect(late?.body.error).toMatchObject({
        code: "version_conflict",
        message: expect.stringContaining("read it again"),
      });
    },
  );

  it.each(subjects)("%s: all of those who name any version, and no update is lost", async (path, bodies) => {
    const answers = await Promise.all(bodies.map((body) => patch(path, body, "*")));
    expect(answers.map(({ status }) => status)).toEqual(bodies.map(() => 200));
    const { body } = await whole.admin.call("GET", path, { role });
    expect(body).toMatchObject(Object.assign({}, ...bodies));
  });

  it("a rate: one of those who read the same version; with any version all, and the last one stays", async () => {
    const path = "/rates/aaaaaaaaaaaa";
    const prices = [3, 4, 5].map((input) => ({ price: { input, output: 1 } }));
    const etag = await etagOf(path);
    const read = await Promise.all(prices.map((body) => patch(path, body, etag)));
    expect(read.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
    const any = await Promise.all(prices.map((body) => patch(path, body, "*")));
    expect(any.map(({ status }) => status)).toEqual([200, 200, 200]);
    const { body } = await whole.admin.call("GET", path, { role });
    expect([3, 4, 5]).toContain(body.price.input);
  });

  it("a key that is revoked stays revoked, whatever is patched at the same time", async () => {
    await whole.admin.call("POST", "/keys", { role, body: { id: "hot" } });
    const headers = { "if-match": "*" };
    const [revoked, ...others] = await Promise.all([
      whole.admin.call("POST", "/keys/hot/revoke", { role, headers }),
      ...["a", "b", "c"].map((name) => patch("/keys/hot", { name }, "*")),
      whole.admin.call("POST", "/keys/hot/rotate", { role, body: {}, headers }),
    ]);
    expect([revoked?.status, ...others.map(({ status }) => status)]).toEqual([200, 200, 200, 200, 200]);
    expect((await whole.admin.call("GET", "/keys/hot", { role })).body).toMatchObject({
      disabled: true,
      revision: 6,
    });
  });
});

describe("a version", () => {
  it("of a key that was deleted is none of the one that was made again with its id", async () => {
    const made = await whole.admin.call("POST", "/keys", { role, body: { id: "again" } });
    const etag = made.headers.get("etag") ?? "";
    await whole.admin.call("DELETE", "/keys/again", { role, headers: { "if-match": etag } });
    await whole.admin.call("POST", "/keys", { role, body: { id: "again", name: "another" } });
    expect((await patch("/keys/again", { name: "mine" }, etag)).body.error.code).toBe("version_conflict");
  });

  it("of an id whose former key has calls in the ledger is refused: they would count as those of the new one", async () => {
    const any = { "if-match": "*" };
    for (const [path, id, kind] of [
      ["/keys", "team-a", "key"],
      ["/groups", "acme", "group"],
    ] as const) {
      const created = () => whole.admin.call("POST", path, { role, body: { id } });
      expect((await created()).body.error.message).toBe(`There is a ${kind} ${id} already`);
      expect((await whole.admin.call("DELETE", `${path}/${id}`, { role, headers: any })).status).toBe(204);
      const { status, body } = await created();
      expect([status, body.error.code]).toEqual([409, "conflict"]);
      expect(body.error.message).toContain(`The ledger has calls of a former ${kind} ${id}`);
      expect(body.error.details[0].path).toBe("body.id");
    }
    const { body } = await whole.admin.call("POST", "/keys", { role, body: { name: "without an id" } });
    expect(body.key.id).toMatch(/^key_/);
  });

  it("may be a revision, as a list has it", async () => {
    await whole.admin.call("POST", "/keys", { role, body: { id: "listed" } });
    expect((await patch("/keys/listed", { name: "a" }, '"1"')).status).toBe(200);
    expect((await patch("/keys/listed", { name: "b" }, '"1"')).status).toBe(412);
  });

  it("of a key of the file changes with the file", async () => {
    const service = await KeyService.open();
    const table = new ModelTable({ routes: [], providers: new Map() });
    const serve = (name: string) =>
      service.serve({
        table,
        declared: { keys: [declaredKey("filed", "secret", { name }, "")], groups: [] },
      });
    await serve("before");
    const admin = await startAdmin({}, { keys: service.directory });
    const get = (headers: Record<string, string> = {}) => admin.call("GET", "/keys/filed", { role, headers });
    const etag = (await get()).headers.get("etag") ?? "";
    expect((await get({ "if-none-match": etag })).status).toBe(304);
    await serve("after");
    expect((await get({ "if-none-match": etag })).body).toMatchObject({ name: "after" });
    await admin.server.close();
  });
});
