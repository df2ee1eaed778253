import { posix } from "node:path";
import { type Source, visit } from "./source.js";

export interface Import {
  from: string;
  /** As written; `undefined` where it is computed at run time. */
  specifier: string | undefined;
  /** The file it names, for a relative specifier or one that package.json maps; `undefined` for a package or a builtin. */
  file: string | undefined;
  /** Erased by the compiler: `import type`, `export type ... from`, `import("x").Y`. */
  typeOnly: boolean;
  /** `import()`: loaded when it is reached, not when the file is. */
  lazy: boolean;
}

/** Where the package's own `imports` lead: on Node, and for whoever brings `fetch`. */
const internal: Record<string, string> = {
  "#credentials": "src/providers/endpoint/credentials-node.ts",
  "#batches": "src/batches/folder-node.ts",
  "#files": "src/client/files-node.ts",
  "#media": "src/wire/media-fetch-node.ts",
  "#transport": "src/wire/transport-node.ts",
};

const parsed = new WeakMap<Source, Import[]>();

/** The imports and re-exports of a file. */
export function importsOf(source: Source): readonly Import[] {
  const known = parsed.get(source);
  if (known !== undefined) return known;
  const found: Import[] = [];
  parsed.set(source, found);
  const add = (specifier: string | undefined, kind: { typeOnly?: boolean; lazy?: boolean }) =>
    found.push({
      from: source.path,
      specifier,
      file: specifier === undefined ? undefined : resolve(source.path, specifier),
      typeOnly: kind.typeOnly ?? false,
      lazy: kind.lazy ?? false,
    });

  visit(source, {
    ImportDeclaration: (node) => add(node.source.value, { typeOnly: node.importKind === "type" }),
    ExportAllDeclaration: (node) => add(node.source.value, { typeOnly: node.exportKind === "type" }),
    ExportNamedDeclaration: (node) => {
      if (node.source) add(node.source.value, { typeOnly: node.exportKind === "type" });
    },
    TSImportType: (node) => add(node.source.value, { typeOnly: true }),
    ImportExpression: ({ source: named }) =>
      add(named.type === "Literal" && typeof named.value === "string" ? named.value : undefined, {
        lazy: true,
      }),
  });
  return found;
}

function resolve(from: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return internal[specifier];
  return posix.join(posix.dirname(from), specifier).replace(/\.js$/, ".ts");
}
