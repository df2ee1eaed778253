import { describe, expect, it } from "vitest";
import type { DialectTarget } from "../../../core/contract/dialect.js";
import type { DecideRequest } from "../../../core/values/decision.js";
import { AiLibError } from "../../../index.js";
import { decideCodec } from "./decide.js";

const REQUEST: DecideRequest = {
  input: "The sky is blue.",
  questions: [
    { type: "boolean", name: "color", instructions: "It names a color" },
    { type: "boolean", name: "place", instructions: "It names a place" },
  ],
};

function decisionsOf(answers: readonly object[]) {
  const body = JSON.stringify({ answers: answers.map((answer) => ({ type: "predicate", ...answer })) });
  const target = { provider: "openai", model: "m", quirks: {} } as unknown as DialectTarget;
  return decideCodec.decode({ status: 200, headers: {}, body }, target, REQUEST).decisions;
}

describe("the answers to several questions", () => {
  const [color, place] = [
    { type: "boolean", name: "color", probability: 0.9 },
    { type: "boolean", name: "place", probability: 0.1 },
  ];

  it("are found by their names in any order", () => {
    const answers = [
      { name: "place", probability: 0.1 },
      { name: "color", probability: 0.9 },
    ];
    expect(decisionsOf(answers)).toEqual([color, place]);
  });

  it("are found by their positions if they have no names", () => {
    expect(decisionsOf([{ probability: 0.9 }, { probability: 0.1 }])).toEqual([color, place]);
  });

  it("do not answer another question than the one that they name", () => {
    expect(() => decisionsOf([{ name: "place", probability: 0.1 }])).toThrow(AiLibError);
    expect(() => decisionsOf([{ name: "place", probability: 0.1 }])).toThrow("answered 1 of 2 questions");
  });
});
