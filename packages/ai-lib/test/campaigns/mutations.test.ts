import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { mutations } from "./mutations.js";

const src = join(import.meta.dirname, "../../src");

/** Code without what the compiler and the formatter may write otherwise: white space, and commas at the ends of lists. */
function dense(code: string): string {
  return code.replace(/\s+/g, "").replace(/,([)\]}])/g, "$1");
}

// A mutation is applied to the built code, where this holds too; here a change of the code learns of it at once.
it.each(mutations)("the code that is changed for '$what' stands once in $file", ({ file, anchor }) => {
  const source = dense(readFileSync(join(src, file.replace(/\.js$/, ".ts")), "utf8"));
  expect(source.split(dense(anchor))).toHaveLength(2);
});
