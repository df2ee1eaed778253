import { describe, expect, it } from "vitest";
import { findMeantCommand } from "./command-words.js";

const COMMANDS =
  "ask chat compare health logs models providers keys demo conformance simulate completion".split(" ");

describe("a first word that is not a command", () => {
  it.each([
    ["key", "keys"],
    ["kyes", "keys"],
    ["chta", "chat"],
    ["Chat", "chat"],
    ["provider", "providers"],
    ["proivders", "providers"],
    ["version", "--version"],
    ["-version", "--version"],
    ["completions", "completion"],
    ["model", "models"],
    ["modles", "models"],
    ["log", "logs"],
    ["login", "keys"],
    ["simulator", "simulate"],
    ["halth", "health"],
    ["dmeo", "demo"],
    ["comapre", "compare"],
  ])("%s means %s", (word, meant) => {
    expect(findMeantCommand(word, COMMANDS)).toBe(meant);
  });

  it.each([
    "what",
    "why",
    "how",
    "hi",
    "hello",
    "write",
    "is",
    "a",
    "explain",
    "translate",
    "summarize",
    "the",
    "toString",
  ])("%s begins a prompt", (word) => {
    expect(findMeantCommand(word, COMMANDS)).toBeUndefined();
  });
});
