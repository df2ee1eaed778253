import { describe, expect, it } from "vitest";
import { chatLaws } from "../../src/core/kinds/chat/laws.js";
import { countTokensLaws } from "../../src/core/kinds/count-tokens.js";
import { rerankLaws } from "../../src/core/kinds/rerank.js";
import { openAiKinds } from "../../src/dialects/shared/openai/kinds.js";
import { isTest, readSources, type Source } from "./source.js";

const KINDS: readonly string[] = [
  chatLaws.kind,
  rerankLaws.kind,
  countTokensLaws.kind,
  ...Object.keys(openAiKinds),
];

/** Rooms that hold for every kind of call, the users' own included. */
const ROOMS = /^src\/(strategies|resilience|health|observe|state)\//;

/** The words of telemetry for the kinds whose names differ there. */
const NAMES = "src/observe/otel-names.ts";

/** Lines of code, comments left out, that hold for some kinds alone. */
function branchesOnKinds(sources: readonly Source[]): string[] {
  // A picture is also a part of messages, and a modality.
  const name = KINDS.filter((kind) => kind !== "image").join("|");
  const branch = new RegExp(`["'\`](${name})["'\`]|\\bcall\\.kind\\s*[!=]==|\\b(${name}):`);
  return sources
    .filter(({ path }) => ROOMS.test(path) && path !== NAMES)
    .flatMap(({ path, text }) => {
      const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
      return code.split("\n").flatMap((line) => (branch.test(line) ? [`${path}: ${line.trim()}`] : []));
    });
}

describe("strategies, wrappers, health, observers and state", () => {
  it("name no kind of call", () => {
    const sources = readSources("src").filter((source) => !isTest(source));
    expect(sources.filter(({ path }) => ROOMS.test(path)).length).toBeGreaterThan(40);
    expect(branchesOnKinds(sources)).toEqual([]);
  });

  it.each([
    'if (call.kind === "embed") return 1;',
    'switch (call.kind) { case "chat": break; }',
    "const prices = { chat: 1 };",
    'const free = new Set(["moderate"]);',
    "return call.kind !== laws.kind;",
  ])("are refused with: %s", (text) => {
    expect(branchesOnKinds([{ path: "src/strategies/a.ts", text }])).toHaveLength(1);
    expect(branchesOnKinds([{ path: "src/serve/a.ts", text }])).toEqual([]);
    expect(branchesOnKinds([{ path: "src/strategies/a.ts", text: `/* ${text} */` }])).toEqual([]);
  });
});
