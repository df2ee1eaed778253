import { describe, expect, it } from "vitest";
import { cpuMs, superlinear } from "../support/growth.js";
import { hostileTexts } from "../support/hostile-patterns.js";
import { isTest, readSources, visit } from "./source.js";

/** Lengths at which a pattern that takes exponential time shows itself before it takes minutes. */
const SHORT = [16, 18, 20, 22, 24, 26, 28, 30, 32, 64, 128, 256, 512, 1_024, 2_048];
const SHORT_MS = 60;
const LENGTH = 8_000;
/** CPU time at four times `LENGTH` that is not linear for certain: linear patterns take less than 5 ms. */
const LONG_MS = 150;

/** Files that build patterns at run time, and what measures these instead. */
const BUILT: Readonly<Record<string, string>> = {
  "src/core/values/redact.ts": "the rules of a program's own; a flag is added",
  "src/core/values/retry-time.ts": "units of a duration; texts of 200 characters",
  "src/dialects/shared/common/call-ids.ts": "one class with a bound, from the first character to the last",
  "src/dialects/shared/common/retry-time.ts": "texts of 4,000 characters, see test/time.release.test.ts",
  "src/dialects/shared/common/tool-names.ts": "one class, from the first character to the last",
};

const patterns = new Map<string, { pattern: RegExp; where: string }>();
const built = new Set<string>();
for (const source of [...readSources("src"), ...readSources("../cli/src")].filter((one) => !isTest(one))) {
  const isConstructor = (callee: unknown) => (callee as { readonly name?: unknown }).name === "RegExp";
  visit(source, {
    Literal(node) {
      if (!("regex" in node) || node.regex === undefined || node.regex === null) return;
      const { pattern, flags } = node.regex;
      const key = `/${pattern}/${flags}`;
      if (!patterns.has(key)) patterns.set(key, { pattern: new RegExp(pattern, flags), where: source.path });
    },
    NewExpression(node) {
      if (isConstructor(node.callee)) built.add(source.path);
    },
    CallExpression(node) {
      if (isConstructor(node.callee)) built.add(source.path);
    },
  });
}

/** The work of a pattern on a text, as `replace` and `matchAll` or `test` do it. */
function search(pattern: RegExp, text: string): void {
  pattern.lastIndex = 0;
  if (pattern.global) text.replace(pattern, "");
  else pattern.exec(text);
}

/** The first text on which a pattern takes more than linear time, with the times; undefined where there is none. */
function slowOn(pattern: RegExp): string | undefined {
  for (const make of hostileTexts(pattern)) {
    for (const length of SHORT) {
      const text = make(length);
      if (cpuMs(() => search(pattern, text)) > SHORT_MS && cpuMs(() => search(pattern, text)) > SHORT_MS)
        return `${JSON.stringify(text.slice(0, 60))} at a length of ${length}`;
    }
    const long = make(LENGTH * 4);
    const longMs = cpuMs(() => search(pattern, long));
    if (longMs < 5) continue;
    if (longMs > LONG_MS && cpuMs(() => search(pattern, long)) > LONG_MS)
      return `${JSON.stringify(long.slice(0, 60))}: ${longMs.toFixed(0)} ms at a length of ${long.length}`;
    const times = superlinear(LENGTH, (length) => {
      const text = make(length);
      return () => search(pattern, text);
    });
    if (times !== undefined) return `${JSON.stringify(long.slice(0, 60))}: ${times}`;
  }
  return undefined;
}

describe("a pattern takes time in proportion to a text of 8,000, 16,000 and 32,000 characters", () => {
  it.each([...patterns.keys()])("%s", (key) => {
    const { pattern, where } = patterns.get(key) as { pattern: RegExp; where: string };
    const slow = slowOn(pattern);
    expect(slow === undefined ? undefined : `${where}: ${slow}`).toBeUndefined();
  });

  it("is not built at run time, unless it is measured elsewhere", () => {
    expect([...built].sort()).toEqual(Object.keys(BUILT));
  });
});

describe("the measure itself finds", () => {
  it.each([/\s+$/, /_+[a-z]/, /(a+)+$/, /\beyJ[\w-]+\.\w/, /(x+x+)+y/, /^(\d+)*$/, /"[^x]*"$/])(
    "%s",
    (pattern) => {
      expect(slowOn(pattern)).toBeDefined();
    },
  );
});
