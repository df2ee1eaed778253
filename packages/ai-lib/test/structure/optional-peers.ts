import { packageOf } from "./allowed-imports.js";
import { type Source, visit } from "./source.js";

/** Folders that are a subpath of the package of their own, loaded only by a program that has the peer. */
const OWN_SUBPATHS: Readonly<Record<string, string>> = { "src/interop/langchain/": "@langchain/core" };

/**
 * One sentence for each import of an optional peer that a bundler could not leave out: bundlers accept a missing
 * package only in an `import()` within `try`. Imports of types are erased and may stand anywhere.
 */
export function requiredPeers(sources: readonly Source[], peers: readonly string[]): string[] {
  return sources.flatMap((source) => {
    const found: string[] = [];
    const tried: { readonly start: number; readonly end: number }[] = [];
    const folder = Object.keys(OWN_SUBPATHS).find((path) => source.path.startsWith(path));
    const own = folder === undefined ? undefined : OWN_SUBPATHS[folder];
    const check = (specifier: string, isTried: boolean) => {
      if (packageOf(specifier) === own) return;
      if (!isTried && peers.includes(packageOf(specifier)))
        found.push(`${source.path}: imports the optional ${specifier} outside try`);
    };
    visit(source, {
      TryStatement: ({ block }) => tried.push(block),
      ImportDeclaration: ({ importKind, source: named }) => {
        if (importKind !== "type") check(named.value, false);
      },
      ExportAllDeclaration: ({ source: named }) => check(named.value, false),
      ExportNamedDeclaration: ({ source: named }) => {
        if (named !== null) check(named.value, false);
      },
      ImportExpression: ({ start, end, source: named }) => {
        if (named.type !== "Literal" || typeof named.value !== "string") return;
        check(
          named.value,
          tried.some((block) => block.start <= start && end <= block.end),
        );
      },
    });
    return found;
  });
}
