import fc from "fast-check";
import { expect, it } from "vitest";
import { redactSecrets } from "./redact.js";

it.each<[string, string, string]>([
  ["as it is", "Bearer sk-a/b+c d", "sk-a/b+c d"],
  ["percent-encoded", "?key=sk-a%2Fb%2Bc%20d&x=1", "sk-a/b+c d"],
  ["percent-encoded in lower case", "?key=sk-a%2fb%2bc%20d&x=1", "sk-a/b+c d"],
  ["in a form", "key=sk-a%2Fb%2Bc+d", "sk-a/b+c d"],
  ["in JSON", '{"key":"a\\"b\\\\cd"}', 'a"b\\cd'],
  ["in base64", `x ${btoa("a secret key")} y`, "a secret key"],
])("a secret is masked %s", (_form, text, secret) => {
  const safe = redactSecrets(text, [secret]);
  expect(safe).toContain("[redacted]");
  expect(safe).not.toContain(secret);
  expect(decodeURIComponent(safe.replaceAll("+", " "))).not.toContain(secret);
});

it("a secret is masked wherever it stands in a longer base64 text", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme-ascii", minLength: 10 }),
      fc.string({ unit: "grapheme-ascii" }),
      fc.string({ unit: "grapheme-ascii" }),
      fc.constantFrom("base64" as const, "base64url" as const),
      (secret, before, after, coding) => {
        fc.pre(!before.includes(secret) && !after.includes(secret));
        const text = Buffer.from(before + secret + after).toString(coding);
        const safe = redactSecrets(text, [secret]);
        expect(safe).toContain("[redacted]");
        // What is left on either side tells at most the bytes that share a character with the mask.
        const [left = "", right = ""] = safe.split("[redacted]");
        expect(left.length + right.length).toBeLessThanOrEqual(text.length - 10);
      },
    ),
  );
});

it("several secrets are masked, one within another too, and short ones are left", () => {
  expect(redactSecrets("sk-abcdef and sk-abc and x", ["sk-abc", "sk-abcdef", "x"])).toBe(
    "[redacted] and [redacted] and x",
  );
});

it("a text without secrets is left as it is", () => {
  expect(redactSecrets("nothing here", ["sk-secret"])).toBe("nothing here");
  expect(redactSecrets("nothing here", [])).toBe("nothing here");
});
