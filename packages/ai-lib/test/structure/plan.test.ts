import { describe, expect, it } from "vitest";
import { misplaced, unusedNames, upwardImports, wrongDialectFiles } from "./plan.js";
import { isTest, readSources, type Source } from "./source.js";

const src = readSources("src").filter((source) => !isTest(source));

function file(path: string, text = ""): Source {
  return { path, text };
}

describe("core", () => {
  it("has no import of a later folder by an earlier one", () => expect(upwardImports(src)).toEqual([]));

  it.each([
    ["a value of an error", "values", "errors"],
    ["an error of a kind of call", "errors", "kinds"],
    ["a kind of call of the contract", "kinds", "contract"],
    ["the contract of a run", "contract", "run"],
    ["a run of recovery", "run", "recovery"],
    ["a value of recovery", "values", "recovery"],
  ])("is refused: an import by %s", (_, from, to) => {
    for (const text of [
      `import { b } from "../${to}/b.js";`,
      `import type { B } from "../${to}/b.js";`,
      `export type { B } from "../${to}/b.js";`,
      `void import("../${to}/b.js");`,
    ])
      expect(upwardImports([file(`src/core/${from}/a.ts`, text)])).toHaveLength(1);
    const nested = file(`src/core/${from}/c/a.ts`, `import type { B } from "../../${to}/b.js";`);
    expect(upwardImports([nested])).toHaveLength(1);
  });

  it.each([
    ["an earlier folder", "recovery", '"../run/b.js"'],
    ["the first folder", "errors", '"../values/b.js"'],
    ["its own folder", "kinds", '"./chat/b.js"'],
  ])("is allowed: an import of %s", (_, from, to) => {
    expect(upwardImports([file(`src/core/${from}/a.ts`, `import { b } from ${to};`)])).toEqual([]);
  });
});

describe("the folders", () => {
  it("hold what the plan names, and no loose file", () => expect(misplaced(readSources("src"))).toEqual([]));

  it.each([
    ["a file in core", "src/core/helpers.ts"],
    ["a test in core", "src/core/helpers.test.ts"],
    ["another folder of core", "src/core/misc/a.ts"],
    ["a file beside the dialects", "src/dialects/openai-errors.ts"],
    ["another dialect", "src/dialects/grpc/client/index.ts"],
    ["another family of dialects", "src/dialects/shared/google/a.ts"],
    ["a file in the dialects' shared folder", "src/dialects/shared/a.ts"],
    ["a vendor beside the machinery", "src/providers/groq.ts"],
    ["a test of something else", "src/providers/groq.real.test.ts"],
  ])("is refused: %s", (_, path) => expect(misplaced([file(path)])).toHaveLength(1));

  it.each([
    "src/core/values/json.ts",
    "src/core/kinds/chat/fold.ts",
    "src/dialects/shared/common/base64.ts",
    "src/dialects/gemini/client/index.ts",
    "src/providers/vendors/groq.ts",
    "src/providers/factory.ts",
    "src/providers/factory.test.ts",
    "src/wire/anything.ts",
  ])("is allowed: %s", (path) => expect(misplaced([file(path)])).toEqual([]));
});

describe("a dialect", () => {
  const REQUIRED = [
    ...["index", "request", "messages", "reply", "stream", "errors"].map((name) => `client/${name}`),
    ...["index", "request", "messages", "reply", "stream"].map((name) => `server/${name}`),
    ...["cannot", "quirks", "usage"].map((name) => `shared/${name}`),
  ];
  const wrong = (...names: string[]) =>
    wrongDialectFiles([...REQUIRED, ...names].map((name) => file(`src/dialects/gemini/${name}.ts`)));

  it("has the folders and files of the plan", () => expect(wrongDialectFiles(src)).toEqual([]));
  it("uses every name of the plan somewhere", () => expect(unusedNames(src)).toEqual([]));

  it.each([
    ["a file beside the halves", "schema"],
    ["another folder", "common/schema"],
    ["a folder in a half", "client/stream/parts"],
    ["a name that is not in the plan", "client/misc"],
    ["a name with a verb", "client/request-encode"],
  ])("is refused: %s", (_, name) => expect(wrong(name)).toHaveLength(1));

  it.each(REQUIRED)("is refused without %s", (missing) => {
    const names = REQUIRED.filter((name) => name !== missing);
    const found = wrongDialectFiles(names.map((name) => file(`src/dialects/gemini/${name}.ts`)));
    expect(found).toEqual([`src/dialects/gemini/${missing}.ts is missing`]);
  });

  it.each([
    "client/tools",
    "server/errors",
    "shared/media",
    "laws.test",
    "client/misc.test",
    "sdk.real.test",
  ])("is allowed with %s", (name) => expect(wrong(name)).toEqual([]));
});
