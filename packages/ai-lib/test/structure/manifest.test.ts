import { readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";

function read(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
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
    // The gateway, which is another package, is found in the same way.
    const own = Object.entries(paths).filter(([name]) => !name.startsWith("ai-lib-gateway/"));
    expect(Object.fromEntries(own)).toEqual(named);
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

describe("the package.json files of the library and the command line", () => {
  const cli = JSON.parse(read("../cli/package.json"));

  it("share the version, on which the command line depends", () => {
    expect(cli.version).toBe(manifest.version);
    expect(cli.dependencies["ai-lib"]).toBe(manifest.version);
  });

  it("name different commands, so that npm can link both", () => {
    expect(Object.keys(cli.bin)).toEqual(["ai-lib"]);
    expect(Object.keys(manifest.bin)).not.toContain("ai-lib");
  });

  it("name commands that are committed and executable: npm links no file that a build writes later", () => {
    const files = [
      ...Object.values<string>(manifest.bin),
      ...Object.values<string>(cli.bin).map((path) => `../cli/${path}`),
    ];
    for (const file of files) {
      expect(file).not.toMatch(/(^|\/)dist\//);
      expect(statSync(new URL(`../../${file}`, import.meta.url)).mode & 0o111, file).toBe(0o111);
    }
  });

  it("leave to the command line what only it needs", () => {
    const own = ["@inquirer/password", "commander", "picocolors", "yaml"];
    expect(Object.keys(manifest.dependencies).filter((name) => own.includes(name))).toEqual([]);
    expect(Object.keys(cli.dependencies)).toEqual(expect.arrayContaining(own));
    expect(manifest.peerDependenciesMeta.yaml).toEqual({ optional: true });
  });
});

/** The folders of compat, each a package of its own. */
const compat = readdirSync(new URL("../../../../compat/", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

describe("a lock file", () => {
  it.each(["", "bench/", "site/", ...compat.map((name) => `compat/${name}/`)])(
    "names no address to install from, so that any registry will do: %spackage-lock.json",
    (folder) => {
      const { packages } = JSON.parse(read(`../../${folder}package-lock.json`));
      const resolved = Object.entries<{ resolved?: string; link?: boolean }>(packages).filter(
        ([, entry]) => entry.resolved !== undefined && entry.link !== true,
      );
      expect(resolved).toEqual([]);
    },
  );
});

describe("a folder of compat", () => {
  it.each(compat)("is private, has tests, and is in the table of compat/README.md: %s", (name) => {
    const { private: own, type, scripts } = JSON.parse(read(`../../compat/${name}/package.json`));
    expect({ own, type, test: typeof scripts?.test }).toEqual({ own: true, type: "module", test: "string" });
    expect(read("../../compat/README.md")).toContain(`| [${name}](${name}) |`);
  });
});
