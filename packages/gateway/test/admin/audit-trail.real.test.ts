import { afterEach, describe, expect, it } from "vitest";
import type { AuditEntry, AuditLog } from "../../src/store/audit.js";
import { startWhole, type Whole } from "./whole.js";

let whole: Whole;
let trail: FailingLog;
afterEach(() => whole.close());

/** An audit log whose next writes fail: before an entry is written, or after it with the answer lost. */
class FailingLog implements AuditLog {
  failures: ("before" | "after")[] = [];

  constructor(private readonly log: AuditLog) {}

  async append(entry: AuditEntry): Promise<void> {
    const failure = this.failures.shift();
    if (failure !== "before") await this.log.append(entry);
    if (failure !== undefined) throw new Error("the store is away");
  }

  read(...args: Parameters<AuditLog["read"]>): ReturnType<AuditLog["read"]> {
    return this.log.read(...args);
  }
}

async function start(): Promise<void> {
  whole = await startWhole({ sqlite: ":memory:" }, {}, (parts) => {
    if (parts.audit === undefined) throw new Error("There is no audit log");
    trail = new FailingLog(parts.audit);
    return { ...parts, audit: trail };
  });
}

const role = "owner";

function create(name: string, key?: string) {
  const headers = key === undefined ? {} : { "idempotency-key": key };
  return whole.admin.call("POST", "/keys", { role, body: { name }, headers });
}

async function keysNamed(name: string): Promise<number> {
  const { body } = await whole.admin.call("GET", "/keys", { role });
  return body.data.filter((key: { name?: string }) => key.name === name).length;
}

async function recorded(): Promise<string[]> {
  const { body } = await whole.admin.call("GET", "/audit?action=key.create", { role });
  return body.data.map(({ target, status }: AuditEntry) => `${status} ${target}`);
}

describe("a change whose entry cannot be written", () => {
  it("is answered as it was made, and made once", async () => {
    await start();
    trail.failures = ["before"];
    const first = await create("once", "key-1");
    expect([first.status, first.body.secret]).toEqual([201, expect.stringMatching(/^aik_/)]);
    const again = await create("once", "key-1");
    expect([again.status, again.headers.get("idempotency-replayed")]).toEqual([201, "true"]);
    expect(await keysNamed("once")).toBe(1);
    expect(whole.admin.faults).toHaveLength(1);
  });

  it.each(["before", "after"] as const)(
    "is in the log once, before the next one: lost %s",
    async (failure) => {
      await start();
      trail.failures = [failure];
      const first = await create("a");
      const second = await create("b");
      expect(await recorded()).toEqual([`201 ${second.body.key.id}`, `201 ${first.body.key.id}`]);
    },
  );

  it("is followed by no other one until it can be written", async () => {
    await start();
    trail.failures = ["before", "before", "before"];
    const first = await create("a");
    const refused = await create("b");
    expect([refused.status, refused.body.error.code]).toEqual([503, "store_unavailable"]);
    expect(refused.body.error.message).toContain("nothing was changed");
    expect(await keysNamed("b")).toBe(0);
    expect((await create("b")).status).toBe(201);
    const entries = await recorded();
    expect([entries.length, entries.at(-1)]).toEqual([3, `201 ${first.body.key.id}`]);
  });

  it("is in the log after an orderly end", async () => {
    await start();
    trail.failures = ["before"];
    const { body } = await create("a");
    await whole.admin.server.close();
    const { entries } = await whole.store.audit.read({ action: "key.create" });
    expect(entries.map(({ target }) => target)).toEqual([body.key.id]);
  });
});
