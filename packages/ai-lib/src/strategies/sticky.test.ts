import { describe, expect, it } from "vitest";
import { failing, request } from "../../test/support/calls.js";
import { scripted } from "../testing/scripted.js";
import { sticky } from "./sticky.js";

const names = ["a", "b", "c", "d", "e"];
const sessions = Array.from({ length: 2_000 }, (_, i) => `session ${i}`);

async function placed(members: string[], weights: Record<string, number> = {}) {
  const strategy = sticky(members.map((name) => ({ provider: scripted(name), weight: weights[name] ?? 1 })));
  const answers = sessions.map(async (sessionId) => (await strategy.chat(request, { sessionId })).provider);
  return Promise.all(answers);
}

describe("sticky", () => {
  it("keeps a session on one member, whatever it asks", async () => {
    const strategy = sticky(names.map((name) => scripted(name)));
    const answers = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const asked = { messages: [{ role: "user" as const, content: `Question ${i}` }] };
      answers.add((await strategy.chat(asked, { sessionId: "mine" })).provider);
    }
    expect(answers.size).toBe(1);
  });

  it("spreads sessions evenly, and by weight", async () => {
    const even = await placed(names);
    const skewed = await placed(names, { a: 4 });
    const share = (answers: string[], name: string) =>
      answers.filter((answer) => answer === name).length / answers.length;
    for (const name of names) expect(Math.abs(share(even, name) - 0.2)).toBeLessThan(0.03);
    expect(Math.abs(share(skewed, "a") - 0.5)).toBeLessThan(0.04);
  });

  it("moves only the sessions of a member that is taken away, and does not mind the order", async () => {
    const before = await placed(names);
    const after = await placed(["e", "d", "b", "a"]);
    before.forEach((name, i) => {
      if (name !== "c") expect(after[i]).toBe(name);
      else expect(after[i]).not.toBe("c");
    });
  });

  it("keeps a conversation on one member by the head of its prompt, and the cache key before that", async () => {
    const strategy = sticky(names.map((name) => scripted(name)));
    const provider = async (
      messages: { role: "user" | "assistant" | "system"; content: string }[],
      cacheKey?: string,
    ) => (await strategy.chat({ messages, ...(cacheKey === undefined ? {} : { cacheKey }) })).provider;
    const answers = new Set<string>();
    const spread = new Set<string>();
    const keyed = new Set<string>();
    for (let i = 0; i < 30; i++) {
      const first = { role: "user" as const, content: "Who was Ada Lovelace?" };
      const turns = Array.from({ length: i }, (_, j) => [
        { role: "assistant" as const, content: `Answer ${j}` },
        { role: "user" as const, content: `Question ${j}` },
      ]);
      answers.add(await provider([first, ...turns.flat()]));
      spread.add(await provider([{ role: "user", content: `Question ${i}` }]));
      keyed.add(await provider([{ role: "user", content: `Question ${i}` }], "one"));
    }
    expect([answers.size, keyed.size]).toEqual([1, 1]);
    expect(spread.size).toBe(5);
  });

  it("keeps calls with one long system prompt together, however they continue", async () => {
    const strategy = sticky(
      names.map((name) => scripted(name)),
      { prefixCharacters: 100 },
    );
    const system = { role: "system" as const, content: "Rule. ".repeat(100) };
    const answers = new Set<string>();
    for (let i = 0; i < 20; i++) {
      const messages = [system, { role: "user" as const, content: `Question ${i}` }];
      answers.add((await strategy.chat({ messages })).provider);
    }
    expect(answers.size).toBe(1);
  });

  it("moves a failing session to the same next member each time", async () => {
    const options = { sessionId: "mine" };
    const first = (await sticky(names.map((name) => scripted(name))).chat(request, options)).provider;
    const members = names.map((name) =>
      name === first ? failing(name, { code: "OVERLOADED", message: "no" }) : scripted(name),
    );
    const strategy = sticky(members);
    const answers = new Set<string>();
    for (let i = 0; i < 5; i++) answers.add((await strategy.chat(request, options)).provider);
    expect(answers.size).toBe(1);
  });

  it("distinguishes members of one name", async () => {
    const twins = [scripted("a"), scripted("a")];
    const strategy = sticky(twins);
    await Promise.all(sessions.slice(0, 200).map((sessionId) => strategy.chat(request, { sessionId })));
    expect(Math.min(...twins.map((twin) => twin.calls))).toBeGreaterThan(60);
  });

  it("refuses a prefix of no characters", () => {
    expect(() => sticky([scripted("a")], { prefixCharacters: 0 })).toThrow(/prefixCharacters/);
  });
});
