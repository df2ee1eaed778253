import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

function read(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
}

const manifest = JSON.parse(read("package.json"));

function source(built: string): string {
  return built.replace("./dist/", "./packages/ai-lib/src/").replace(/\.(d\.ts|js)$/, ".ts");
}

describe("package.json", () => {
  it("names for each subpath the file that the type-checker takes for it", () => {
    const { paths } = JSON.parse(read("../../tsconfig.json")).compilerOptions;
    const named: Record<string, string[]> = {};
    for (const [name, target] of Object.entries<{ node: string }>(manifest.imports))
      named[name] = [source(target.node)];
    for (const [subpath, target] of Object.entries<{ types: string } | string>(manifest.exports)) {
      if (typeof target === "object") named[`ai-lib${subpath.slice(1)}`] = [source(target.types)];
    }
    expect(paths).toEqual(named);
  });

  it("gives types and code of each subpath from one source file", () => {
    for (const target of Object.values<{ types: string; default: string } | string>(manifest.exports)) {
      if (typeof target === "object")
        expect(target.types.replace(/(\/index)?\.d\.ts$/, "")).toBe(
          target.default.replace(/(\/index)?\.js$/, ""),
        );
    }
  });
});

it("package-lock.json names no address to install from, so that any registry will do", () => {
  const { packages } = JSON.parse(read("../../package-lock.json"));
  const resolved = Object.entries<{ resolved?: string; link?: boolean }>(packages).filter(
    ([, entry]) => entry.resolved !== undefined && entry.link !== true,
  );
  expect(resolved).toEqual([]);
});
