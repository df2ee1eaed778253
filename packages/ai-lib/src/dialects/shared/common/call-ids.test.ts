import fc from "fast-check";
import { expect, it } from "vitest";
import type { Message } from "../../../core/values/message.js";
import { CallIds, lengthForm, NINE_CHARACTERS, nineCharacters, wordForm } from "./call-ids.js";

function calls(...ids: string[]): Message[] {
  return [
    {
      role: "assistant",
      content: ids.map((id) => ({ type: "tool-call" as const, id, name: "f", arguments: {} })),
    },
  ];
}

it("keeps an id that fits and re-shapes any other into nine letters and digits", () => {
  const ids = new CallIds(calls("vAKGXGFZD", "call_0fypS1hVX"), NINE_CHARACTERS);
  expect(ids.of("vAKGXGFZD")).toBe("vAKGXGFZD");
  expect(ids.of("call_0fypS1hVX")).toMatch(/^[A-Za-z0-9]{9}$/);
});

it("gives the same id the same shape in every request, so that caches hit and results find their calls", () => {
  const first = new CallIds(calls("call_1"), NINE_CHARACTERS);
  const second = new CallIds(calls("call_0", "call_1", "call_2"), NINE_CHARACTERS);
  expect(second.of("call_1")).toBe(first.of("call_1"));
  expect(first.of("call_1")).toBe(first.of("call_1"));
});

it("never gives two ids one shape, not even where one already looks like the other's", () => {
  const shaped = nineCharacters("call_1");
  const ids = new CallIds(calls("call_1", shaped), NINE_CHARACTERS);
  expect(ids.of(shaped)).toBe(shaped);
  expect(ids.of("call_1")).not.toBe(shaped);
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 60 }), (many) => {
      const all = new CallIds(calls(...many), NINE_CHARACTERS);
      const shapes = many.map((id) => all.of(id));
      expect(new Set(shapes).size).toBe(many.length);
      for (const shape of shapes) expect(shape).toMatch(/^[A-Za-z0-9]{9}$/);
    }),
  );
});

it("replaces what is no letter, digit, `_` or `-`, and shortens, without joining two ids", () => {
  const long = "a".repeat(20);
  const ids = new CallIds(calls("a_b", "a.b", "a:b", long, `${long}b`, ""), wordForm(16));
  expect(ids.of("a_b")).toBe("a_b");
  expect(ids.of("c.d")).toBe("c_d");
  const made = ["a_b", "a.b", "a:b", long, `${long}b`, ""].map((id) => ids.of(id));
  expect(new Set(made).size).toBe(made.length);
  for (const id of made) expect(id).toMatch(/^[A-Za-z0-9_-]{1,16}$/);
});

it("shortens an id that is too long and leaves any other as it is, line breaks included", () => {
  const ids = new CallIds([], lengthForm(16));
  expect(ids.of("a b\n:c")).toBe("a b\n:c");
  const [one, two] = [ids.of("a".repeat(17)), ids.of("a".repeat(18))];
  expect(one).toMatch(/^a{6}_[A-Za-z0-9]{9}$/);
  expect(two).not.toBe(one);
});
