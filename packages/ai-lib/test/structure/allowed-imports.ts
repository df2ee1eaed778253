import { builtinModules } from "node:module";
import { type Import, importsOf } from "./imports.js";
import type { Source } from "./source.js";

/** What the files of one folder of `src` may import besides the folder itself. */
interface Allowed {
  folders: readonly string[];
  /** npm packages it may name, at load or lazily. */
  packages?: readonly string[];
  /**
   * Node's own modules: "lazy" means by `import()` alone and "types" by `import type` alone, so that the folder
   * also loads in a browser.
   */
  builtins?: "lazy" | "types" | "any";
}

const inner = [
  "core",
  "dialects",
  "apis",
  "wire",
  "serve",
  "providers",
  "strategies",
  "resilience",
  "health",
  "observe",
  "state",
];

/** core <- dialects <- apis, wire <- serve, providers <- client; "root" is `src/index.ts`. */
const ALLOWED: Readonly<Record<string, Allowed>> = {
  core: { folders: [] },
  dialects: { folders: ["core"] },
  wire: {
    folders: ["core"],
    packages: ["eventsource-parser", "aws4fetch"],
    builtins: "any",
  },
  apis: { folders: ["core", "dialects"] },
  serve: { folders: ["core", "dialects", "apis", "wire"], builtins: "types" },
  providers: {
    folders: ["core", "dialects", "apis", "wire"],
    packages: ["yaml", "@aws-sdk/credential-providers"],
    builtins: "lazy",
  },
  strategies: { folders: ["core"] },
  kit: { folders: ["core", "strategies"] },
  resilience: { folders: ["core"] },
  health: { folders: ["core"] },
  state: { folders: ["core"] },
  jobs: { folders: ["core"] },
  webhooks: { folders: ["core", "serve", "providers"], builtins: "types" },
  batches: { folders: ["core"], builtins: "any" },
  conversation: { folders: ["core"] },
  observe: {
    folders: ["core"],
    packages: ["@opentelemetry/api", "@pydantic/genai-prices"],
    builtins: "lazy",
  },
  client: {
    folders: ["core", "providers", "strategies", "resilience", "batches"],
    packages: ["@cfworker/json-schema", "@valibot/to-json-schema", "zod"],
    builtins: "lazy",
  },
  browser: { folders: ["core"] },
  interop: {
    folders: ["core", "dialects", "serve", "providers", "strategies", "state", "client"],
    packages: ["@langchain/core", "node-llama-cpp"],
    builtins: "any",
  },
  testing: { folders: inner, builtins: "any" },
  root: { folders: ["core", "providers", "strategies", "resilience", "client"] },
};

/** One sentence for each import that is not allowed. */
export function forbiddenImports(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const name = folderOf(source.path);
    const allowed = ALLOWED[name];
    if (!allowed) return [`${source.path}: src has no folder "${name}"`];
    return importsOf(source).flatMap((each) => {
      const wrong = reasonToForbid(each, name, allowed);
      return wrong ? [`${each.from}: ${wrong}`] : [];
    });
  });
}

/** Packages that a folder may import and does not, and folders that have no file, as `folder: package`. */
export function unusedAllowances(sources: readonly Source[]): string[] {
  return Object.entries(ALLOWED).flatMap(([name, { packages }]) => {
    const own = sources.filter((source) => folderOf(source.path) === name);
    if (own.length === 0) return [`${name}: no file`];
    if (packages === undefined) return [];
    const imported = new Set(
      own.flatMap(importsOf).map(({ specifier }) => specifier && packageOf(specifier)),
    );
    return packages.filter((one) => !imported.has(one)).map((one) => `${name}: ${one}`);
  });
}

function reasonToForbid(
  { specifier, file, lazy, typeOnly }: Import,
  name: string,
  allowed: Allowed,
): string | undefined {
  if (specifier === undefined) return "import() of a computed path";
  if (file !== undefined) {
    if (!file.startsWith("src/")) return `${specifier} leaves src`;
    const other = folderOf(file);
    return other === name || allowed.folders.includes(other) ? undefined : `${name} may not import ${other}`;
  }
  if (isBuiltin(specifier)) {
    const { builtins } = allowed;
    if (builtins === "any" || (builtins === "lazy" && lazy) || (builtins === "types" && typeOnly))
      return undefined;
    const except = { lazy: " except by import()", types: " except by import type" };
    return `${name} may not import ${specifier}${builtins === undefined ? "" : except[builtins]}`;
  }
  const packageName = packageOf(specifier);
  if (packageName === "ai-lib" || specifier.startsWith("#")) return `${specifier}: name the file instead`;
  if (allowed.packages?.includes(packageName)) return undefined;
  return `${name} may not import the package ${packageName}`;
}

/** One sentence for each import of one half of a dialect by another half: what both need belongs in `shared`. */
export function importsBetweenHalves(sources: readonly Source[]): string[] {
  const half = /^src\/dialects\/([^/]+)\/(client|server)\//;
  return sources.flatMap((source) => {
    const [, dialect, side] = half.exec(source.path) ?? [];
    if (dialect === undefined) return [];
    return importsOf(source).flatMap(({ file }) => {
      const [, other, otherSide] = half.exec(file ?? "") ?? [];
      if (other === undefined || (other === dialect && otherSide === side)) return [];
      return [
        `${source.path}: the ${side} half of ${dialect} may not import the ${otherSide} half of ${other}`,
      ];
    });
  });
}

/** "core" for `src/core/error.ts`, "root" for `src/index.ts`. */
function folderOf(path: string): string {
  const [, folder = "", ...rest] = path.split("/");
  return rest.length > 0 ? folder : folder === "index.ts" ? "root" : folder;
}

export function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}

/** The package of a specifier: `@inquirer/password` for itself, `ai-lib` for `ai-lib/testing`. */
export function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
