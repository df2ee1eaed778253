import { describe, expect, it } from "vitest";
import { MemoryAuditLog } from "./audit.js";
import { Idempotency } from "./idempotency.js";

const MIB = 1024 * 1024;

describe("what the admin API keeps in memory", () => {
  it("is a bounded size of answers, of which the oldest go first", async () => {
    const idempotency = new Idempotency();
    const run = (key: number) =>
      idempotency.run({ principal: "a", key: String(key), request: "", now: 0 }, async () => {
        const reply = { status: 201, headers: {}, body: "x".repeat(MIB) };
        return { first: reply, repeated: reply };
      });
    for (let key = 0; key < 40; key++) await run(key);
    expect((await run(39)).repeated).toBe(true);
    expect((await run(0)).repeated).toBe(false);
  });

  it("is a bounded size of audit entries, of which the oldest go first", async () => {
    const log = new MemoryAuditLog();
    for (let at = 0; at < 40; at++)
      await log.append({
        ...{ id: String(at).padStart(4, "0"), at, actor: "a", role: "owner", action: "b", target: "c" },
        ...{ status: 200, details: "x".repeat(MIB) },
      });
    const { entries } = await log.read({ limit: 100 });
    expect(entries[0]?.at).toBe(39);
    expect(entries.length).toBeGreaterThan(20);
    expect(entries.length).toBeLessThan(33);
  });
});
