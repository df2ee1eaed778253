import { type Source, visit } from "./source.js";

const FUNCTIONS = new Set(["describe", "it", "test"]);
const SKIPS = new Set(["skip", "skipIf", "runIf", "todo", "only"]);

/** One sentence for each `it.skip`, `describe.skipIf`, `it.only` and the like: a test that may not run proves nothing. */
export function skips(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const found: string[] = [];
    visit(source, {
      MemberExpression({ object, property }) {
        if (object.type !== "Identifier" || !FUNCTIONS.has(object.name)) return;
        if (property.type === "Identifier" && SKIPS.has(property.name))
          found.push(`${source.path}: ${object.name}.${property.name}`);
      },
    });
    return found;
  });
}
