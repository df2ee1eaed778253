import { describe, expect, it } from "vitest";
import { UsualUse } from "./usual-use.js";

const add = (usual: UsualUse, name: string, tokens: readonly number[]) => {
  for (const one of tokens) usual.add(name, { tokens: one, dollars: 10 * one });
};
const numbers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_one, index) => from + index);

describe("what calls usually use", () => {
  it("is unknown until twenty calls have ended", () => {
    const usual = new UsualUse();
    expect(usual.of("chat")).toBeUndefined();
    add(usual, "chat", numbers(1, 19));
    expect(usual.of("chat")).toBeUndefined();
    add(usual, "chat", [20]);
    expect(usual.of("chat")).toEqual({ tokens: 19, dollars: 190 });
    expect(usual.of("other")).toBeUndefined();
  });

  it("is what 95 of 100 calls do not exceed, in any order, for tokens and dollars apart", () => {
    const usual = new UsualUse();
    for (const one of numbers(1, 100)) usual.add("chat", { tokens: 101 - one, dollars: (one * 37) % 101 });
    expect(usual.of("chat")).toEqual({ tokens: 95, dollars: 95 });
  });

  it("is computed again after each twenty calls, from the latest two hundred", () => {
    const usual = new UsualUse();
    add(usual, "chat", numbers(1, 20));
    expect(usual.of("chat")?.tokens).toBe(19);
    add(usual, "chat", Array(19).fill(1_000));
    expect(usual.of("chat")?.tokens).toBe(19);
    add(usual, "chat", [1_000]);
    expect(usual.of("chat")?.tokens).toBe(1_000);
    add(usual, "chat", Array(200).fill(5));
    expect(usual.of("chat")?.tokens).toBe(5);
  });

  it("of the model that was used least recently is forgotten beyond a thousand", () => {
    const usual = new UsualUse();
    add(usual, "first", numbers(1, 20));
    add(usual, "second", numbers(1, 20));
    for (const one of numbers(1, 998)) add(usual, `model ${one}`, [1]);
    expect(usual.of("first")).toBeDefined();
    add(usual, "first", [1]);
    add(usual, "one more", [1]);
    expect([usual.of("first"), usual.of("second")]).toEqual([{ tokens: 19, dollars: 190 }, undefined]);
  });
});
