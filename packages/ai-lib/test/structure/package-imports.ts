import { posix } from "node:path";
import { isBuiltin, packageOf } from "./allowed-imports.js";
import { type Import, importsOf } from "./imports.js";
import type { Source } from "./source.js";

/** What a package on top of the library (the command line) may import. */
export interface PackageRules {
  /** The folder of its code, as in the paths of the sources: `../cli/src`. */
  readonly folder: string;
  /** The packages that its package.json depends on. */
  readonly dependencies: readonly string[];
  /** The subpaths that the library exports, as in its package.json; a `*` in one matches a name. */
  readonly librarySubpaths: readonly string[];
}

/** One sentence for each import that is neither the package's own, nor a builtin, nor public, nor declared. */
export function wrongPackageImports(sources: readonly Source[], rules: PackageRules): string[] {
  return sources.flatMap((source) =>
    importsOf(source).flatMap((each) => {
      const wrong = reasonToRefuse(each, rules);
      return wrong === undefined ? [] : [`${each.from}: ${wrong}`];
    }),
  );
}

function reasonToRefuse({ from, specifier }: Import, rules: PackageRules): string | undefined {
  if (specifier === undefined) return "import() of a computed path";
  if (specifier.startsWith(".")) {
    const file = posix.join(posix.dirname(from), specifier);
    return file.startsWith(`${rules.folder}/`) ? undefined : `${specifier} leaves ${rules.folder}`;
  }
  if (isBuiltin(specifier)) return undefined;
  const name = packageOf(specifier);
  if (!rules.dependencies.includes(name)) return `${name} is not among the package's dependencies`;
  if (name !== "ai-lib") return undefined;
  const subpath = `.${specifier.slice(name.length)}`;
  return rules.librarySubpaths.some((exported) => matches(exported, subpath))
    ? undefined
    : `ai-lib does not export ${subpath}`;
}

function matches(exported: string, subpath: string): boolean {
  const [before = "", after] = exported.split("*");
  if (after === undefined) return exported === subpath;
  return subpath.startsWith(before) && subpath.endsWith(after) && subpath.length > exported.length - 1;
}
