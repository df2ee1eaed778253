import { builtinModules } from "node:module";
import { type Import, importsOf } from "./imports.js";
import type { Source } from "./source.js";

/** What one room of the house (a folder of `src`) may import besides itself. */
interface Room {
  rooms: readonly string[];
  /** npm packages it may name, at load or lazily. */
  packages?: readonly string[];
  /**
   * Node's own modules: "lazy" means by `import()` alone and "types" by `import type` alone, so that the room also
   * loads in a browser.
   */
  builtins?: "lazy" | "types" | "any";
}

const inner = [
  "core",
  "dialects",
  "wire",
  "serve",
  "providers",
  "strategies",
  "resilience",
  "health",
  "observe",
  "state",
];

/** core <- dialects, wire <- serve, providers <- client; "root" is `src/index.ts`. */
const house: Readonly<Record<string, Room>> = {
  core: { rooms: [] },
  dialects: { rooms: ["core"] },
  wire: {
    rooms: ["core"],
    packages: ["eventsource-parser", "aws4fetch"],
    builtins: "any",
  },
  serve: { rooms: ["core", "dialects", "wire"], builtins: "types" },
  providers: { rooms: ["core", "dialects", "wire"], packages: ["yaml"], builtins: "lazy" },
  strategies: { rooms: ["core"] },
  resilience: { rooms: ["core"] },
  health: { rooms: ["core"] },
  state: { rooms: ["core"] },
  observe: {
    rooms: ["core"],
    packages: ["@opentelemetry/api", "@pydantic/genai-prices"],
    builtins: "lazy",
  },
  client: {
    rooms: ["core", "providers", "strategies", "resilience"],
    packages: ["partial-json", "@cfworker/json-schema", "@valibot/to-json-schema", "file-type"],
    builtins: "lazy",
  },
  testing: { rooms: inner, builtins: "any" },
  root: { rooms: ["core", "providers", "strategies", "resilience", "client"] },
};

/** One sentence per import that goes against the arrows. */
export function wrongArrows(sources: readonly Source[]): string[] {
  return sources.flatMap((source) => {
    const name = roomOf(source.path);
    const room = house[name];
    if (!room) return [`${source.path}: the house has no room "${name}"`];
    return importsOf(source).flatMap((each) => {
      const wrong = objection(each, name, room);
      return wrong ? [`${each.from}: ${wrong}`] : [];
    });
  });
}

/** Packages that a room may import and does not, and rooms that have no file, as `room: package`. */
export function unusedAllowances(sources: readonly Source[]): string[] {
  return Object.entries(house).flatMap(([name, { packages }]) => {
    const own = sources.filter((source) => roomOf(source.path) === name);
    if (own.length === 0) return [`${name}: no file`];
    if (packages === undefined) return [];
    const imported = new Set(
      own.flatMap(importsOf).map(({ specifier }) => specifier && packageOf(specifier)),
    );
    return packages.filter((one) => !imported.has(one)).map((one) => `${name}: ${one}`);
  });
}

function objection(
  { specifier, file, lazy, typeOnly }: Import,
  name: string,
  room: Room,
): string | undefined {
  if (specifier === undefined) return "import() of a computed path";
  if (file !== undefined) {
    if (!file.startsWith("src/")) return `${specifier} leaves src`;
    const other = roomOf(file);
    return other === name || room.rooms.includes(other) ? undefined : `${name} may not import ${other}`;
  }
  if (isBuiltin(specifier)) {
    const { builtins } = room;
    if (builtins === "any" || (builtins === "lazy" && lazy) || (builtins === "types" && typeOnly))
      return undefined;
    const except = { lazy: " except by import()", types: " except by import type" };
    return `${name} may not import ${specifier}${builtins === undefined ? "" : except[builtins]}`;
  }
  const packageName = packageOf(specifier);
  if (packageName === "ai-lib" || specifier.startsWith("#")) return `${specifier}: name the file instead`;
  if (room.packages?.includes(packageName)) return undefined;
  return `${name} may not import the package ${packageName}`;
}

/** One sentence per import of one half of a dialect by the other: what both need stands in the dialect's `shared`. */
export function wrongHalves(sources: readonly Source[]): string[] {
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
function roomOf(path: string): string {
  const [, room = "", ...rest] = path.split("/");
  return rest.length > 0 ? room : room === "index.ts" ? "root" : room;
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
