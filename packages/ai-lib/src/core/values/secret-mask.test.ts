import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { superlinear } from "../../../test/support/growth.js";
import { SecretMask } from "./secret-mask.js";

const maskOf = (...secrets: string[]) => new SecretMask(() => secrets);
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const percent = (text: string) =>
  [...new TextEncoder().encode(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
const unicode = (text: string) =>
  [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
const entities = (text: string) => [...text].map((one) => `&#x${one.charCodeAt(0).toString(16)};`).join("");
const base64 = (text: string) => Buffer.from(text).toString("base64");

const SECRET = 'sk-a/b+c d"e&f';
const FORMS: Readonly<Record<string, (secret: string) => string>> = {
  "as it is": (secret) => secret,
  "escaped in JSON": json,
  "escaped in JSON within JSON": (secret) => json(json(secret)),
  "escaped in JSON with slashes": (secret) => json(secret).replaceAll("/", "\\/"),
  "in escapes of Unicode": unicode,
  "percent-encoded": encodeURIComponent,
  "percent-encoded in lower case": percent,
  "percent-encoded twice": (secret) => encodeURIComponent(encodeURIComponent(secret)),
  "in a form": (secret) => encodeURIComponent(secret).replaceAll("%20", "+"),
  "in HTML": (secret) => secret.replaceAll("&", "&amp;").replaceAll('"', "&quot;"),
  "in entities of HTML": entities,
  "broken into lines": (secret) => `${secret.slice(0, 5)}\n${secret.slice(5, 9)}\r\n${secret.slice(9)}`,
  "in base64": base64,
  "in base64url, percent-encoded": (secret) => encodeURIComponent(Buffer.from(secret).toString("base64url")),
  "in a basic authorization": (secret) => base64(`user:${secret}`),
  "in hexadecimal digits": (secret) => Buffer.from(secret).toString("hex"),
};

describe("a secret is masked", () => {
  it.each(Object.keys(FORMS))("%s", (name) => {
    const form = FORMS[name]?.(SECRET) ?? "";
    const safe = maskOf(SECRET).text(`before ${form} after`);
    expect(safe).toContain("[redacted]");
    expect(safe).toMatch(/^before .* after$/s);
    expect(safe).not.toContain(form);
    // Of base64 the characters that it shares with its neighbours may be left.
    expect(safe.length - "before [redacted] after".length).toBeLessThan(12);
  });

  it("with characters that are not ASCII", () => {
    for (const form of ["pässwörd", percent("pässwörd"), encodeURIComponent("pässwörd"), json("pässwörd")])
      expect(maskOf("pässwörd").text(`<${form}>`)).toBe("<[redacted]>");
  });

  it("anywhere in a longer base64 text", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme-ascii", minLength: 10 }),
        fc.string({ unit: "grapheme-ascii" }),
        fc.string({ unit: "grapheme-ascii" }),
        fc.constantFrom("base64" as const, "base64url" as const),
        (secret, before, after, coding) => {
          fc.pre(!before.includes(secret) && !after.includes(secret));
          const text = Buffer.from(before + secret + after).toString(coding);
          const safe = maskOf(secret).text(text);
          expect(safe).toContain("[redacted]");
          // What is left on either side tells at most the bytes that share a character with the mask.
          const [left = "", right = ""] = safe.split("[redacted]");
          expect(left.length + right.length).toBeLessThanOrEqual(text.length - 10);
        },
      ),
    );
  });

  it("among others, one within another too, while short ones are left", () => {
    expect(maskOf("sk-abc", "sk-abcdef", "x").text("sk-abcdef and sk-abc and x")).toBe(
      "[redacted] and [redacted] and x",
    );
  });

  it("in headers, of which others stay the same object", () => {
    const headers = { "x-echo": `key ${SECRET}`, date: "today" };
    expect(maskOf(SECRET).headers(headers)).toEqual({ "x-echo": "key [redacted]", date: "today" });
    expect(maskOf("another one").headers(headers)).toBe(headers);
  });
});

it("no more than five characters of a secret are left if a text was cut within it", () => {
  const secret = "sk-live-0123456789abcdef";
  fc.assert(
    fc.property(fc.nat(secret.length), fc.nat(secret.length), (a, b) => {
      const part = secret.slice(Math.min(a, b), Math.max(a, b));
      const mask = maskOf(secret);
      for (const text of [part, a > b ? `${part} is wrong` : `wrong key ${part}`]) {
        const touches =
          text === part || (a > b ? part === secret.slice(-part.length) : secret.startsWith(part));
        if (part.length >= 6 && touches) expect(mask.piece(text)).not.toContain(part);
      }
    }),
  );
});

it("a text without secrets is the same", () => {
  for (const text of ["nothing here", "100 % of \\ & \n", ""]) {
    expect(maskOf("sk-secret").text(text)).toBe(text);
    expect(maskOf().piece(text)).toBe(text);
  }
});

it.each(["\\u0041", "%41", "&amp;", "sk-secre", "\n", "sk-secret", "%25", "c2stc2"])(
  "takes time in proportion to a text of %j",
  (unit) => {
    const mask = maskOf("sk-secret", "sk-".repeat(50), "s".repeat(100));
    const slow = superlinear(100_000, (length) => {
      const text = unit.repeat(length / unit.length);
      return () => {
        mask.piece(text);
      };
    });
    expect(slow).toBeUndefined();
  },
);
