import { expect, it } from "vitest";
import type { AuditEntry } from "../store/audit.js";
import { MemoryAuditLog } from "./audit.js";
import { AuditTrail } from "./audit-trail.js";

const fact = { at: 1, actor: "token:a", role: "owner", action: "key.create", target: "a", status: 201 };

it("an entry has no text that a store refuses, which would hold up all that follow", async () => {
  const log = new MemoryAuditLog();
  const trail = new AuditTrail();
  const texts = ["a\0b", "a\ud800b", `${"a".repeat(299)}\u{1f600}`, "x".repeat(10_000)];
  for (const text of texts) await trail.record(log, { ...fact, actor: text, target: text }, () => undefined);
  const { entries } = await log.read({});
  expect(entries).toHaveLength(texts.length);
  for (const { actor, target } of entries) {
    expect(actor).toBe(target);
    expect(actor).not.toMatch(/\0/);
    expect(Buffer.from(actor).toString()).toBe(actor);
    expect(actor.length).toBeLessThanOrEqual(300);
  }
});

it("a log that cannot be written makes a bounded number of entries wait, in their order", async () => {
  const trail = new AuditTrail();
  const faults: unknown[] = [];
  const away = {
    append: () => Promise.reject(new Error("away")),
    read: () => Promise.reject(new Error("away")),
  };
  for (let at = 0; at < 1_100; at++) await trail.record(away, { ...fact, at }, (error) => faults.push(error));
  expect(faults).toHaveLength(1_100);
  await expect(trail.flush(away, () => undefined)).rejects.toMatchObject({ code: "store_unavailable" });
  const written: AuditEntry[] = [];
  const log = { ...away, append: async (entry: AuditEntry) => void written.push(entry) };
  await Promise.all([trail.flush(log, () => undefined), trail.flush(log, () => undefined)]);
  expect(written.map(({ at }) => at)).toEqual(Array.from({ length: 1_000 }, (_, at) => at));
});

it("changes at the same time wait for one attempt to write what waits", async () => {
  const trail = new AuditTrail();
  let attempts = 0;
  const away = {
    append: async () => {
      attempts++;
      throw new Error("away");
    },
    read: () => Promise.reject(new Error("away")),
  };
  await trail.record(away, fact, () => undefined);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => trail.flush(away, () => undefined)),
  );
  expect(outcomes.map(({ status }) => status)).toEqual(Array(20).fill("rejected"));
  expect(attempts).toBe(2);
});
