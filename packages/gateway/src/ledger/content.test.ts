import type { Attempt } from "ai-lib";
import { describe, expect, it } from "vitest";
import { ContentWriter } from "./content.js";

const KEY = "aik_abcdefgh_0123456789";
const SECRET = "a-secret-of-no-known-shape";

describe("the content of a call", () => {
  const writer = new ContentWriter([SECRET, "short", ""]);

  it("has no secrets of the configuration, no keys of this gateway and no credentials", () => {
    const text = writer.write({
      messages: [{ role: "user", content: `use ${SECRET} and ${KEY}, or sk-abcdefghijklmnop` }],
      tools: [{ name: "a", arguments: { auth: "Bearer abcdefgh12345678", word: "short" } }],
    });
    expect(JSON.parse(text)).toEqual({
      messages: [{ role: "user", content: "use [redacted] and [redacted], or [redacted]" }],
      tools: [{ name: "a", arguments: { auth: "[redacted]", word: "short" } }],
    });
  });

  it("has why attempts failed, without secrets and of a bounded length", () => {
    const attempts = [
      { outcome: "skipped", message: `The key ${SECRET} has no credit` },
      { outcome: "success" },
      { outcome: "error", message: `${"x".repeat(1_990)}${SECRET}` },
    ] as Attempt[];
    expect(JSON.parse(writer.writeErrors(attempts) ?? "")).toEqual([
      { attempt: 0, message: "The key [redacted] has no credit" },
      { attempt: 2, message: `${"x".repeat(1_990)}[redacted][16 more characters]` },
    ]);
    expect(writer.writeErrors([{ outcome: "success" }] as Attempt[])).toBeUndefined();
    const many = Array.from({ length: 50 }, () => ({ message: "\0".repeat(9_000) })) as Attempt[];
    expect(JSON.parse(writer.writeErrors(many) ?? "")).toHaveLength(20);
  });

  it("has no part of a secret where a long text is cut", () => {
    for (const length of [19_980, 19_990, 20_000, 20_500]) {
      const text = writer.write({ text: `${"a ".repeat(length / 2)}${SECRET} ${"b".repeat(5_000)}` });
      expect(text).not.toContain("a-secret");
      expect(text.length).toBeLessThan(20_100);
    }
  });

  it("has no part of a long secret, such as a private key, where a text is cut", () => {
    const long = Array.from({ length: 500 }, (_, index) => `part${index}`).join("");
    const text = new ContentWriter([long]).write({
      text: `${"a".repeat(19_900)}${long} ${"b".repeat(9_000)}`,
    });
    expect(text).not.toContain("part");
  });

  it("has no secrets in names of properties", () => {
    const text = writer.write({
      tools: [{ arguments: { [KEY]: 1, [`x ${SECRET}`]: { [SECRET]: [] }, plainName: 2 } }],
    });
    expect(JSON.parse(text)).toEqual({
      tools: [{ arguments: { "[redacted]": 1, "x [redacted]": { "[redacted]": [] }, plainName: 2 } }],
    });
  });

  it("leaves out bytes, and whole contents that are too long", () => {
    expect(writer.write({ data: new Uint8Array(3) })).toBe('{"data":"[3 bytes]"}');
    const long = writer.write({ all: Array.from({ length: 100 }, () => "word ".repeat(2_000)) });
    expect(long).toMatch(/^"\[\d+ characters\]"$/);
  });

  it("has the message of an answer once, and no facts beside it", () => {
    const answer = {
      ...{ id: "a", model: "m", finishReason: "stop", text: "pong", content: [], headers: { a: "b" } },
      message: { role: "assistant", content: "pong" },
      attempts: [{ message: "quotes the prompt" }],
    };
    expect(JSON.parse(writer.writeAnswer(answer))).toEqual({
      ...{ id: "a", model: "m", finishReason: "stop", message: answer.message },
    });
  });
});
