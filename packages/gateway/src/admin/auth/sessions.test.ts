import { describe, expect, it } from "vitest";
import { Sessions } from "./sessions.js";

const TIMES = { idleMs: 1_000, totalMs: 5_000 };
const identity = { issuer: "https://login.example.com/", subject: "ana", name: "Ana", values: [] };

describe("a session", () => {
  it("ends without requests, and after its whole time however often it is used", () => {
    const sessions = new Sessions();
    const idle = sessions.begin(identity, TIMES, 0);
    expect(sessions.find(idle, TIMES, 999)).toMatchObject({ identity, expiresAt: 5_000 });
    expect(sessions.find(idle, TIMES, 1_999)).toBeUndefined();
    const busy = sessions.begin(identity, TIMES, 0);
    for (let now = 500; now < 5_000; now += 500) expect(sessions.find(busy, TIMES, now)).toBeDefined();
    expect(sessions.find(busy, TIMES, 5_000)).toBeUndefined();
    expect(sessions.find(busy, TIMES, 4_999)).toBeUndefined();
  });

  it("has a random id and a random CSRF token", () => {
    const sessions = new Sessions();
    const ids = Array.from({ length: 50 }, () => sessions.begin(identity, TIMES, 0));
    const tokens = ids.map((id) => sessions.find(id, TIMES, 1)?.csrfToken ?? "");
    expect(new Set([...ids, ...tokens]).size).toBe(100);
    expect(Math.min(...[...ids, ...tokens].map(({ length }) => length))).toBe(43);
    for (const id of ["", "x", `${ids[0]}x`, "y".repeat(10_000)])
      expect(sessions.find(id, TIMES, 1)).toBeUndefined();
    sessions.end(ids[0] ?? "");
    expect(sessions.find(ids[0] ?? "", TIMES, 1)).toBeUndefined();
  });

  it("makes room for others when there are too many", () => {
    const sessions = new Sessions();
    const first = sessions.begin(identity, TIMES, 0);
    const second = sessions.begin(identity, TIMES, 0);
    sessions.find(first, TIMES, 1);
    for (let i = 0; i < 9_999; i++) sessions.begin({ ...identity, subject: String(i) }, TIMES, 0);
    expect(sessions.find(second, TIMES, 2)).toBeUndefined();
    expect(sessions.find(first, TIMES, 2)).toBeDefined();
  });

  it("of one person ends one of that person alone, when there are too many", () => {
    const sessions = new Sessions();
    const other = sessions.begin({ ...identity, subject: "ben" }, TIMES, 0);
    const own = Array.from({ length: 51 }, () => sessions.begin(identity, TIMES, 0));
    const alive = own.map((id) => sessions.find(id, TIMES, 1) !== undefined);
    expect([alive.indexOf(true), alive.filter(Boolean).length]).toEqual([1, 50]);
    expect(sessions.find(other, TIMES, 1)).toBeDefined();
  });
});
