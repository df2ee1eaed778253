import fc from "fast-check";
import { expect, it } from "vitest";
import type { Message } from "../../../core/values/message.js";
import { nineCharacterIds, nineCharacters } from "./tool-id.js";

function calls(...ids: string[]): Message[] {
  return [
    {
      role: "assistant",
      content: ids.map((id) => ({ type: "tool-call" as const, id, name: "f", arguments: {} })),
    },
  ];
}

it("keeps an id that fits and re-shapes any other into nine letters and digits", () => {
  const ids = nineCharacterIds(calls("vAKGXGFZD", "call_0fypS1hVX"));
  expect(ids.of("vAKGXGFZD")).toBe("vAKGXGFZD");
  expect(ids.of("call_0fypS1hVX")).toMatch(/^[A-Za-z0-9]{9}$/);
});

it("gives the same id the same shape in every request, so that caches hit and results find their calls", () => {
  const first = nineCharacterIds(calls("call_1"));
  const second = nineCharacterIds(calls("call_0", "call_1", "call_2"));
  expect(second.of("call_1")).toBe(first.of("call_1"));
  expect(first.of("call_1")).toBe(first.of("call_1"));
});

it("never gives two ids one shape, not even where one already looks like the other's", () => {
  const shaped = nineCharacters("call_1");
  const ids = nineCharacterIds(calls("call_1", shaped));
  expect(ids.of(shaped)).toBe(shaped);
  expect(ids.of("call_1")).not.toBe(shaped);
  fc.assert(
    fc.property(fc.uniqueArray(fc.string(), { maxLength: 60 }), (many) => {
      const all = nineCharacterIds(calls(...many));
      const shapes = many.map((id) => all.of(id));
      expect(new Set(shapes).size).toBe(many.length);
      for (const shape of shapes) expect(shape).toMatch(/^[A-Za-z0-9]{9}$/);
    }),
  );
});
