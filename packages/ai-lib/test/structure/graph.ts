import { type Import, importsOf } from "./imports.js";
import type { Source } from "./source.js";

/** The imports that exist at run time, by file: the compiler erases types. */
function runtimeImports(sources: readonly Source[]): Map<string, readonly Import[]> {
  return new Map(
    sources.map((source) => [source.path, importsOf(source).filter((each) => !each.typeOnly)] as const),
  );
}

/**
 * Each group of files that import one another in a ring, as "a -> b -> a". Types count as imports: in a ring of types
 * no file can be read, or moved, without the others.
 */
export function cycles(sources: readonly Source[]): string[] {
  const graph = new Map(sources.map((source) => [source.path, importsOf(source)] as const));
  const found: string[] = [];
  const done = new Set<string>();
  const trail: string[] = [];

  const walk = (file: string): void => {
    const start = trail.indexOf(file);
    if (start >= 0) {
      found.push([...trail.slice(start), file].join(" -> "));
      return;
    }
    if (done.has(file)) return;
    trail.push(file);
    for (const each of graph.get(file) ?? []) if (each.file !== undefined) walk(each.file);
    trail.pop();
    done.add(file);
  };
  for (const file of graph.keys()) walk(file);
  return found;
}

/**
 * The packages and builtins that loading `entry` loads with it; what is behind `import()` is not.
 * `replace` stands one file in for another, as the condition on "#transport" does outside Node.
 */
export function loadedWith(
  entry: string,
  sources: readonly Source[],
  replace: Readonly<Record<string, string>> = {},
): string[] {
  const graph = runtimeImports(sources);
  const seen = new Set<string>();
  const outside = new Set<string>();

  const walk = (named: string): void => {
    const file = replace[named] ?? named;
    if (seen.has(file)) return;
    seen.add(file);
    for (const each of graph.get(file) ?? []) {
      if (each.lazy || each.specifier === undefined) continue;
      if (each.file === undefined) outside.add(each.specifier);
      else walk(each.file);
    }
  };
  walk(entry);
  return [...outside].sort();
}
